"""Softmax, its logarithm, and the Jacobians of both: right to the last digit at any logits."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reference.arrays import Array, as_float_array


def softmax(logits: ArrayLike, axis: int = -1) -> Array:
    """Return exp(logits) divided by its sum along `axis`: probabilities.

    Parameters
    ----------
    logits : array_like, at least 1-d
        (N, K) for N samples and K classes.
    axis : int, default -1
        The axis of the classes.

    Returns
    -------
    ndarray
        Same shape as `logits`; non-negative, sums to 1 along `axis`.

    Raises
    ------
    ValueError
        If `logits` is not finite, is a single number, or has no class.

    Notes
    -----
    Adding one number to all logits of a sample changes nothing, so the largest is made 0 first:
    every exponential is then at most 1.

    References
    ----------
    Bridle (1990), "Probabilistic interpretation of feedforward classification network outputs";
    Goodfellow, Bengio and Courville (2016), "Deep Learning", eq. 6.29 and 6.33.
    """
    exponentials = np.exp(_relative_to_largest(logits, axis)[0])
    p: Array = exponentials / exponentials.sum(axis=axis, keepdims=True)
    return p


def softmax_derivative(logits: ArrayLike) -> Array:
    """Return the Jacobian of `softmax` over the last axis: J[k, j] = p_k (delta_kj - p_j).

    Parameters
    ----------
    logits : array_like, shape (..., K)

    Returns
    -------
    ndarray, shape (..., K, K)
        ``J[..., k, j]`` is d p_k / d logits_j (numerator layout; it is symmetric, so the other
        layout is the same).

    Raises
    ------
    ValueError
        If `logits` is not finite, is a single number, or has no class.
    """
    return softmax(logits)[..., np.newaxis] * log_softmax_derivative(logits)


def log_softmax(logits: ArrayLike, axis: int = -1) -> Array:
    """Return the logarithm of `softmax`: logits - log(sum(exp(logits))).

    Parameters
    ----------
    logits : array_like, at least 1-d
        (N, K) for N samples and K classes.
    axis : int, default -1
        The axis of the classes.

    Returns
    -------
    ndarray
        Same shape as `logits`, entries <= 0.

    Raises
    ------
    ValueError
        If `logits` is not finite, is a single number, or has no class.

    Notes
    -----
    Finite where ``log(softmax(logits))`` is not: the probability of a hopeless class underflows to
    0, its logarithm is an ordinary number. And not 0 where the probability of a sure class rounds
    to 1: the largest exponential is exactly 1, so the logarithm of the sum is log1p of the others.
    """
    shifted, largest = _relative_to_largest(logits, axis)
    others = np.exp(shifted)
    np.put_along_axis(others, largest, 0, axis)
    log_p: Array = shifted - np.log1p(others.sum(axis=axis, keepdims=True))
    return log_p


def log_softmax_derivative(logits: ArrayLike) -> Array:
    """Return the Jacobian of `log_softmax` over the last axis: J[k, j] = delta_kj - p_j.

    Parameters
    ----------
    logits : array_like, shape (..., K)

    Returns
    -------
    ndarray, shape (..., K, K)
        ``J[..., k, j]`` is d log p_k / d logits_j (numerator layout: row k for output k).

    Raises
    ------
    ValueError
        If `logits` is not finite, is a single number, or has no class.
    """
    p = softmax(logits)
    jacobian = np.repeat(-p[..., np.newaxis, :], p.shape[-1], axis=-2)
    # 1 - p_k is the sum of the other probabilities, which keeps its digits where p_k is close to 1
    diagonal = np.arange(p.shape[-1])
    jacobian[..., diagonal, diagonal] = 0
    jacobian[..., diagonal, diagonal] = -jacobian.sum(axis=-1)
    return jacobian


def _relative_to_largest(logits: ArrayLike, axis: int) -> tuple[Array, NDArray[np.intp]]:
    """Return the logits minus the largest of each sample, and where along `axis` that one is."""
    logits = as_float_array("logits", logits)
    if logits.ndim == 0 or logits.size == 0:
        raise ValueError(f"logits must have samples and classes, got shape {logits.shape}")
    largest = logits.argmax(axis=axis, keepdims=True)
    return logits - np.take_along_axis(logits, largest, axis), largest
