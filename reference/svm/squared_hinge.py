"""The linear support vector machine with squared hinge loss, by Newton's method in the primal.

The squared loss has a gradient everywhere, and between the kinks of that gradient J is a quadratic
function of (w, b). So Newton's method ends after finitely many steps, exactly at the minimum, once
it knows which samples are inside their margin.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import Array, as_count, as_number
from reference.convergence import warn_not_converged
from reference.svm.dual_smo import require_both_classes
from reference.svm.hinge import PrimalSolution, linear_problem

_SUFFICIENT = 1e-4
"""Share of the decrease that the slope promises with which a step is taken (Armijo)."""
_MOST_HALVINGS = 40


def squared_hinge_newton(
    X: ArrayLike,
    y: ArrayLike,
    C: float,
    *,
    is_bias_regularised: bool = False,
    tolerance: float = 1e-9,
    max_iterations: int = 100,
) -> PrimalSolution:
    """Return the minimum of J(w, b) = 1/2 |w|^2 + C sum_i max(0, 1 - y_i (w . x_i + b))^2.

    Parameters
    ----------
    X : array_like, shape (n, n_features)
    y : array_like, shape (n,)
        Labels, -1 or +1, both present.
    C : float
        Weight of the sum of the squared losses, > 0.
    is_bias_regularised : bool, default False
        Add b^2 / 2 to J, as LIBLINEAR does: b is then the weight of a feature that is 1.
    tolerance : float, default 1e-9
        Stop when the relative duality gap is no larger, > 0.
    max_iterations : int, default 100
        Newton steps, at least 1. At the limit there is a `ConvergenceWarning`.

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
    With the samples I inside their margin, the Newton step goes to the minimum of the quadratic
    1/2 |w|^2 + C sum_I (y_i - w . x_i - b)^2, ridge regression on I alone. It is halved until J
    falls enough.

    alpha_i = 2 C slack_i is feasible for the dual

        max over alpha >= 0    sum(alpha) - 1/2 |X' (alpha * y)|^2 - sum(alpha^2) / (4 C)

    but for its constraint sum(alpha * y) = 0, there where the bias is free; the class with more is
    scaled down to meet it. The gap is then a sum of squares, in which nothing cancels.

    References
    ----------
    Keerthi and DeCoste (2005), "A modified finite Newton method for fast solution of large scale
    linear SVMs"; Mangasarian (2002), "A finite Newton method for classification".
    """
    X, y, C = linear_problem(X, y, C)
    require_both_classes(y)
    tolerance = as_number("tolerance", tolerance, above=0.0)
    max_iterations = as_count("max_iterations", max_iterations)
    # The bias as the weight of a column of ones; what regularises it is its entry of `decay`.
    # A free bias makes up for any shift of the samples; about their mean no digits are lost.
    centre = np.zeros(X.shape[1]) if is_bias_regularised else X.mean(axis=0)
    columns = np.column_stack((X - centre, np.ones_like(y)))
    decay = np.ones(columns.shape[1])
    decay[-1] = float(is_bias_regularised)
    weights = np.zeros_like(decay)
    slack = np.ones_like(y)
    scores = np.zeros_like(y)
    n_iterations = 0
    while True:
        objective = _objective(weights, decay, C, slack)
        signed = 2 * C * slack * y
        pull = columns.T @ signed
        grad = decay * weights - pull
        gap = _relative_gap(columns, y, C, decay, signed, grad, objective)
        if gap <= tolerance or n_iterations == max_iterations:
            break
        inside = columns[slack > 0]
        hessian = 2 * C * (inside.T @ inside) + np.diag(decay)
        if not inside.size:
            hessian[-1, -1] = 1  # J does not depend on the bias here, so it may stay
        direction = -np.linalg.solve(hessian, grad)
        slope, change = float(grad @ direction), columns @ direction
        share = 1.0
        for _ in range(_MOST_HALVINGS):
            slack = np.maximum(0, 1 - y * (scores + share * change))
            reached = _objective(weights + share * direction, decay, C, slack)
            if reached <= objective + _SUFFICIENT * share * slope:
                break
            share /= 2
        weights = weights + share * direction
        scores = scores + share * change
        n_iterations += 1
    if gap > tolerance:
        warn_not_converged("squared_hinge_newton", n_iterations, "the duality gap", gap, tolerance)
    return PrimalSolution(
        w=weights[:-1].copy(),
        b=float(weights[-1] - weights[:-1] @ centre),
        objective=objective,
        n_iterations=n_iterations,
        duality_gap=gap,
        has_converged=gap <= tolerance,
    )


def _objective(weights: Array, decay: Array, C: float, slack: Array) -> float:
    return float(0.5 * (decay * weights) @ weights + C * (slack @ slack))


def _relative_gap(
    columns: Array,
    y: Array,
    C: float,
    decay: Array,
    signed: Array,
    grad: Array,
    objective: float,
) -> float:
    """Return 1/2 |w - X' (alpha' * y)|^2 + sum((alpha' - alpha)^2) / (4 C), relative to J.

    `signed` is alpha * y, and alpha' the alpha that meets sum(alpha' * y) = 0 if it must.
    """
    if decay[-1]:
        return 0.5 * float(grad @ grad) / objective
    excess = float(signed.sum())
    if excess == 0:
        return 0.5 * float(grad[:-1] @ grad[:-1]) / objective
    gives_way = y * excess > 0
    change = np.where(gives_way, signed, 0)
    change *= excess / float(change.sum())
    residual = grad[:-1] + change @ columns[:, :-1]
    return (0.5 * float(residual @ residual) + float(change @ change) / (4 * C)) / objective
