"""The mathematics behind the assignments, numpy only: right, and clear enough to learn from."""

from reference import numdiff
from reference.activations import (
    ACTIVATIONS,
    Activation,
    identity,
    identity_derivative,
    log_softmax,
    log_softmax_derivative,
    relu,
    relu_derivative,
    sigmoid,
    sigmoid_derivative,
    softmax,
    softmax_derivative,
    tanh,
    tanh_derivative,
)
from reference.layers import (
    AffineCache,
    ReluCache,
    affine_backward,
    affine_forward,
    relu_backward,
    relu_forward,
)
from reference.losses import softmax_cross_entropy, squared_error
from reference.network import MLP, Gradients, Trace
from reference.svm import (
    svm_best_bias,
    svm_dual_objective,
    svm_duality_gap,
    svm_kkt_violation,
    svm_primal_objective,
)

__all__ = [
    "ACTIVATIONS",
    "MLP",
    "Activation",
    "AffineCache",
    "Gradients",
    "ReluCache",
    "Trace",
    "affine_backward",
    "affine_forward",
    "identity",
    "identity_derivative",
    "log_softmax",
    "log_softmax_derivative",
    "numdiff",
    "relu",
    "relu_backward",
    "relu_derivative",
    "relu_forward",
    "sigmoid",
    "sigmoid_derivative",
    "softmax",
    "softmax_cross_entropy",
    "softmax_derivative",
    "squared_error",
    "svm_best_bias",
    "svm_dual_objective",
    "svm_duality_gap",
    "svm_kkt_violation",
    "svm_primal_objective",
    "tanh",
    "tanh_derivative",
]
