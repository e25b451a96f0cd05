"""Logistic regression: the minimum of `logistic_loss`, by Newton's method and by descent.

Where a hyperplane separates the classes and there is no penalty, there is no minimum: the loss
falls as the weights grow, for ever. That is reported, not returned as if it were a fit.

References
----------
Albert and Anderson (1984), "On the existence of maximum likelihood estimates in logistic
regression models".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from reference.activations.elementwise import sigmoid
from reference.arrays import Array, Labels, as_count, as_number
from reference.convergence import warn_caller, warn_not_converged
from reference.linear_models.affine import AffineModel
from reference.linear_models.logistic_objective import LogisticProblem
from reference.optimizers.descent import minibatches

_SUFFICIENT_DECREASE = 1e-4
_MEASURE = "the relative gradient"
_SETTLED = 1e-4
"""Newton has arrived only when a step changes no logit by more; along a direction in which the
loss falls for ever it is always about 1, however small the gradient."""


@dataclass(frozen=True, slots=True)
class LogisticFit(AffineModel):
    """A logistic regression, and how the fit went.

    Attributes
    ----------
    w : ndarray, shape (n_features,)
    b : float
    losses : ndarray, shape (n_iterations + 1,)
        The loss with its penalty, at the start and after each iteration: the trace plot.
    n_iterations : int
        Newton steps, or epochs of descent.
    has_converged : bool
        Whether the gradient fell to the tolerance at a minimum.
    is_separated : bool
        Whether a hyperplane was found that separates the classes, and there is no penalty. The
        loss then has no minimum: it falls for ever while the weights grow, and these are the
        weights at which that was noticed.
    """

    b: float
    losses: Array
    n_iterations: int
    has_converged: bool
    is_separated: bool

    def predict_probability(self, X: ArrayLike) -> Array:
        """Return the probability of class 1 for each sample, shape (n_samples,).

        Raises
        ------
        ValueError
            If `X` is empty, has another number of columns or is not finite.
        """
        return sigmoid(self.decision_function(X))

    def predict(self, X: ArrayLike) -> Labels:
        """Return 0 or 1 for each sample, shape (n_samples,): 1 where its probability is >= 1/2.

        Raises
        ------
        ValueError
            If `X` is empty, has another number of columns or is not finite.
        """
        return (self.decision_function(X) >= 0).astype(np.int64)


def fit_logistic_newton(
    X: ArrayLike,
    y: ArrayLike,
    *,
    alpha: float = 0.0,
    tolerance: float = 1e-10,
    max_iterations: int = 100,
) -> LogisticFit:
    """Minimise `logistic_loss` by Newton's method from w = 0, b = 0, halving steps that overshoot.

    Parameters
    ----------
    X : array_like, shape (n_samples, n_features)
        Any scale of the features will do. If they are linearly dependent, the minimum is not
        unique, and one of them is returned.
    y : array_like of int, shape (n_samples,)
        Labels, 0 or 1, both of them there.
    alpha : float, default 0
        Strength of the L2 penalty, 1/C; >= 0. With a penalty there always is a minimum.
    tolerance : float, default 1e-10
        Each entry of the gradient is compared with the most that the samples could contribute to
        it, sum_i |x_ij|.
    max_iterations : int, default 100

    Returns
    -------
    LogisticFit
        In float64.

    Raises
    ------
    ValueError
        As `logistic_loss`; also if all samples are of one class.

    Warns
    -----
    ConvergenceWarning
        If the classes are separable and there is no penalty (`is_separated`; samples may lie on
        the boundary), or the tolerance is not met after `max_iterations`.

    References
    ----------
    Nocedal and Wright (2006), "Numerical Optimization", algorithm 3.2; Bishop (2006), section
    4.3.3 (iteratively reweighted least squares is this method).
    """
    problem = LogisticProblem(X, y, alpha)
    problem.require_both_classes()
    tolerance = as_number("tolerance", tolerance, above=0.0)
    max_iterations = as_count("max_iterations", max_iterations)
    weights: Array = np.zeros(problem.design.shape[1])
    loss, gradient = problem.evaluate(weights)
    losses = [loss]
    step, rank_at_start = problem.newton_step(weights, gradient)
    has_arrived = is_separated = False
    while not (has_arrived or is_separated) and len(losses) <= max_iterations:
        weights, loss, gradient = _backtrack(problem, weights, loss, gradient, step)
        losses.append(loss)
        step, rank = problem.newton_step(weights, gradient)
        is_level = problem.relative_size(gradient) <= tolerance
        # Samples on the boundary keep the loss above 0; but along a direction that moves only the
        # others, out to where their loss is nothing, its curvature is lost.
        has_lost_curvature = problem.alpha == 0 and rank < rank_at_start
        is_separated = problem.is_separated_by(weights) or (is_level and has_lost_curvature)
        has_arrived = is_level and bool(np.abs(problem.design @ step).max() <= _SETTLED)
    if is_separated:
        _warn_separated("fit_logistic_newton")
    elif not has_arrived:
        remaining = problem.relative_size(gradient)
        warn_not_converged("fit_logistic_newton", len(losses) - 1, _MEASURE, remaining, tolerance)
    return _conclude(weights, losses, has_arrived, is_separated)


def fit_logistic_descent(
    X: ArrayLike,
    y: ArrayLike,
    *,
    alpha: float = 0.0,
    learning_rate: float | None = None,
    batch_size: int | None = None,
    rng: np.random.Generator | None = None,
    tolerance: float = 1e-6,
    max_epochs: int = 10_000,
) -> LogisticFit:
    """Minimise `logistic_loss` by gradient descent from w = 0, b = 0, all at once or in batches.

    Parameters
    ----------
    X : array_like, shape (n_samples, n_features)
        Standardised features make it quick.
    y : array_like of int, shape (n_samples,)
        Labels, 0 or 1, both of them there.
    alpha : float, default 0
        Strength of the L2 penalty, 1/C; >= 0. A batch gets its share of the penalty, so that the
        losses of the batches of an epoch add up to the whole.
    learning_rate : float, optional
        Multiplies the gradient of a *sum*, so it must shrink as batches grow. Without it 1 over
        the largest curvature that the loss can have, |A|^2 / 4 + alpha with A = (X, 1): the loss
        of the whole batch then falls in every epoch.
    batch_size : int, optional
        Samples in a mini-batch (the last of an epoch may be smaller); without it one step an
        epoch, on all samples. A constant rate leaves mini-batches circling around the minimum.
    rng : numpy.random.Generator, optional
        Shuffles the samples before every epoch; needed with `batch_size`, otherwise unused.
    tolerance : float, default 1e-6
        As in `fit_logistic_newton`, for the gradient of the whole batch after an epoch.
    max_epochs : int, default 10000

    Returns
    -------
    LogisticFit
        In float64.

    Raises
    ------
    ValueError
        As `logistic_loss`; also if all samples are of one class, `rng` is missing or the learning
        rate is so large (2/alpha) that the penalty alone makes the weights grow.

    Warns
    -----
    ConvergenceWarning
        If the weights separate the classes and there is no penalty (`is_separated`), or the
        tolerance is not met after `max_epochs`.

    References
    ----------
    Bottou, Curtis and Nocedal (2018), "Optimization methods for large-scale machine learning",
    sections 3 and 4.
    """
    problem = LogisticProblem(X, y, alpha)
    problem.require_both_classes()
    tolerance = as_number("tolerance", tolerance, above=0.0)
    max_epochs = as_count("max_epochs", max_epochs)
    if learning_rate is None:
        rate = 1 / (float(np.linalg.norm(problem.design, ord=2)) ** 2 / 4 + problem.alpha)
    else:
        most = 2 / problem.alpha if problem.alpha > 0 else None
        rate = as_number("learning_rate", learning_rate, above=0.0, below=most)
    n_samples = problem.y.size
    size = n_samples if batch_size is None else as_count("batch_size", batch_size)
    if batch_size is not None and rng is None:
        raise ValueError("rng must be given with batch_size: it shuffles the samples, got None")
    weights: Array = np.zeros(problem.design.shape[1])
    loss, gradient = problem.evaluate(weights)
    losses = [loss]
    while problem.relative_size(gradient) > tolerance and len(losses) <= max_epochs:
        if batch_size is None or rng is None:
            weights = weights - rate * gradient
        else:
            for batch in minibatches(n_samples, min(size, n_samples), rng):
                weights = weights - rate * problem.evaluate(weights, batch)[1]
        loss, gradient = problem.evaluate(weights)
        losses.append(loss)
    is_separated = problem.is_separated_by(weights)
    remaining = problem.relative_size(gradient)
    has_arrived = remaining <= tolerance
    if is_separated:
        _warn_separated("fit_logistic_descent")
    elif not has_arrived:
        warn_not_converged("fit_logistic_descent", len(losses) - 1, _MEASURE, remaining, tolerance)
    return _conclude(weights, losses, has_arrived, is_separated)


def _backtrack(
    problem: LogisticProblem, weights: Array, loss: float, gradient: Array, step: Array
) -> tuple[Array, float, Array]:
    """Return the weights after the step, or its half, quarter ..., with their loss and gradient."""
    slope = float(gradient @ step)
    rounding = 8 * float(np.finfo(np.float64).eps) * loss
    fraction = 1.0
    while True:
        stepped = weights + fraction * step
        new_loss, new_gradient = problem.evaluate(stepped)
        if new_loss <= loss + _SUFFICIENT_DECREASE * fraction * slope + rounding:
            return stepped, new_loss, new_gradient
        fraction /= 2


def _warn_separated(method: str) -> None:
    warn_caller(
        f"{method} has not converged: a hyperplane separates the classes, so without a penalty "
        f"the loss falls for ever while the weights grow; choose alpha > 0"
    )


def _conclude(
    weights: Array, losses: list[float], has_arrived: bool, is_separated: bool
) -> LogisticFit:
    return LogisticFit(
        w=weights[:-1],
        b=float(weights[-1]),
        losses=np.array(losses),
        n_iterations=len(losses) - 1,
        has_converged=has_arrived and not is_separated,
        is_separated=is_separated,
    )
