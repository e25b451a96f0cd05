"""The dual of a support vector machine by sequential minimal optimisation (SMO).

In the variables beta_i = alpha_i y_i the dual of `reference.svm.certificates` reads

    max over beta    sum_i y_i beta_i - 1/2 sum_ij beta_i beta_j K_ij
    subject to       sum_i beta_i = 0,  0 <= beta_i <= C (y_i = +1) or -C <= beta_i <= 0 (y_i = -1)

and its gradient is the *kink* of each sample, y_i - w . phi(x_i): the b for which the sample lies
on its margin. One variable cannot move alone without breaking the sum, so each step moves two: one
rises by what the other falls. At the optimum no rise pays: the highest kink among the beta that
may rise is not above the lowest among those that may fall, and b lies between the two.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import Array, as_count, as_number
from reference.svm.certificates import kernel_and_labels
from reference.svm.solution import DualSolution, judged_by_kkt

LEAST_CURVATURE = 1e-12
"""Stands for a curvature that is 0 (two equal samples) or negative (K is indefinite)."""


def smo(
    K: ArrayLike,
    y: ArrayLike,
    C: float,
    *,
    tolerance: float = 1e-3,
    max_iterations: int = 1_000_000,
) -> DualSolution:
    """Return the solution of the dual for the kernel matrix K.

    Each step takes the variable i that may rise and has the highest kink, and among those that may
    fall the j with which the objective gains most: for a difference of kinks d and a curvature
    a = K_ii + K_jj - 2 K_ij, moving the pair by t gains t d - t^2 a / 2, at most d^2 / (2 a).
    `smo_fast` takes the same steps in a fraction of the time.

    Parameters
    ----------
    K : array_like, shape (n, n)
        Kernel matrix of the training samples, symmetric. If it has negative eigenvalues (the
        sigmoid kernel), the result is a stationary point.
    y : array_like, shape (n,)
        Labels, -1 or +1, both present.
    C : float
        Weight of the sum of the hinge losses, > 0.
    tolerance : float, default 1e-3
        Stop when the highest kink is at most this far above the lowest, m(alpha) - M(alpha) in the
        paper: LIBSVM's ``eps``, scikit-learn's ``tol``. In units of the margin, > 0.
    max_iterations : int, default 1 000 000
        Steps, at least 1. At the limit there is a `ConvergenceWarning`.

    Returns
    -------
    DualSolution

    Raises
    ------
    ValueError
        If a shape does not fit, K is not finite or not symmetric, a label is not -1 or +1, there
        is one class only, or a parameter is out of its range.

    References
    ----------
    Platt (1998), "Fast training of support vector machines using sequential minimal optimization";
    Fan, Chen and Lin (2005), "Working set selection using second order information for training
    support vector machines", algorithm 2 (WSS 2).
    """
    K, y, C = two_class_problem(K, y, C)
    tolerance = as_number("tolerance", tolerance, above=0.0)
    max_iterations = as_count("max_iterations", max_iterations)
    lower, upper = box(y, C)
    diagonal = np.diagonal(K)
    signed = np.zeros_like(y)
    kinks = y.copy()
    n_iterations = 0
    while n_iterations < max_iterations:
        i = np.where(signed < upper, kinks, -np.inf).argmax()
        descents = np.where(signed > lower, kinks[i] - kinks, -np.inf)
        if descents.max() <= tolerance:
            break
        curvatures = np.maximum(diagonal[i] + diagonal - 2 * K[i], LEAST_CURVATURE)
        factors = 1 / np.sqrt(curvatures)
        j = (descents * factors).argmax()  # where the square root of twice the gain is largest

        room_i, room_j = upper[i] - signed[i], signed[j] - lower[j]
        step = min(descents[j] * factors[j] ** 2, room_i, room_j)
        # A variable that meets its bound gets the bound itself: a sum would miss it by rounding.
        signed[i] = upper[i] if step == room_i else signed[i] + step
        signed[j] = lower[j] if step == room_j else signed[j] - step
        kinks -= step * (K[i] - K[j])
        n_iterations += 1
    return judged_by_kkt(
        "smo", signed, K @ signed, y, C, n_iterations=n_iterations, tolerance=tolerance
    )


def two_class_problem(K: ArrayLike, y: ArrayLike, C: float) -> tuple[Array, Array, float]:
    """Return K, y and C in float64, or a ValueError that says what is wrong with them."""
    K, y = kernel_and_labels(K, y)
    require_both_classes(y)
    return K, y, as_number("C", C, above=0.0)


def require_both_classes(y: Array) -> None:
    """Refuse signs that are all equal: no hyperplane separates a class from nothing."""
    if abs(y.sum()) == y.size:
        raise ValueError(f"y must hold both -1 and +1, got only {y[0]:+g}")


def box(y: Array, C: float) -> tuple[Array, Array]:
    """Return the least and the largest value of each alpha_i y_i."""
    return np.where(y > 0, 0.0, -C), np.where(y > 0, C, 0.0)
