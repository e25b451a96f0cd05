"""Layers as pairs of functions: forward returns (out, cache), backward takes (grad_out, cache).

Conventions
-----------
- One sample a row: a batch is (N, D).
- ``grad_out`` is the gradient of some scalar loss with respect to the layer's output, of the
  output's shape; backward returns the gradients with respect to the layer's inputs, each of its
  input's shape. Nothing is averaged here: 1/N belongs to the loss.
- A cache is what backward needs of the forward pass, a named tuple. It holds the arrays
  themselves, not copies: changing an input in place between the two passes changes the gradient.

Dropout and batch normalisation, which differ in training and in prediction, have modules of their
own.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from reference.activations.elementwise import Activation, activation_named, relu, relu_derivative
from reference.arrays import Array, as_float_array


class AffineCache(NamedTuple):
    """What `affine_backward` needs: the input (N, D) and the weights (D, M)."""

    X: Array
    W: Array


class ActivationCache(NamedTuple):
    """What `activation_backward` needs: the argument, any shape, and the activation."""

    Z: Array
    activation: Activation


class ReluCache(NamedTuple):
    """What `relu_backward` needs: the argument of the ReLU, any shape."""

    Z: Array


def affine_forward(X: ArrayLike, W: ArrayLike, b: ArrayLike) -> tuple[Array, AffineCache]:
    """Return X W + b and the cache for `affine_backward`.

    Parameters
    ----------
    X : array_like, shape (N, D)
        A batch, one sample a row.
    W : array_like, shape (D, M)
        Weights from D inputs to M outputs.
    b : array_like, shape (M,)
        Biases, added to every row.

    Returns
    -------
    out : ndarray, shape (N, M)
    cache : AffineCache

    Raises
    ------
    ValueError
        If a shape does not fit, the batch is empty or a number is not finite.
    """
    X = as_float_array("X", X, shape=("N", "D"))
    W = as_float_array("W", W, shape=(X.shape[1], "M"))
    b = as_float_array("b", b, shape=(W.shape[1],))
    return X @ W + b, AffineCache(X, W)


def affine_backward(grad_out: ArrayLike, cache: AffineCache) -> tuple[Array, Array, Array]:
    """Return the gradients of the loss with respect to X, W and b.

    Parameters
    ----------
    grad_out : array_like, shape (N, M)
        Gradient of the loss with respect to the layer's output.
    cache : AffineCache
        From `affine_forward`.

    Returns
    -------
    grad_X : ndarray, shape (N, D)
        grad_out W^T: every input reaches every output, weighted by W.
    grad_W : ndarray, shape (D, M)
        X^T grad_out, the sum over the batch of the outer products x_n grad_out_n^T.
    grad_b : ndarray, shape (M,)
        The sum of grad_out over the batch: each bias is used once in every row.

    Raises
    ------
    ValueError
        If `grad_out` has not the shape of the output or is not finite.

    References
    ----------
    Rumelhart, Hinton and Williams (1986), "Learning representations by back-propagating errors".
    """
    X, W = cache
    grad_out = as_float_array("grad_out", grad_out, shape=(X.shape[0], W.shape[1]))
    return grad_out @ W.T, X.T @ grad_out, grad_out.sum(axis=0)


def activation_forward(Z: ArrayLike, activation: str) -> tuple[Array, ActivationCache]:
    """Return an activation of Z, element by element, and the cache for `activation_backward`.

    Parameters
    ----------
    Z : array_like, any shape
    activation : str
        Its name: a key of `ACTIVATIONS`.

    Returns
    -------
    out : ndarray
        Same shape as `Z`.
    cache : ActivationCache

    Raises
    ------
    ValueError
        If `Z` is not finite or the activation is unknown.
    """
    Z = as_float_array("Z", Z)
    cache = ActivationCache(Z, activation_named("activation", activation))
    return cache.activation.function(Z), cache


def activation_backward(grad_out: ArrayLike, cache: ActivationCache) -> Array:
    """Return the gradient of the loss with respect to the argument of the activation.

    Parameters
    ----------
    grad_out : array_like, shape of Z
        Gradient of the loss with respect to the layer's output.
    cache : ActivationCache
        From `activation_forward`.

    Returns
    -------
    grad_Z : ndarray, shape of Z
        grad_out * activation'(Z): entry by entry, since the Jacobian is diagonal.

    Raises
    ------
    ValueError
        If `grad_out` has not the shape of `Z` or is not finite.
    """
    Z, activation = cache
    grad_out = as_float_array("grad_out", grad_out, shape=Z.shape)
    return np.multiply(grad_out, activation.derivative(Z))


def relu_forward(Z: ArrayLike) -> tuple[Array, ReluCache]:
    """Return max(0, Z), element by element, and the cache for `relu_backward`.

    Parameters
    ----------
    Z : array_like, any shape

    Returns
    -------
    out : ndarray
        Same shape as `Z`.
    cache : ReluCache

    Raises
    ------
    ValueError
        If `Z` is not finite.
    """
    Z = as_float_array("Z", Z)
    return relu(Z), ReluCache(Z)


def relu_backward(grad_out: ArrayLike, cache: ReluCache, at_zero: float = 0.0) -> Array:
    """Return the gradient of the loss with respect to the argument of the ReLU.

    Parameters
    ----------
    grad_out : array_like, shape of Z
        Gradient of the loss with respect to the layer's output.
    cache : ReluCache
        From `relu_forward`.
    at_zero : float, default 0
        Subgradient taken where Z is exactly 0, in [0, 1]; see `relu_derivative`.

    Returns
    -------
    grad_Z : ndarray, shape of Z
        grad_out where Z > 0, 0 where Z < 0.

    Raises
    ------
    ValueError
        If `grad_out` has not the shape of `Z` or is not finite, or `at_zero` is outside [0, 1].
    """
    (Z,) = cache
    grad_out = as_float_array("grad_out", grad_out, shape=Z.shape)
    return np.multiply(grad_out, relu_derivative(Z, at_zero))
