"""Cross-entropy: the loss of probabilities, from the probabilities or from what they come of.

The cross-entropy of targets t and probabilities p is -sum t log p: the negative log-likelihood of
the targets, in nats. Every loss returns it with its gradient with respect to the first argument,
which has the shape and the dtype of that argument.

A network is trained from its logits. A probability that rounds to 0 has an infinite loss and no
gradient worth the name; the logit it came from has both, and the gradient is simply p - t.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from reference.activations.elementwise import sigmoid
from reference.activations.probabilities import log_softmax, softmax
from reference.arrays import Array, as_float_array, as_labels
from reference.losses.batches import Reduction, as_batch, as_targets_of, weight_of_sample


def binary_cross_entropy(
    probabilities: ArrayLike, y: ArrayLike, *, reduction: Reduction = "mean"
) -> tuple[float, Array]:
    """Return -sum y log p + (1 - y) log(1 - p), and its gradient with respect to p.

    gradient = -y / p + (1 - y) / (1 - p). (The course's lecture on regularisation has a minus
    between the two terms, which points the wrong way wherever y = 0.)

    Parameters
    ----------
    probabilities : array_like, shape (N,) or (N, K)
        p, the probability of y = 1, in [0, 1]; with K columns, of K independent yes-or-no answers.
    y : array_like, shape of the probabilities
        0 or 1, or the probability of 1, anything between.
    reduction : {"mean", "sum"}, default "mean"
        "mean" divides by N, the number of samples.

    Returns
    -------
    loss : float
    grad_probabilities : ndarray, shape of the probabilities

    Raises
    ------
    ValueError
        If the shapes differ, the batch is empty, a number is not in [0, 1] or `reduction` is
        unknown. Also if p is 0 where y is not, or 1 where y is not: the loss is infinite.

    References
    ----------
    Bishop (2006), "Pattern Recognition and Machine Learning", eq. 4.90.
    """
    p = as_batch("probabilities", probabilities)
    y = as_targets_of(p, "y", y)
    _refuse_outside_unit_interval("probabilities", p)
    _refuse_outside_unit_interval("y", y)
    if ((p == 0) & (y > 0)).any() or ((p == 1) & (y < 1)).any():
        raise ValueError(
            "probabilities must not be 0 or 1 where y is not, got an infinite loss; "
            "sigmoid_cross_entropy takes the logits instead and is always finite"
        )
    weight = weight_of_sample(reduction, len(p))
    # 0 log 0 is 0, and so is the slope of what is not there: an absent answer may have p = 0
    is_yes, is_no = y > 0, y < 1
    log_p = np.log(p, where=is_yes, out=np.zeros_like(p))
    log_not_p = np.log1p(-p, where=is_no, out=np.zeros_like(p))
    loss = -(y * log_p + (1 - y) * log_not_p).sum()
    gradient = np.divide(1 - y, 1 - p, where=is_no, out=np.zeros_like(p))
    gradient -= np.divide(y, p, where=is_yes, out=np.zeros_like(p))
    return float(weight * loss), weight * gradient


def sigmoid_cross_entropy(
    logits: ArrayLike, y: ArrayLike, *, reduction: Reduction = "mean"
) -> tuple[float, Array]:
    """Return the binary cross-entropy of sigmoid(logits), and its gradient for the logits.

    loss = sum y log(1 + e^-z) + (1 - y) log(1 + e^z);  gradient = sigmoid(z) - y.

    Parameters
    ----------
    logits : array_like, shape (N,) or (N, K)
        z, the log-odds of y = 1; with K columns, of K independent yes-or-no answers.
    y : array_like, shape of the logits
        0 or 1, or the probability of 1, anything between.
    reduction : {"mean", "sum"}, default "mean"
        "mean" divides by N, the number of samples.

    Returns
    -------
    loss : float
        Finite for all logits.
    grad_logits : ndarray, shape of the logits

    Raises
    ------
    ValueError
        If the shapes differ, the batch is empty, a logit is not finite, a y is not in [0, 1] or
        `reduction` is unknown.

    Notes
    -----
    log(1 + e^z) = max(0, z) + log1p(e^-|z|) overflows nowhere. The gradient is computed as
    (1 - y) sigmoid(z) - y sigmoid(-z), which for y = 1 is sigmoid(z) - 1 without the subtraction:
    so both keep their digits where the answer is sure and right.

    References
    ----------
    Bishop (2006), "Pattern Recognition and Machine Learning", eq. 4.90 and 4.91.
    """
    z = as_batch("logits", logits)
    y = as_targets_of(z, "y", y)
    _refuse_outside_unit_interval("y", y)
    weight = weight_of_sample(reduction, len(z))
    doubt = np.log1p(np.exp(-np.abs(z)))
    loss = (y * (np.maximum(0, -z) + doubt) + (1 - y) * (np.maximum(0, z) + doubt)).sum()
    return float(weight * loss), weight * ((1 - y) * sigmoid(z) - y * sigmoid(-z))


def categorical_cross_entropy(
    probabilities: ArrayLike, y: ArrayLike, *, reduction: Reduction = "mean"
) -> tuple[float, Array]:
    """Return -sum_k t_k log p_k, the cross-entropy of K classes, and its gradient for p.

    gradient = -t / p, with each p_k a variable of its own: that they sum to 1 is the business of
    the softmax, through which the gradient goes on to the logits.

    Parameters
    ----------
    probabilities : array_like, shape (N, K)
        p, rows that sum to 1.
    y : array_like, shape (N,) of int or (N, K) of float
        Labels in 0 .. K - 1; or the targets t themselves, a row for each sample that sums to 1:
        one-hot, or a probability for each class.
    reduction : {"mean", "sum"}, default "mean"
        "mean" divides by N, the number of samples.

    Returns
    -------
    loss : float
    grad_probabilities : ndarray, shape (N, K)

    Raises
    ------
    ValueError
        If the batch is empty, a row is no distribution, a label is no integer in 0 .. K - 1 or
        `reduction` is unknown. Also if the p of a target is 0: the loss is infinite.

    References
    ----------
    Bishop (2006), "Pattern Recognition and Machine Learning", eq. 4.108.
    """
    p = as_float_array("probabilities", probabilities, shape=("N", "K"))
    _refuse_no_distribution("probabilities", p)
    target = _as_distributions(y, p)
    is_target = target > 0
    if (p[is_target] == 0).any():
        raise ValueError(
            "probabilities must not be 0 where y has a class, got an infinite loss; "
            "softmax_cross_entropy takes the logits instead and is always finite"
        )
    weight = weight_of_sample(reduction, len(p))
    log_p = np.log(p, where=is_target, out=np.zeros_like(p))
    gradient = np.divide(-target, p, where=is_target, out=np.zeros_like(p))
    return float(-weight * (target * log_p).sum()), weight * gradient


def softmax_cross_entropy(
    logits: ArrayLike, y: ArrayLike, *, reduction: Reduction = "mean"
) -> tuple[float, Array]:
    """Return the cross-entropy of softmax(logits), and its gradient for the logits.

    loss = -1/N sum_n sum_k t[n, k] log p[n, k] with p = softmax(logits), which for labels is
    -1/N sum_n log p[n, y_n];  gradient = (p - t) / N.

    Parameters
    ----------
    logits : array_like, shape (N, K)
        Scores before the softmax.
    y : array_like, shape (N,) of int or (N, K) of float
        Labels in 0 .. K - 1; or the targets t themselves, a row for each sample that sums to 1:
        one-hot, or a probability for each class.
    reduction : {"mean", "sum"}, default "mean"
        "mean" divides by N, the number of samples: a longer batch makes no larger gradient.

    Returns
    -------
    loss : float
        In nats.
    grad_logits : ndarray, shape (N, K)
        The 1/N of the mean is in it. Every row sums to 0.

    Raises
    ------
    ValueError
        If the batch is empty, a logit is not finite, a label is no integer in 0 .. K - 1, a row of
        targets is no distribution or `reduction` is unknown.

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
    target = _as_distributions(y, logits)
    weight = weight_of_sample(reduction, len(logits))
    loss = (target * -log_softmax(logits)).sum()
    gradient = softmax(logits) - target
    # p - 1 is minus the sum of the other entries, which keeps its digits where p is close to 1
    rows, heaviest = np.arange(len(target)), target.argmax(axis=1)
    gradient[rows, heaviest] = 0
    gradient[rows, heaviest] = -gradient.sum(axis=1)
    return float(weight * loss), weight * gradient


def _as_distributions(y: ArrayLike, like: Array) -> Array:
    """Return labels as one-hot rows, and rows as they are, in the shape and dtype of `like`."""
    array = np.asarray(y)
    if array.ndim == 2 and array.dtype.kind == "f":
        target = as_targets_of(like, "y", array)
        _refuse_no_distribution("y", target)
        return target
    n_samples, n_classes = like.shape
    target = np.zeros_like(like)
    target[np.arange(n_samples), as_labels("y", y, size=n_samples, n_classes=n_classes)] = 1
    return target


def _refuse_outside_unit_interval(name: str, array: Array) -> None:
    strangers = array[(array < 0) | (array > 1)]
    if strangers.size:
        raise ValueError(f"{name} must be in [0, 1], got {strangers[0]:g}")


def _refuse_no_distribution(name: str, rows: Array) -> None:
    """Refuse rows with an entry outside [0, 1], or that do not sum to 1 but for rounding."""
    _refuse_outside_unit_interval(name, rows)
    sums = rows.sum(axis=1)
    off = np.abs(sums - 1) > math.sqrt(np.finfo(rows.dtype).eps)
    if off.any():
        raise ValueError(f"{name} must have rows that sum to 1, got one of {sums[off][0]:g}")
