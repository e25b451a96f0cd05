"""Certificates for support vector machines: how far a dual solution is from optimal.

The soft-margin SVM with kernel matrix K, labels y in {-1, +1} and C > 0 is

    primal   min over w, b    1/2 |w|^2 + C sum_i max(0, 1 - y_i (w . phi(x_i) + b))
    dual     max over alpha   sum_i alpha_i - 1/2 sum_ij alpha_i alpha_j y_i y_j K_ij
             subject to       0 <= alpha_i <= C,  sum_i alpha_i y_i = 0

with w = sum_i alpha_i y_i phi(x_i), so that w . phi(x_j) = sum_i alpha_i y_i K_ij. C multiplies the
*sum* of the hinge losses, not their mean, and the bias b is not regularised.

A certificate needs no second solver: any feasible alpha bounds the optimum from below, any (w, b)
bounds it from above, and the two meet only at the solution. An alpha that is not feasible bounds
nothing, so it is infinitely far from optimal. That includes an alpha with NaN: a student's answer
is to be judged, not to raise.

K is taken to be symmetric. If it is not positive semi-definite (the sigmoid kernel), the dual is
not concave and a certificate of 0 proves a stationary point, not the optimum.

References
----------
Cortes and Vapnik (1995), "Support-vector networks"; Schoelkopf and Smola (2002), "Learning with
Kernels", section 10.1; Keerthi et al. (2001), "Improvements to Platt's SMO algorithm".
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import Array, as_float_array, as_number, as_signs

FEASIBILITY_TOLERANCE = 1e-8
"""Rounding that a solver is allowed in the constraints, relative to the numbers in them."""


def svm_dual_objective(K: ArrayLike, y: ArrayLike, alpha: ArrayLike) -> float:
    """Return sum(alpha) - 1/2 sum_ij alpha_i alpha_j y_i y_j K_ij.

    Parameters
    ----------
    K : array_like, shape (n, n)
        Kernel matrix of the training samples, symmetric.
    y : array_like, shape (n,)
        Labels, -1 or +1.
    alpha : array_like, n entries
        Dual variables, feasible or not.

    Returns
    -------
    float
        ``-inf`` if `alpha` has a NaN or an infinity.

    Raises
    ------
    ValueError
        If a shape does not fit, a label is not -1 or +1, or K is not finite or not symmetric.
    """
    K, y = kernel_and_labels(K, y)
    alpha = _dual_variables(alpha, y.size)
    if not np.isfinite(alpha).all():
        return -math.inf
    signed = alpha * y
    return float(alpha.sum() - 0.5 * signed @ K @ signed)


def svm_primal_objective(
    K: ArrayLike, y: ArrayLike, C: float, alpha: ArrayLike, b: float | None = None
) -> float:
    """Return 1/2 |w|^2 + C sum_i max(0, 1 - y_i f(x_i)) at the w that `alpha` stands for.

    Parameters
    ----------
    K, y, alpha
        As in `svm_dual_objective`.
    C : float
        Weight of the sum of the hinge losses, > 0.
    b : float, optional
        The bias; without it the best one, `svm_best_bias`.

    Returns
    -------
    float
        ``inf`` if `alpha` has a NaN or an infinity.

    Raises
    ------
    ValueError
        As `svm_dual_objective`; also if C <= 0 or b is not finite.
    """
    K, y = kernel_and_labels(K, y)
    C = as_number("C", C, above=0.0)
    signed = _dual_variables(alpha, y.size) * y
    if not np.isfinite(signed).all():
        return math.inf
    scores = K @ signed
    bias = best_bias(scores, y) if b is None else as_number("b", b)
    hinge = np.maximum(0, 1 - y * (scores + bias))
    return float(0.5 * signed @ scores + C * hinge.sum())


def svm_best_bias(K: ArrayLike, y: ArrayLike, alpha: ArrayLike) -> float:
    """Return the b that makes the sum of the hinge losses least, for the w of `alpha`.

    The sum is piecewise linear and convex in b. Sample i adds a kink at b = y_i - w . phi(x_i), and
    each kink raises the slope by exactly 1, from -(number of positives) far left to +(number of
    negatives) far right. So between the kinks of rank n_positive and n_positive + 1 (in ascending
    order) the slope is 0: the middle of that interval is returned. This is exact, and needs no
    support vector strictly inside the box. With only one class, every b beyond the outermost kink
    is best, and that kink is returned.

    Parameters and errors are those of `svm_dual_objective`; here `alpha` must be finite.

    Returns
    -------
    float
    """
    K, y = kernel_and_labels(K, y)
    alpha = as_float_array("alpha", _dual_variables(alpha, y.size))
    return best_bias(K @ (alpha * y), y)


def svm_duality_gap(
    K: ArrayLike, y: ArrayLike, C: float, alpha: ArrayLike, *, relative: bool = True
) -> float:
    """Return the gap between the primal and the dual objective at `alpha`: 0 at the optimum only.

    Parameters
    ----------
    K, y, alpha
        As in `svm_dual_objective`.
    C : float
        Weight of the sum of the hinge losses, > 0.
    relative : bool, default True
        Divide the gap by max(|primal|, |dual|). The figure then does not change when the data, C
        or the number of samples are scaled, and bounds the relative error of the objective.

    Returns
    -------
    float
        Never negative. ``inf`` if `alpha` is not feasible: outside [0, C], or sum(alpha * y) not 0,
        by more than rounding (`FEASIBILITY_TOLERANCE`, relative to C and to sum(alpha)), or NaN.

    Raises
    ------
    ValueError
        As `svm_dual_objective`; also if C <= 0.

    Notes
    -----
    With the best bias b, slack xi_i = max(0, 1 - m_i) and margin m_i = y_i f(x_i), the gap is

        sum_i alpha_i (m_i - 1 + xi_i) + sum_i (C - alpha_i) xi_i,

    the complementary slackness of each sample. Every term is >= 0, so nothing cancels, as it would
    in the difference of two objectives that agree to ten digits.
    """
    K, y = kernel_and_labels(K, y)
    C = as_number("C", C, above=0.0)
    alpha = _dual_variables(alpha, y.size)
    if not is_feasible(alpha, y, C):
        return math.inf
    return gap_at(K @ (alpha * y), y, C, alpha, relative=relative)


def svm_linear_duality_gap(
    X: ArrayLike,
    y: ArrayLike,
    C: float,
    alpha: ArrayLike,
    *,
    has_bias: bool = True,
    relative: bool = True,
) -> float:
    """Return `svm_duality_gap` for the linear kernel, from X alone.

    K = X X' would be an n x n matrix; w = X' (alpha * y) gives the scores X w for the price of
    reading X twice.

    Parameters
    ----------
    X : array_like, shape (n, n_features)
        Training samples.
    y, C, alpha, relative
        As in `svm_duality_gap`.
    has_bias : bool, default True
        Whether the decision function has a bias b. Without one the dual has no constraint
        sum(alpha * y) = 0.

    Returns
    -------
    float
        As `svm_duality_gap`.

    Raises
    ------
    ValueError
        If a shape does not fit, a number is not finite, a label is not -1 or +1, or C <= 0.
    """
    y = as_signs("y", y)
    X = as_float_array("X", X, shape=(y.size, "n_features")).astype(np.float64)
    C = as_number("C", C, above=0.0)
    alpha = _dual_variables(alpha, y.size)
    if not is_feasible(alpha, y, C, has_bias=has_bias):
        return math.inf
    # Only the bias notices a shift, and far from the origin the products keep their digits.
    centred: Array = X - X.mean(axis=0) if has_bias else X
    scores = centred @ (centred.T @ (alpha * y))
    return gap_at(scores, y, C, alpha, has_bias=has_bias, relative=relative)


def svm_kkt_violation(
    K: ArrayLike, y: ArrayLike, C: float, alpha: ArrayLike, b: float | None = None
) -> float:
    """Return by how much the worst sample violates the Karush-Kuhn-Tucker conditions.

    With the margin m_i = y_i f(x_i), they are: m_i >= 1 where alpha_i = 0; m_i = 1 where
    0 < alpha_i < C; m_i <= 1 where alpha_i = C.

    Parameters
    ----------
    K, y, alpha
        As in `svm_dual_objective`.
    C : float
        Weight of the sum of the hinge losses, > 0.
    b : float, optional
        The bias. Without it, the one with the least violation: half-way between the two samples
        that pull hardest in opposite directions.

    Returns
    -------
    float
        In units of the margin (the functional margin of a support vector is 1); 0 at the optimum.
        ``inf`` if `alpha` is not feasible, as in `svm_duality_gap`. Without `b` it is half of
        m(alpha) - M(alpha), the quantity that LIBSVM compares with its tolerance.

    Raises
    ------
    ValueError
        As `svm_dual_objective`; also if C <= 0 or b is not finite.

    Notes
    -----
    Whether a variable is at a bound is decided up to rounding (`FEASIBILITY_TOLERANCE`, relative
    to C and to the largest alpha): an interior-point method never quite reaches 0.

    References
    ----------
    Fan, Chen and Lin (2005), "Working set selection using second order information for training
    support vector machines", eq. 6.
    """
    K, y = kernel_and_labels(K, y)
    C = as_number("C", C, above=0.0)
    alpha = _dual_variables(alpha, y.size)
    bias = None if b is None else as_number("b", b)
    if not is_feasible(alpha, y, C):
        return math.inf
    return violation_at(K @ (alpha * y), y, C, alpha, bias)


def gap_at(
    scores: Array,
    y: Array,
    C: float,
    alpha: Array,
    *,
    has_bias: bool = True,
    relative: bool = True,
) -> float:
    """Return `svm_duality_gap` for scores w . phi(x_i) and a feasible alpha, unchecked."""
    alpha = np.clip(alpha, 0, C)
    signed = alpha * y
    bias = best_bias(scores, y) if has_bias else 0.0
    margin = y * (scores + bias)
    slack = np.maximum(0, 1 - margin)
    gap = float(alpha @ (margin - 1 + slack) + (C - alpha) @ slack + abs(bias * signed.sum()))
    if not relative or gap == 0:
        return gap
    squared_norm = float(signed @ scores)
    primal = 0.5 * squared_norm + C * float(slack.sum())
    dual = float(alpha.sum()) - 0.5 * squared_norm
    return gap / max(abs(primal), abs(dual))


def violation_at(
    scores: Array, y: Array, C: float, alpha: Array, bias: float | None = None
) -> float:
    """Return `svm_kkt_violation` for scores at hand and a feasible alpha, unchecked."""
    kinks = y - scores
    is_above_zero = alpha > FEASIBILITY_TOLERANCE * alpha.max()
    is_below_c = alpha < C * (1 - FEASIBILITY_TOLERANCE)
    # A sample asks for b >= kink or for b <= kink, by which way its alpha_i y_i may still move.
    is_lower_bound = np.where(y > 0, is_below_c, is_above_zero)
    is_upper_bound = np.where(y > 0, is_above_zero, is_below_c)
    highest = kinks[is_lower_bound].max(initial=-math.inf)
    lowest = kinks[is_upper_bound].min(initial=math.inf)
    if bias is None:
        return max(0.0, float(highest - lowest) / 2)
    return max(0.0, float(highest - bias), float(bias - lowest))


def best_bias(scores: Array, y: Array) -> float:
    """Return `svm_best_bias` for scores w . phi(x_i) at hand, unchecked."""
    kinks = np.sort(y - scores)
    n_positive = int(np.count_nonzero(y > 0))
    left = kinks[max(n_positive - 1, 0)]
    right = kinks[min(n_positive, kinks.size - 1)]
    return float(left + (right - left) / 2)


def kernel_and_labels(K: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    """Return K and y in float64, or a ValueError that says what is wrong with them."""
    y = as_signs("y", y)
    K = as_float_array("K", K, shape=(y.size, y.size)).astype(np.float64)
    asymmetry = np.abs(K - K.T).max()
    if asymmetry > 1e-6 * np.abs(K).max():
        raise ValueError(f"K must be symmetric, got entries that differ by {asymmetry:g}")
    return K, y


def _dual_variables(alpha: ArrayLike, n: int) -> Array:
    variables = np.asarray(alpha)
    if variables.dtype.kind not in "biuf":
        raise ValueError(f"alpha must be real numbers, got dtype {variables.dtype}")
    if variables.size != n:
        raise ValueError(
            f"alpha must have one entry for each of the {n} samples, got shape {variables.shape}"
        )
    return variables.astype(np.float64).reshape(n)


def is_feasible(alpha: Array, y: Array, C: float, *, has_bias: bool = True) -> bool:
    """Whether alpha meets the dual's constraints up to rounding; NaN never does."""
    smallest, largest = float(alpha.min()), float(alpha.max())
    if not (smallest >= -FEASIBILITY_TOLERANCE * largest):
        return False
    if not (largest <= C * (1 + FEASIBILITY_TOLERANCE)):
        return False
    if not has_bias:
        return True
    return abs(float(alpha @ y)) <= FEASIBILITY_TOLERANCE * float(np.abs(alpha).sum())
