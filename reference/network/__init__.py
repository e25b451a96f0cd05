"""The multi-layer perceptron: its sizes and first weights, backpropagation, training."""

from reference.network.fast_training import FlatAdam, FlatNetwork, train_fast
from reference.network.initialisation import initial_weights, weight_deviation
from reference.network.mlp import MLP, Gradients, Trace
from reference.network.sizes import count_parameters, count_weights
from reference.network.training import Training, train

__all__ = [
    "MLP",
    "FlatAdam",
    "FlatNetwork",
    "Gradients",
    "Trace",
    "Training",
    "count_parameters",
    "count_weights",
    "initial_weights",
    "train",
    "train_fast",
    "weight_deviation",
]
