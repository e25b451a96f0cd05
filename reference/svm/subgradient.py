"""The primal of the linear support vector machine by sub-gradients: all samples, or a few at once.

Both methods shrink w and pull it towards the samples inside their margin,

    w <- (1 - eta) w + eta C sum over those samples of y_i x_i,

so w is at any time X' (alpha * y) for an alpha that takes the same steps, with C in place of
C y_i x_i, and that stays between 0 and C. It is feasible for the dual: a method that sees nothing
but sub-gradients still certifies how far from the minimum it is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import Array, as_count, as_number
from reference.convergence import warn_not_converged
from reference.svm.certificates import best_bias, gap_at
from reference.svm.dual_smo import require_both_classes
from reference.svm.hinge import PrimalSolution, linear_problem, linear_svm_objective


def pegasos(
    X: ArrayLike,
    y: ArrayLike,
    C: float,
    *,
    batch_size: int = 1,
    rng: np.random.Generator | None = None,
    tolerance: float = 1e-2,
    max_epochs: int = 1000,
) -> PrimalSolution:
    """Return w of a linear support vector machine without a bias, by stochastic sub-gradients.

    Step t takes a batch of k samples and the sub-gradient of lambda/2 |w|^2 + the mean of the hinge
    losses of the batch, with learning rate 1 / (lambda t) and lambda = 1 / (n C):

        w <- (1 - 1/t) w + (n C / (t k)) sum over the batch's samples inside their margin of y_i x_i

    Parameters
    ----------
    X : array_like, shape (n, n_features)
    y : array_like, shape (n,)
        Labels, -1 or +1, both present.
    C : float
        Weight of the sum of the hinge losses, > 0.
    batch_size : int, default 1
        k, from 1 to n, and a divisor of n, so that each sample counts once an epoch.
    rng : numpy.random.Generator, optional
        Draws the order of the samples of each epoch. Without one they come in the order of X.
    tolerance : float, default 1e-2
        Stop after an epoch when the relative duality gap is no larger, > 0.
    max_epochs : int, default 1000
        At least 1. At the limit there is a `ConvergenceWarning`.

    Returns
    -------
    PrimalSolution
        b is 0. A regularised bias is the weight of a column of ones in X.

    Raises
    ------
    ValueError
        If a shape does not fit, X is not finite, a label is not -1 or +1, there is one class only,
        or a parameter is out of its range.

    Notes
    -----
    The optional projection of w on a ball is left out, and the samples are drawn without
    replacement. Then after an epoch w = X' (alpha * y) with alpha_i = C times the share of the
    epochs in which sample i was inside its margin: feasible for the dual, so the gap is known.
    It falls like 1 / t: a digit more costs ten times the epochs.

    References
    ----------
    Shalev-Shwartz, Singer, Srebro and Cotter (2011), "Pegasos: primal estimated sub-gradient solver
    for SVM", figures 1 and 2.
    """
    X, y, C = linear_problem(X, y, C)
    require_both_classes(y)
    batch_size = as_count("batch_size", batch_size)
    if y.size % batch_size:
        raise ValueError(f"batch_size must divide the {y.size} samples of X, got {batch_size}")
    tolerance = as_number("tolerance", tolerance, above=0.0)
    max_epochs = as_count("max_epochs", max_epochs)

    pulls = X * y[:, np.newaxis]
    # w is kept as `total` times n C / (t k): then a step only adds.
    total = np.zeros(X.shape[1])
    counts = np.zeros_like(y)
    n_batches = y.size // batch_size
    order = np.arange(y.size)
    t = 0
    for epoch in range(1, max_epochs + 1):
        if rng is not None:
            order = rng.permutation(y.size)
        for batch in order.reshape(n_batches, batch_size):
            scale = y.size * C / (max(t, 1) * batch_size)
            inside = batch[scale * (pulls[batch] @ total) < 1]
            total += pulls[inside].sum(axis=0)
            counts[inside] += 1
            t += 1
        w = total * (C / epoch)
        objective, gap = _certified(pulls, C, w, counts * (C / epoch))
        if gap <= tolerance:
            break
    else:
        warn_not_converged("pegasos", t, "the duality gap", gap, tolerance)
    return PrimalSolution(
        w=w,
        b=0.0,
        objective=objective,
        n_iterations=t,
        duality_gap=gap,
        has_converged=gap <= tolerance,
    )


def subgradient_descent(
    X: ArrayLike,
    y: ArrayLike,
    C: float,
    *,
    tolerance: float = 1e-2,
    max_iterations: int = 10_000,
) -> PrimalSolution:
    """Return w and b of a linear support vector machine, by sub-gradients over all samples.

    Step t has the learning rate 1/t, which suits a function whose curvature is at least 1:

        w <- (1 - 1/t) w + (C/t) sum over the samples inside their margin of y_i x_i

    For each w the bias is the best one (`svm_best_bias`), and the sub-gradient that of J(w, best
    b). With the best bias, as many positive as negative samples are inside their margin; where
    samples lie exactly on it, so many of them count as inside that this holds.

    Parameters
    ----------
    X : array_like, shape (n, n_features)
    y : array_like, shape (n,)
        Labels, -1 or +1, both present.
    C : float
        Weight of the sum of the hinge losses, > 0.
    tolerance : float, default 1e-2
        Stop when the relative duality gap is no larger, > 0.
    max_iterations : int, default 10 000
        Steps, at least 1. At the limit there is a `ConvergenceWarning`.

    Returns
    -------
    PrimalSolution

    Raises
    ------
    ValueError
        If a shape does not fit, X is not finite, a label is not -1 or +1, there is one class only,
        or a parameter is out of its range.

    Notes
    -----
    A sub-gradient need not point downhill, and J does rise at times; the gap falls like 1 / t.

    References
    ----------
    Shor (1985), "Minimization methods for non-differentiable functions"; Shalev-Shwartz et al.
    (2011), for the learning rate.
    """
    X, y, C = linear_problem(X, y, C)
    require_both_classes(y)
    tolerance = as_number("tolerance", tolerance, above=0.0)
    max_iterations = as_count("max_iterations", max_iterations)
    w = np.zeros(X.shape[1])
    alpha = np.zeros_like(y)
    scores = np.zeros_like(y)
    for t in range(1, max_iterations + 1):
        pull = C * _inside_at_best_bias(scores, y)
        alpha += (pull - alpha) / t
        w += (X.T @ (pull * y) - w) / t
        scores = X @ w
        gap = gap_at(scores, y, C, alpha)
        if gap <= tolerance:
            break
    else:
        warn_not_converged("subgradient_descent", t, "the duality gap", gap, tolerance)
    b = best_bias(scores, y)
    return PrimalSolution(
        w=w,
        b=b,
        objective=linear_svm_objective(X, y, C, w, b),
        n_iterations=t,
        duality_gap=gap,
        has_converged=gap <= tolerance,
    )


def _inside_at_best_bias(scores: Array, y: Array) -> Array:
    """1 for the samples inside their margin, else 0: as many of either class.

    The best bias lies above as many kinks as there are positive samples (`svm_best_bias`). A
    positive sample is inside its margin if the bias is below its kink, a negative one if above.
    """
    lowest_first = np.argsort(y - scores, kind="stable")
    is_inside = y > 0
    below = lowest_first[: np.count_nonzero(is_inside)]
    is_inside[below] = ~is_inside[below]
    return is_inside.astype(np.float64)


def _certified(pulls: Array, C: float, w: Array, alpha: Array) -> tuple[float, float]:
    """Return J(w) and its relative duality gap, for the alpha that w is made of and no bias."""
    margin = pulls @ w
    slack = np.maximum(0, 1 - margin)
    gap = float(alpha @ (margin - 1 + slack) + (C - alpha) @ slack)
    objective = 0.5 * float(w @ w) + C * float(slack.sum())
    return objective, gap / objective
