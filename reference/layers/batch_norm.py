"""Batch normalisation: every feature with mean 0 and variance 1 over the batch, then scaled anew.

In training a feature is normalised by the mean and the variance of its batch, so that the output of
a sample depends on the others, and so does its gradient. In prediction, running estimates of both
stand in, and a sample is on its own again.

References
----------
Ioffe and Szegedy (2015), "Batch normalization: accelerating deep network training by reducing
internal covariate shift", algorithms 1 and 2, and the gradients of section 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import Array, as_float_array, as_number


class BatchNormCache(NamedTuple):
    """What `batch_norm_backward` needs.

    The normalised batch (N, D), the standard deviations it was divided by (D,) and gamma (D,).
    """

    X_hat: Array
    deviation: Array
    gamma: Array


@dataclass(frozen=True, slots=True)
class RunningMoments:
    """Estimates of the mean and the variance of every feature, for prediction.

    Attributes
    ----------
    mean, variance : ndarray, shape (D,)
    """

    mean: Array
    variance: Array


def batch_norm_forward(
    X: ArrayLike, gamma: ArrayLike, beta: ArrayLike, *, eps: float = 1e-5
) -> tuple[Array, BatchNormCache]:
    """Return gamma (X - mean) / sqrt(variance + eps) + beta, with the moments of this batch.

    Parameters
    ----------
    X : array_like, shape (N, D)
        Two samples at least: one alone would be normalised to 0.
    gamma, beta : array_like, shape (D,)
        Standard deviation and mean that the features get; learned.
    eps : float, default 1e-5
        Added to the variance, inside the root, so that a constant feature becomes beta; > 0.

    Returns
    -------
    out : ndarray, shape (N, D)
    cache : BatchNormCache

    Raises
    ------
    ValueError
        If a shape does not fit, there are fewer than two samples, a number is not finite or `eps`
        is not positive.

    Notes
    -----
    The variance is the biased one, the mean of the squared deviations (divisor N).
    """
    X = _as_training_batch(X)
    gamma = as_float_array("gamma", gamma, shape=X.shape[1:])
    beta = as_float_array("beta", beta, shape=X.shape[1:])
    eps = as_number("eps", eps, above=0.0)
    centred = X - X.mean(axis=0)
    deviation = np.sqrt((centred**2).mean(axis=0) + eps)
    X_hat = centred / deviation
    return gamma * X_hat + beta, BatchNormCache(X_hat, deviation, gamma)


def batch_norm_backward(grad_out: ArrayLike, cache: BatchNormCache) -> tuple[Array, Array, Array]:
    """Return the gradients of the loss with respect to X, gamma and beta.

    Parameters
    ----------
    grad_out : array_like, shape (N, D)
        Gradient of the loss with respect to the layer's output.
    cache : BatchNormCache
        From `batch_norm_forward`.

    Returns
    -------
    grad_X : ndarray, shape (N, D)
        gamma / deviation * (grad_out - its mean - X_hat * mean(grad_out * X_hat)): what would move
        the mean or the spread of a feature is taken out, since normalising would undo it.
    grad_gamma : ndarray, shape (D,)
        The sum over the batch of grad_out * X_hat.
    grad_beta : ndarray, shape (D,)
        The sum over the batch of grad_out.

    Raises
    ------
    ValueError
        If `grad_out` has not the shape of the output or is not finite.
    """
    X_hat, deviation, gamma = cache
    grad_out = as_float_array("grad_out", grad_out, shape=X_hat.shape)
    grad_gamma = (grad_out * X_hat).sum(axis=0)
    grad_beta = grad_out.sum(axis=0)
    n_samples = X_hat.shape[0]
    grad_X = gamma / deviation * (grad_out - (grad_beta + X_hat * grad_gamma) / n_samples)
    return grad_X, grad_gamma, grad_beta


def update_running_moments(
    moments: RunningMoments | None, X: ArrayLike, *, momentum: float = 0.9
) -> RunningMoments:
    """Return the running moments after one more batch.

    new = momentum * old + (1 - momentum) * those of the batch.

    Parameters
    ----------
    moments : RunningMoments or None
        Those so far; None before the first batch, whose moments are then taken as they are.
    X : array_like, shape (N, D)
        The batch that `batch_norm_forward` got, two samples at least.
    momentum : float, default 0.9
        Weight of the old estimate, in [0, 1). (PyTorch calls 1 minus this momentum.)

    Returns
    -------
    RunningMoments
        The variance is the unbiased one (divisor N - 1): it stands for all samples, not the batch.

    Raises
    ------
    ValueError
        If a shape does not fit, there are fewer than two samples, a number is not finite or
        `momentum` is outside [0, 1).
    """
    X = _as_training_batch(X)
    momentum = as_number("momentum", momentum, least=0.0, below=1.0)
    of_batch = RunningMoments(X.mean(axis=0), X.var(axis=0, ddof=1))
    if moments is None:
        return of_batch
    mean, variance = _as_moments(moments, X.shape[1])
    return RunningMoments(
        momentum * mean + (1 - momentum) * of_batch.mean,
        momentum * variance + (1 - momentum) * of_batch.variance,
    )


def batch_norm_predict(
    X: ArrayLike,
    gamma: ArrayLike,
    beta: ArrayLike,
    moments: RunningMoments,
    *,
    eps: float = 1e-5,
) -> Array:
    """Return what batch normalisation makes of X in prediction, with the running moments.

    Parameters
    ----------
    X : array_like, shape (N, D)
        One sample is enough.
    gamma, beta, eps
        As in `batch_norm_forward`.
    moments : RunningMoments
        From `update_running_moments`.

    Returns
    -------
    ndarray, shape (N, D)
        A fixed affine map of each feature.

    Raises
    ------
    ValueError
        If a shape does not fit, the batch is empty, a number is not finite, a variance is negative
        or `eps` is not positive.
    """
    X = as_float_array("X", X, shape=("N", "D"))
    gamma = as_float_array("gamma", gamma, shape=X.shape[1:])
    beta = as_float_array("beta", beta, shape=X.shape[1:])
    eps = as_number("eps", eps, above=0.0)
    mean, variance = _as_moments(moments, X.shape[1])
    out: Array = gamma * (X - mean) / np.sqrt(variance + eps) + beta
    return out


def _as_training_batch(X: ArrayLike) -> Array:
    X = as_float_array("X", X, shape=("N", "D"))
    if X.shape[0] < 2:
        raise ValueError(f"X must have two samples or more in training, got shape {X.shape}")
    return X


def _as_moments(moments: RunningMoments, n_features: int) -> tuple[Array, Array]:
    mean = as_float_array("moments.mean", moments.mean, shape=(n_features,))
    variance = as_float_array("moments.variance", moments.variance, shape=(n_features,))
    if (variance < 0).any():
        raise ValueError(f"moments.variance must be at least 0, got {variance.min():g}")
    return mean, variance
