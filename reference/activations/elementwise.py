"""Element-wise activation functions and their derivatives.

They take an array `z` of any shape and return one of the same shape and dtype (integers become
float64). Nothing here overflows: every function is finite, and right to the last digits, at
z = +-800 and in float32.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import Array, as_choice, as_float_array, as_number


def identity(z: ArrayLike) -> Array:
    """Return `z` itself: the output unit of linear regression.

    Parameters
    ----------
    z : array_like, any shape

    Returns
    -------
    ndarray
        A copy, so that changing it leaves `z` alone.

    Raises
    ------
    ValueError
        If `z` is not finite.
    """
    return as_float_array("z", z).copy()


def identity_derivative(z: ArrayLike) -> Array:
    """Return the derivative of `identity`: 1 everywhere.

    Raises
    ------
    ValueError
        If `z` is not finite.
    """
    return np.ones_like(as_float_array("z", z))


def relu(z: ArrayLike) -> Array:
    """Return the rectified linear unit, max(0, z), element by element.

    Parameters
    ----------
    z : array_like, any shape

    Returns
    -------
    ndarray
        Same shape as `z`.

    Raises
    ------
    ValueError
        If `z` is not finite.

    References
    ----------
    Nair and Hinton (2010), "Rectified linear units improve restricted Boltzmann machines".
    """
    return np.maximum(as_float_array("z", z), 0)


def relu_derivative(z: ArrayLike, at_zero: float = 0.0) -> Array:
    """Return the derivative of `relu`: 1 where z > 0, 0 where z < 0.

    Parameters
    ----------
    z : array_like, any shape
    at_zero : float, default 0
        The value at exactly z = 0, where ReLU has no derivative but any number in [0, 1] is a
        subgradient. Textbooks and libraries differ: 0 (the course's lecture on training,
        `torch.relu`, `jax.nn.relu`), 1 (the course's lectures on activations, `torch.clamp`),
        1/2 (`torch.maximum`, `jax.numpy.maximum`).

    Returns
    -------
    ndarray
        Same shape as `z`.

    Raises
    ------
    ValueError
        If `z` is not finite or `at_zero` is outside [0, 1].
    """
    z = as_float_array("z", z)
    at_zero = as_number("at_zero", at_zero, least=0.0)
    if at_zero > 1:
        raise ValueError(f"at_zero must be a subgradient of ReLU, in [0, 1], got {at_zero:g}")
    return np.heaviside(z, np.asarray(at_zero, dtype=z.dtype))


def sigmoid(z: ArrayLike) -> Array:
    """Return the logistic function 1 / (1 + exp(-z)), element by element.

    Parameters
    ----------
    z : array_like, any shape

    Returns
    -------
    ndarray
        Same shape as `z`, entries in [0, 1].

    Raises
    ------
    ValueError
        If `z` is not finite.

    Notes
    -----
    ``exp(-z)`` overflows below z = -709 in float64 (-88 in float32). ``exp(-abs(z))`` never does,
    and 1 / (1 + exp(-z)) = exp(z) / (1 + exp(z)) lets one write both halves with it.
    """
    z = as_float_array("z", z)
    decay = np.exp(-np.abs(z))
    probability: Array = np.where(z >= 0, 1, decay) / (1 + decay)
    return probability


def sigmoid_derivative(z: ArrayLike) -> Array:
    """Return the derivative of `sigmoid`, sigmoid(z) * (1 - sigmoid(z)).

    Parameters
    ----------
    z : array_like, any shape
        The argument of the sigmoid, not its value.

    Returns
    -------
    ndarray
        Same shape as `z`, entries in [0, 1/4].

    Raises
    ------
    ValueError
        If `z` is not finite.

    Notes
    -----
    Since 1 - sigmoid(z) = sigmoid(-z), the product needs no subtraction, which for large z would
    cancel every digit.
    """
    z = as_float_array("z", z)
    return sigmoid(z) * sigmoid(-z)


def tanh(z: ArrayLike) -> Array:
    """Return the hyperbolic tangent, 2 sigmoid(2 z) - 1, element by element.

    Parameters
    ----------
    z : array_like, any shape

    Returns
    -------
    ndarray
        Same shape as `z`, entries in [-1, 1].

    Raises
    ------
    ValueError
        If `z` is not finite.
    """
    return np.tanh(as_float_array("z", z))


def tanh_derivative(z: ArrayLike) -> Array:
    """Return the derivative of `tanh`, 1 / cosh(z)^2 = 1 - tanh(z)^2.

    Parameters
    ----------
    z : array_like, any shape
        The argument of tanh, not its value.

    Returns
    -------
    ndarray
        Same shape as `z`, entries in [0, 1].

    Raises
    ------
    ValueError
        If `z` is not finite.

    Notes
    -----
    cosh overflows beyond 710 and 1 - tanh^2 cancels beyond 19; tanh'(z) = 4 sigmoid'(2 z) does
    neither.
    """
    return 4 * sigmoid_derivative(2 * as_float_array("z", z))


@dataclass(frozen=True, slots=True)
class Activation:
    """An element-wise activation together with its derivative, both functions of `z`."""

    name: str
    function: Callable[[Array], Array]
    derivative: Callable[[Array], Array]


ACTIVATIONS = {
    activation.name: activation
    for activation in (
        Activation("identity", identity, identity_derivative),
        Activation("relu", relu, relu_derivative),
        Activation("sigmoid", sigmoid, sigmoid_derivative),
        Activation("tanh", tanh, tanh_derivative),
    )
}


def activation_named(argument: str, name: str) -> Activation:
    """Return the activation of that name; a ValueError about `argument` if there is none."""
    return ACTIVATIONS[as_choice(argument, name, ACTIVATIONS)]
