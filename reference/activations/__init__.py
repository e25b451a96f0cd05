"""Activation functions with their derivatives, softmax, and thresholds that no gradient trains."""

from reference.activations.elementwise import (
    ACTIVATIONS,
    Activation,
    identity,
    identity_derivative,
    relu,
    relu_derivative,
    sigmoid,
    sigmoid_derivative,
    tanh,
    tanh_derivative,
)
from reference.activations.probabilities import (
    log_softmax,
    log_softmax_derivative,
    softmax,
    softmax_derivative,
)
from reference.activations.thresholds import (
    hard_threshold,
    hard_threshold_derivative,
    sign,
    sign_derivative,
)

__all__ = [
    "ACTIVATIONS",
    "Activation",
    "hard_threshold",
    "hard_threshold_derivative",
    "identity",
    "identity_derivative",
    "log_softmax",
    "log_softmax_derivative",
    "relu",
    "relu_derivative",
    "sigmoid",
    "sigmoid_derivative",
    "sign",
    "sign_derivative",
    "softmax",
    "softmax_derivative",
    "tanh",
    "tanh_derivative",
]
