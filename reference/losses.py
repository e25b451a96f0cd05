"""Loss functions: each returns the loss and its gradient with respect to the first argument."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from reference.activations import log_softmax
from reference.arrays import Array, as_float_array, as_labels


def softmax_cross_entropy(logits: ArrayLike, y: ArrayLike) -> tuple[float, Array]:
    """Return the mean cross-entropy of softmax(logits) against integer labels, and its gradient.

    loss = -1/N sum_n log p[n, y_n] with p = softmax(logits);  gradient = (p - one_hot(y)) / N.

    Parameters
    ----------
    logits : array_like, shape (N, K)
        Scores before the softmax.
    y : array_like of int, shape (N,)
        Labels in 0 .. K - 1.

    Returns
    -------
    loss : float
        The mean over the batch, in nats, not the sum: a longer batch makes no larger gradient.
    grad_logits : ndarray, shape (N, K)
        The 1/N of the mean is in it. Every row sums to 0.

    Raises
    ------
    ValueError
        If the batch is empty, a logit is not finite, or a label is no integer in 0 .. K - 1.

    Notes
    -----
    Computed from log-softmax, so neither large logits nor a probability that underflows to 0 makes
    the loss infinite.

    References
    ----------
    Bridle (1990), "Probabilistic interpretation of feedforward classification network outputs";
    Bishop (2006), "Pattern Recognition and Machine Learning", eq. 4.108 and 4.109.
    """
    logits = as_float_array("logits", logits, shape=("N", "K"))
    n_samples, n_classes = logits.shape
    y = as_labels("y", y, size=n_samples, n_classes=n_classes)
    rows = np.arange(n_samples)
    log_p = log_softmax(logits)
    loss = -log_p[rows, y].mean()
    grad_logits = np.exp(log_p)
    grad_logits[rows, y] -= 1
    return float(loss), grad_logits / n_samples


def squared_error(
    prediction: ArrayLike,
    target: ArrayLike,
    *,
    half: bool = True,
    reduction: Literal["mean", "sum"] = "mean",
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
    prediction = as_float_array("prediction", prediction)
    if prediction.ndim not in (1, 2) or prediction.size == 0:
        raise ValueError(
            f"prediction must be a non-empty batch of shape (N,) or (N, K), "
            f"got shape {prediction.shape}"
        )
    target = as_float_array("target", target, shape=prediction.shape)
    if reduction not in ("mean", "sum"):
        raise ValueError(f"reduction must be 'mean' or 'sum', got {reduction!r}")
    factor = 0.5 if half else 1.0
    if reduction == "mean":
        factor /= prediction.shape[0]
    error = prediction - target
    return float(factor * (error**2).sum()), 2 * factor * error
