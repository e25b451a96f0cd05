"""Losses of regression: how wrong a number is, and how that changes with the prediction.

Every loss returns the loss and its gradient with respect to the first argument, which has the shape
and the dtype of that argument. Those of classification are in `reference.losses.cross_entropy` and
`reference.losses.hinge`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import Array, as_number
from reference.losses.batches import Reduction, as_batch, as_targets_of, weight_of_sample
from reference.losses.cross_entropy import softmax_cross_entropy as softmax_cross_entropy


def signed_error(
    prediction: ArrayLike, target: ArrayLike, *, reduction: Reduction = "mean"
) -> tuple[float, Array]:
    """Return the sum of prediction - target, and its gradient: why it is no loss.

    Errors of opposite sign cancel, so 0 does not mean that anything is right; and there is no least
    value: the gradient is 1 everywhere, so descent lowers every prediction for ever.

    Parameters
    ----------
    prediction : array_like, shape (N,) or (N, K)
    target : array_like, shape of the prediction
    reduction : {"mean", "sum"}, default "mean"
        Over the samples, as in `squared_error`.

    Returns
    -------
    loss : float
        Of either sign.
    grad_prediction : ndarray, shape of the prediction

    Raises
    ------
    ValueError
        If the shapes differ, the batch is empty, a number is not finite or `reduction` is unknown.
    """
    prediction = as_batch("prediction", prediction)
    error = prediction - as_targets_of(prediction, "target", target)
    weight = weight_of_sample(reduction, len(error))
    return float(weight * error.sum()), np.full_like(error, weight)


def absolute_error(
    prediction: ArrayLike,
    target: ArrayLike,
    *,
    at_zero: float = 0.0,
    reduction: Reduction = "mean",
) -> tuple[float, Array]:
    """Return the sum of |prediction - target|, and a subgradient with respect to the prediction.

    Its least value is at the median of the targets, not at their mean, so outliers count for
    little. But its slope does not shrink as the error does: steps of a fixed rate jump to and fro
    over the solution, and at the solution itself there is no derivative. (The course's lecture on
    training calls that a discontinuity: the loss is continuous, its derivative is not.)

    Parameters
    ----------
    prediction : array_like, shape (N,) or (N, K)
    target : array_like, shape of the prediction
    at_zero : float, default 0
        The slope taken where prediction = target: any number in [-1, 1] is a subgradient there.
    reduction : {"mean", "sum"}, default "mean"
        Over the samples, as in `squared_error`.

    Returns
    -------
    loss : float
    grad_prediction : ndarray, shape of the prediction
        The sign of the error.

    Raises
    ------
    ValueError
        If the shapes differ, the batch is empty, a number is not finite, `at_zero` is outside
        [-1, 1] or `reduction` is unknown.

    References
    ----------
    Bloomfield and Steiger (1983), "Least Absolute Deviations", chapter 1.
    """
    prediction = as_batch("prediction", prediction)
    error = prediction - as_targets_of(prediction, "target", target)
    at_zero = as_number("at_zero", at_zero, least=-1.0, most=1.0)
    weight = weight_of_sample(reduction, len(error))
    slope = np.sign(error)
    slope[error == 0] = at_zero
    return float(weight * np.abs(error).sum()), weight * slope


def squared_error(
    prediction: ArrayLike,
    target: ArrayLike,
    *,
    half: bool = True,
    reduction: Reduction = "mean",
) -> tuple[float, Array]:
    """Return the squared error of a batch and its gradient with respect to the prediction.

    loss = c sum_n |prediction_n - target_n|^2,  gradient = 2 c (prediction - target).

    Parameters
    ----------
    prediction : array_like, shape (N,) or (N, K)
    target : array_like, shape of the prediction
    half : bool, default True
        With the factor 1/2, which the derivative cancels: the gradient is the plain difference.
        The course's lecture on training writes (t - o)^2 first and 1/2 (t - o)^2 later; the weight
        updates it computes are those of the latter.
    reduction : {"mean", "sum"}, default "mean"
        "mean" divides by N, the number of samples, and not by N K, the number of entries, as some
        libraries do. What many call mean squared error without a 1/N is "sum".

    Returns
    -------
    loss : float
    grad_prediction : ndarray, shape of the prediction

    Raises
    ------
    ValueError
        If the shapes differ, the batch is empty, a number is not finite or `reduction` is unknown.
    """
    prediction = as_batch("prediction", prediction)
    error = prediction - as_targets_of(prediction, "target", target)
    factor = weight_of_sample(reduction, len(error)) * (0.5 if half else 1.0)
    return float(factor * (error**2).sum()), 2 * factor * error


def gaussian_nll(
    prediction: ArrayLike,
    target: ArrayLike,
    *,
    sigma: float = 1.0,
    reduction: Reduction = "mean",
) -> tuple[float, Array]:
    """Return the negative log-likelihood of targets that are the prediction plus Gaussian noise.

    loss_n = -log p(target_n) = |prediction_n - target_n|^2 / (2 sigma^2) + K/2 log(2 pi sigma^2),
    for the density p(t) = exp(-(t - prediction)^2 / (2 sigma^2)) / sqrt(2 pi sigma^2).

    Against the sum of squares it has the slope 1 / (2 sigma^2) and a constant that no prediction
    changes: with a fixed sigma, the likeliest prediction is that of least squares. (The course's
    lecture on regularisation writes sqrt(2 pi^2 sigma) for the density's divisor, loses the minus
    of -log L, and calls the sum of squares MSE.)

    Parameters
    ----------
    prediction : array_like, shape (N,) or (N, K)
        Mean of the Gaussian.
    target : array_like, shape of the prediction
    sigma : float, default 1
        Standard deviation of the noise of every entry, > 0, in the unit of the target.
    reduction : {"mean", "sum"}, default "mean"
        Over the samples, as in `squared_error`; the likelihood of the batch is "sum".

    Returns
    -------
    loss : float
        In nats; negative where the density is above 1.
    grad_prediction : ndarray, shape of the prediction
        (prediction - target) / sigma^2.

    Raises
    ------
    ValueError
        If the shapes differ, the batch is empty, a number is not finite, `sigma` is not positive
        or `reduction` is unknown.

    References
    ----------
    Bishop (2006), "Pattern Recognition and Machine Learning", eq. 1.46 and 1.62.
    """
    sigma = as_number("sigma", sigma, above=0.0)
    squares, difference = squared_error(prediction, target, half=True, reduction=reduction)
    log_divisor = math.log(sigma) + 0.5 * math.log(2 * math.pi)
    constant = log_divisor * weight_of_sample(reduction, difference.shape[0]) * difference.size
    return squares / sigma**2 + constant, difference / sigma**2
