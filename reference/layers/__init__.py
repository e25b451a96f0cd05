"""Layers as pairs of functions, forward and backward: affine, activation, dropout, batch norm."""

from reference.layers.batch_norm import (
    BatchNormCache,
    RunningMoments,
    batch_norm_backward,
    batch_norm_forward,
    batch_norm_predict,
    update_running_moments,
)
from reference.layers.dense import (
    ActivationCache,
    AffineCache,
    ReluCache,
    activation_backward,
    activation_forward,
    affine_backward,
    affine_forward,
    relu_backward,
    relu_forward,
)
from reference.layers.dropout import (
    DropoutCache,
    MonteCarloPrediction,
    draw_dropout_mask,
    dropout_backward,
    dropout_forward,
    dropout_predict,
    monte_carlo_predict,
)

__all__ = [
    "ActivationCache",
    "AffineCache",
    "BatchNormCache",
    "DropoutCache",
    "MonteCarloPrediction",
    "ReluCache",
    "RunningMoments",
    "activation_backward",
    "activation_forward",
    "affine_backward",
    "affine_forward",
    "batch_norm_backward",
    "batch_norm_forward",
    "batch_norm_predict",
    "draw_dropout_mask",
    "dropout_backward",
    "dropout_forward",
    "dropout_predict",
    "monte_carlo_predict",
    "relu_backward",
    "relu_forward",
    "update_running_moments",
]
