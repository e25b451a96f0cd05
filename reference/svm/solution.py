"""What a solver of the dual returns, with the certificates that say how good it is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from reference.arrays import Array
from reference.convergence import warn_not_converged
from reference.svm.certificates import best_bias, gap_at, is_feasible, violation_at


@dataclass(frozen=True, slots=True)
class DualSolution:
    """Dual variables of a support vector machine, and how far they are from optimal.

    Attributes
    ----------
    alpha : ndarray, shape (n,)
        Dual variables: 0 <= alpha <= C, and sum(alpha * y) = 0 up to rounding.
    b : float
        The bias with the least sum of hinge losses (`svm_best_bias`).
    n_iterations : int
    kkt_violation : float
        `svm_kkt_violation` of alpha, in units of the margin.
    duality_gap : float
        `svm_duality_gap` of alpha, relative: a bound of the relative error of the objective.
    has_converged : bool
        Whether the solver met its tolerance.
    """

    alpha: Array
    b: float
    n_iterations: int
    kkt_violation: float
    duality_gap: float
    has_converged: bool


def judged_by_kkt(
    method: str,
    signed: Array,
    scores: Array,
    y: Array,
    C: float,
    *,
    n_iterations: int,
    tolerance: float,
) -> DualSolution:
    """Return the solution alpha * y = `signed`, with a warning where it misses the tolerance.

    `scores` are w . phi(x_i), computed afresh: what a solver carries along has the rounding of all
    its steps in it. `tolerance` bounds m(alpha) - M(alpha), twice the violation.
    """
    alpha = np.maximum(signed * y, 0)  # 0 * -1 is -0, which prints badly
    feasible = is_feasible(alpha, y, C)
    violation = violation_at(scores, y, C, alpha) if feasible else math.inf
    has_converged = 2 * violation <= tolerance
    if not has_converged:
        warn_not_converged(
            method, n_iterations, "twice the KKT violation", 2 * violation, tolerance
        )
    return DualSolution(
        alpha=alpha,
        b=best_bias(scores, y),
        n_iterations=n_iterations,
        kkt_violation=violation,
        duality_gap=gap_at(scores, y, C, alpha) if feasible else math.inf,
        has_converged=has_converged,
    )
