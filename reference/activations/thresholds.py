"""Hard thresholds: the neurons of McCulloch, Pitts and Rosenblatt, which no gradient can train.

They jump at z = 0 and are flat everywhere else: no small change of a weight changes what they
return. So they are not in `ACTIVATIONS`, and a network of them is designed by hand or trained by
the perceptron rule; the sigmoid is the threshold made smooth.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import Array, as_float_array, as_number


def hard_threshold(z: ArrayLike) -> Array:
    """Return 1 where z >= 0 and 0 where z < 0, element by element.

    Parameters
    ----------
    z : array_like, any shape

    Returns
    -------
    ndarray
        Same shape as `z`; floats.

    Raises
    ------
    ValueError
        If `z` is not finite.

    References
    ----------
    McCulloch and Pitts (1943), "A logical calculus of the ideas immanent in nervous activity".
    """
    z = as_float_array("z", z)
    return (z >= 0).astype(z.dtype)


def hard_threshold_derivative(z: ArrayLike, at_zero: float | None = None) -> Array:
    """Return the derivative of `hard_threshold`: 0 wherever there is one.

    Parameters
    ----------
    z : array_like, any shape
    at_zero : float, optional
        What to return at exactly z = 0. The function jumps there, so it has neither a derivative
        nor a subgradient, and nothing is assumed. The course's lecture on activations writes 0
        for z >= 0, which is ``at_zero=0``.

    Returns
    -------
    ndarray
        Same shape as `z`.

    Raises
    ------
    ValueError
        If `z` is not finite, or holds a 0 and `at_zero` is not given.
    """
    return _flat("hard_threshold", z, at_zero)


def sign(z: ArrayLike) -> Array:
    """Return +1 where z >= 0 and -1 where z < 0, element by element.

    Parameters
    ----------
    z : array_like, any shape

    Returns
    -------
    ndarray
        Same shape as `z`. Unlike `numpy.sign`, never 0: sign(0) = +1, as in the course's lectures
        on the perceptron, so that a point on the boundary has a class.

    Raises
    ------
    ValueError
        If `z` is not finite.

    References
    ----------
    Rosenblatt (1958), "The perceptron: a probabilistic model for information storage and
    organization in the brain".
    """
    return 2 * hard_threshold(z) - 1


def sign_derivative(z: ArrayLike, at_zero: float | None = None) -> Array:
    """Return the derivative of `sign`: 0 wherever there is one.

    Parameters and errors are those of `hard_threshold_derivative`.

    Returns
    -------
    ndarray
        Same shape as `z`.
    """
    return _flat("sign", z, at_zero)


def _flat(function: str, z: ArrayLike, at_zero: float | None) -> Array:
    z = as_float_array("z", z)
    derivative = np.zeros_like(z)
    is_jump = z == 0
    if at_zero is not None:
        derivative[is_jump] = as_number("at_zero", at_zero)
    elif is_jump.any():
        raise ValueError(
            f"z must not be 0, where {function} jumps and has no derivative, unless at_zero says "
            f"what to return there; got {np.count_nonzero(is_jump)} zeros of {z.size} entries"
        )
    return derivative
