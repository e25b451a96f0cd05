"""Hinge losses: nothing to pay from a margin of 1 on, for two classes and for many.

Every loss returns the loss and a subgradient with respect to the scores, of their shape and dtype.
A hinge is max(0, 1 - margin), a ReLU of what the margin lacks; squared, it has a derivative
everywhere. There is no factor 1/2 before the square, as in most libraries.

The weight C of a support vector machine multiplies the *sum* over the samples; the default here is
the mean, as for all losses.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from reference.activations.elementwise import relu, relu_derivative
from reference.arrays import Array, Labels, as_float_array, as_labels, as_signs
from reference.losses.batches import Reduction, weight_of_sample


def binary_hinge(
    scores: ArrayLike,
    y: ArrayLike,
    *,
    squared: bool = False,
    at_zero: float = 0.0,
    reduction: Reduction = "mean",
) -> tuple[float, Array]:
    """Return the sum of max(0, 1 - y score), and a subgradient with respect to the scores.

    Parameters
    ----------
    scores : array_like, shape (N,)
        Signed scores: the class is the sign.
    y : array_like, shape (N,)
        Labels, -1 or +1.
    squared : bool, default False
        Square each hinge.
    at_zero : float, default 0
        Where y score = 1 exactly, any number from 0 to 1 times -y is a subgradient: the number.
        Without effect on the squared hinge, whose slope there is 0.
    reduction : {"mean", "sum"}, default "mean"

    Returns
    -------
    loss : float
    grad_scores : ndarray, shape (N,)

    Raises
    ------
    ValueError
        If the lengths differ, the batch is empty, a score is not finite, a label is not -1 or +1,
        `at_zero` is outside [0, 1] or `reduction` is unknown.

    References
    ----------
    Cortes and Vapnik (1995), "Support-vector networks"; Hastie, Tibshirani and Friedman (2009),
    "The Elements of Statistical Learning", eq. 12.25.
    """
    scores = as_float_array("scores", scores, shape=("N",))
    y = as_float_array("y", as_signs("y", y), shape=scores.shape).astype(scores.dtype)
    weight = weight_of_sample(reduction, len(scores))
    loss, slope = _hinge(1 - y * scores, squared, at_zero)
    return float(weight * loss.sum()), -weight * y * slope


def weston_watkins_hinge(
    scores: ArrayLike,
    y: ArrayLike,
    *,
    squared: bool = False,
    at_zero: float = 0.0,
    reduction: Reduction = "mean",
) -> tuple[float, Array]:
    """Return the hinge of every wrong class: sum_{k != y} max(0, 1 - (score_y - score_k)).

    Parameters
    ----------
    scores : array_like, shape (N, K)
        The class is the one of the largest score.
    y : array_like of int, shape (N,)
        Labels in 0 .. K - 1.
    squared : bool, default False
        Square each hinge.
    at_zero : float, default 0
        The slope in [0, 1] of a hinge whose margin is exactly 1, as in `binary_hinge`.
    reduction : {"mean", "sum"}, default "mean"
        Over the samples. A sample's loss is the sum over the classes; some libraries (PyTorch)
        divide it by K.

    Returns
    -------
    loss : float
    grad_scores : ndarray, shape (N, K)
        Every row sums to 0.

    Raises
    ------
    ValueError
        If the batch is empty, there is only one class, a score is not finite, a label is no
        integer in 0 .. K - 1, `at_zero` is outside [0, 1] or `reduction` is unknown.

    References
    ----------
    Weston and Watkins (1999), "Support vector machines for multi-class pattern recognition" (with
    a margin of 2 there).
    """
    scores, y = _scores_and_labels(scores, y)
    rows = np.arange(len(y))
    weight = weight_of_sample(reduction, len(y))
    loss, slope = _hinge(1 - (scores[rows, y, np.newaxis] - scores), squared, at_zero)
    loss[rows, y] = slope[rows, y] = 0
    slope[rows, y] = -slope.sum(axis=1)
    return float(weight * loss.sum()), weight * slope


def crammer_singer_hinge(
    scores: ArrayLike,
    y: ArrayLike,
    *,
    squared: bool = False,
    at_zero: float = 0.0,
    reduction: Reduction = "mean",
) -> tuple[float, Array]:
    """Return the hinge of the best wrong class: max(0, 1 - (score_y - max_{k != y} score_k)).

    Parameters
    ----------
    scores, y, squared, at_zero, reduction
        As in `weston_watkins_hinge`.

    Returns
    -------
    loss : float
        At most that of Weston and Watkins, and the same with two classes.
    grad_scores : ndarray, shape (N, K)
        Every row sums to 0. Where wrong classes tie for the best, the first of them is taken; any
        mixture of them is a subgradient.

    Raises
    ------
    ValueError
        As `weston_watkins_hinge`.

    References
    ----------
    Crammer and Singer (2001), "On the algorithmic implementation of multiclass kernel-based vector
    machines".
    """
    scores, y = _scores_and_labels(scores, y)
    rows = np.arange(len(y))
    weight = weight_of_sample(reduction, len(y))
    wrong_scores = scores.copy()
    wrong_scores[rows, y] = -np.inf
    rival = wrong_scores.argmax(axis=1)
    loss, slope = _hinge(1 - (scores[rows, y] - scores[rows, rival]), squared, at_zero)
    gradient = np.zeros_like(scores)
    gradient[rows, rival] = weight * slope
    gradient[rows, y] = -weight * slope
    return float(weight * loss.sum()), gradient


def _hinge(lack: Array, squared: bool, at_zero: float) -> tuple[Array, Array]:
    """Return max(0, lack), or its square, and the derivative with respect to the lack."""
    hinge, slope = relu(lack), relu_derivative(lack, at_zero)
    return (hinge**2, 2 * hinge) if squared else (hinge, slope)


def _scores_and_labels(scores: ArrayLike, y: ArrayLike) -> tuple[Array, Labels]:
    scores = as_float_array("scores", scores, shape=("N", "K"))
    n_samples, n_classes = scores.shape
    if n_classes < 2:
        raise ValueError(f"scores must have two classes or more, got shape {scores.shape}")
    return scores, as_labels("y", y, size=n_samples, n_classes=n_classes)
