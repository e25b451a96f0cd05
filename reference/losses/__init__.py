"""Loss functions: each returns the loss and its gradient with respect to its first argument."""

from reference.losses.cross_entropy import (
    binary_cross_entropy,
    categorical_cross_entropy,
    sigmoid_cross_entropy,
    softmax_cross_entropy,
)
from reference.losses.hinge import binary_hinge, crammer_singer_hinge, weston_watkins_hinge
from reference.losses.output_units import OutputUnit, output_unit
from reference.losses.regression import absolute_error, gaussian_nll, signed_error, squared_error

__all__ = [
    "OutputUnit",
    "absolute_error",
    "binary_cross_entropy",
    "binary_hinge",
    "categorical_cross_entropy",
    "crammer_singer_hinge",
    "gaussian_nll",
    "output_unit",
    "sigmoid_cross_entropy",
    "signed_error",
    "softmax_cross_entropy",
    "squared_error",
    "weston_watkins_hinge",
]
