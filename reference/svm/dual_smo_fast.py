"""`smo` made fast: the same steps, of a handful of numpy calls each.

A step of `smo` costs some twenty calls; here it costs seven, most of them on arrays that fit into
the first cache. What is different, and why:

- The kinks are held twice, in one array of two rows: `risers` has -inf in place of the variables
  that may not rise, `fallers` inf in place of those that may not fall. No mask is ever evaluated;
  a variable that reaches or leaves a bound changes one entry; one subtraction updates both rows.
- 1 / sqrt(curvature) does not change while the solver runs, and it comes back to the same i again
  and again: each row is kept once computed.
- The lowest kink is sought only when the pair that was chosen is within the tolerance: before
  that the solution cannot be.
- Bounds and variables are Python floats: reading one out of an array costs as much as a short
  array operation.
- The kernel matrix may be float32, as LIBSVM's cache is; then the kinks are, too. When the steps
  end, the kinks are computed afresh in float64, and if they are not within the tolerance, the
  steps go on in float64. The constraints hold to float64's rounding all along.
"""

from __future__ import annotations

from itertools import repeat

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import Array, as_count, as_number
from reference.kernels import Kernel
from reference.svm.dual_smo import LEAST_CURVATURE, box, two_class_problem
from reference.svm.solution import DualSolution, judged_by_kkt

SINGLE_PRECISION_TOLERANCE = 1e-4
"""Kinks of float32, of the order of 1, carry a rounding of some 1e-6."""
_BLOCK = 2**21
"""Entries of a kernel matrix that are computed at once where it is not kept."""


def smo_fast(
    K: ArrayLike,
    y: ArrayLike,
    C: float,
    *,
    tolerance: float = 1e-3,
    max_iterations: int = 1_000_000,
) -> DualSolution:
    """Return what `smo` returns, by the same steps.

    Parameters, result and errors are those of `smo`.
    """
    K, y, C = two_class_problem(K, y, C)
    tolerance = as_number("tolerance", tolerance, above=0.0)
    max_iterations = as_count("max_iterations", max_iterations)
    signed = np.zeros_like(y)
    n_iterations = _take_steps(K, y, C, signed, y, tolerance, max_iterations)
    return judged_by_kkt(
        "smo_fast", signed, K @ signed, y, C, n_iterations=n_iterations, tolerance=tolerance
    )


def smo_kernel(
    kernel: Kernel,
    X: Array,
    y: Array,
    C: float,
    *,
    tolerance: float,
    max_iterations: int,
) -> tuple[DualSolution, Array]:
    """Return the solution for the samples X, and the scores w . phi(x_i); nothing is checked.

    A radial basis function's values lie in [0, 1], so that its matrix is first taken in single
    precision, for half the time and memory. All that is returned is computed in double.
    """
    signed = np.zeros_like(y)
    n_iterations = 0
    if kernel.name == "rbf" and tolerance >= SINGLE_PRECISION_TOLERANCE:
        K = kernel(X, dtype=np.float32)
        # A little closer than asked, so that the rounding of the matrix does not decide.
        n_iterations = _take_steps(K, y, C, signed, y, 0.98 * tolerance, max_iterations)
        del K
        scores = _scores(kernel, X, signed)
        lower, upper = box(y, C)
        kinks = y - scores
        is_within = kinks[signed < upper].max() - kinks[signed > lower].min() <= tolerance
    else:
        scores = np.zeros_like(y)
        is_within = False
    if not is_within and n_iterations < max_iterations:
        K = kernel(X, dtype=np.float64)
        n_left = max_iterations - n_iterations
        n_iterations += _take_steps(K, y, C, signed, y - K @ signed, tolerance, n_left)
        scores = K @ signed
    solution = judged_by_kkt(
        "SVC", signed, scores, y, C, n_iterations=n_iterations, tolerance=tolerance
    )
    return solution, scores


def _take_steps(
    K: Array,
    y: Array,
    C: float,
    signed: Array,
    kinks: Array,
    tolerance: float,
    max_iterations: int,
) -> int:
    """Move `signed` in place until the kinks are within the tolerance; return how many steps."""
    lower, upper = (bound.tolist() for bound in box(y, C))
    values = signed.tolist()
    diagonal = K.diagonal().copy()
    rows = list(K)
    factors: list[Array | None] = [None] * y.size
    both = np.empty((2, y.size), K.dtype)
    risers, fallers = both
    risers[:] = np.where(signed < upper, kinks, -np.inf)
    fallers[:] = np.where(signed > lower, kinks, np.inf)
    work = np.empty(y.size, K.dtype)
    # Looked up once: with arrays of a few hundred numbers, names cost as much as numbers.
    subtract, multiply = np.subtract, np.multiply
    highest, least, riser, faller = risers.argmax, work.argmin, risers.item, fallers.item
    n_iterations = 0
    for _ in repeat(None, max_iterations):
        i = highest()
        kink_i = riser(i)
        row_i = rows[i]
        factor = factors[i]
        if factor is None:
            curvatures = diagonal[i] + diagonal - 2 * row_i
            factor = factors[i] = 1 / np.sqrt(np.maximum(curvatures, LEAST_CURVATURE))
        subtract(fallers, kink_i, work)
        multiply(work, factor, work)
        j = least()
        kink_j = faller(j)
        descent = kink_i - kink_j
        if descent <= tolerance and kink_i - fallers.min() <= tolerance:
            break

        room_i, room_j = upper[i] - values[i], values[j] - lower[j]
        step = descent * factor.item(j) ** 2
        # Whatever has risen may fall, and the other way round.
        fallers[i], risers[j] = kink_i, kink_j
        if step < room_i and step < room_j:
            values[i] += step
            values[j] -= step
        else:
            step = min(room_i, room_j)
            values[i] = upper[i] if step == room_i else values[i] + step
            values[j] = lower[j] if step == room_j else values[j] - step
            if step == room_i:
                risers[i] = -np.inf
            if step == room_j:
                fallers[j] = np.inf

        subtract(row_i, rows[j], work)
        multiply(work, step, work)
        subtract(both, work, both)
        n_iterations += 1
    signed[:] = values
    return n_iterations


def _scores(kernel: Kernel, X: Array, signed: Array) -> Array:
    """w . phi(x_i) in float64, block by block: only the support vectors' columns count."""
    support = np.flatnonzero(signed)
    n_rows = max(1, _BLOCK // max(1, support.size))
    blocks = [
        kernel(X[start : start + n_rows], X[support], dtype=np.float64) @ signed[support]
        for start in range(0, len(X), n_rows)
    ]
    return np.concatenate(blocks)
