"""The linear support vector machine by an interior-point method, without a kernel matrix.

With A = diag(y) X the dual of `reference.svm.certificates` is the quadratic program

    min over alpha    1/2 |A' alpha|^2 - sum(alpha)    subject to    y . alpha = 0, 0 <= alpha <= C

Each bound gets a multiplier: at_zero_i >= 0 for alpha_i >= 0 and at_c_i >= 0 for room_i = C -
alpha_i >= 0. An optimum is where these four conditions hold:

    A A' alpha - 1 + b y - at_zero + at_c = 0      (b is the bias, at_c the slack of each sample)
    y . alpha = 0,    alpha_i at_zero_i = 0,    room_i at_c_i = 0

An interior-point method keeps alpha, room, at_zero and at_c positive, takes Newton steps towards
products that are all equal to some mu > 0, and lets mu go to 0. Ten to twenty steps suffice,
whatever the number of samples: SMO needs hundreds of thousands on the same problems.

w = A' alpha is a variable of its own. Then each Newton step comes down to one system of the size
of (w, b), whose matrix I + A' D^-1 A (D diagonal) costs O(n n_features^2). That is Woodbury's
formula for the n x n matrix D + A A', but it measures in every step how far w and A' alpha are
apart and takes that out, where the formula by itself would let rounding grow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import Array, as_count, as_float_array, as_number, as_signs
from reference.convergence import warn_not_converged
from reference.svm.certificates import best_bias, gap_at, violation_at
from reference.svm.dual_smo import require_both_classes
from reference.svm.solution import DualSolution

_STEP_SHARE = 0.995
"""Of the way to the nearest bound: the iterates stay inside."""


@dataclass(frozen=True, slots=True)
class _Iterate:
    """The variables of the conditions, or a step of each.

    `weights` is w, and b if there is a bias; the rows of `positive` are alpha, room, at_zero and
    at_c, in one array because most of what is done to one is done to all.
    """

    weights: Array
    positive: Array

    @property
    def complementarity(self) -> float:
        """The sum of the products that are to vanish: the duality gap, once the rest holds."""
        return float(np.vdot(self.positive[:2], self.positive[2:]))

    def moved(self, step: _Iterate, share: float) -> _Iterate:
        return _Iterate(self.weights + share * step.weights, self.positive + share * step.positive)

    def share_to_the_bounds(self, step: _Iterate) -> float:
        """How much of `step` keeps what is positive so; at most 1."""
        return 1 / max(1.0, -float((step.positive / self.positive).min()))


def linear_svm_interior_point(
    X: ArrayLike,
    y: ArrayLike,
    C: float,
    *,
    has_bias: bool = True,
    tolerance: float = 1e-8,
    max_iterations: int = 100,
) -> DualSolution:
    """Return the solution of the dual for the linear kernel; w is X' (alpha * y).

    Parameters
    ----------
    X : array_like, shape (n, n_features)
        Training samples.
    y : array_like, shape (n,)
        Labels, -1 or +1, both present.
    C : float
        Weight of the sum of the hinge losses, > 0.
    has_bias : bool, default True
        Without a bias b is 0 and the dual has no constraint sum(alpha * y) = 0. A bias that is
        regularised like a weight (LIBLINEAR's) is a column of ones in X and no bias here.
    tolerance : float, default 1e-8
        Stop when the relative duality gap of `svm_linear_duality_gap` is no larger, > 0.
    max_iterations : int, default 100
        Newton steps, at least 1. At the limit there is a `ConvergenceWarning`.

    Returns
    -------
    DualSolution
        Of a machine without bias, `kkt_violation` is that at b = 0.

    Raises
    ------
    ValueError
        If a shape does not fit, X is not finite, a label is not -1 or +1, there is one class only,
        or a parameter is out of its range.

    References
    ----------
    Mehrotra (1992), "On the implementation of a primal-dual interior point method"; Colombo and
    Gondzio (2008), "Further development of multiple centrality correctors for interior point
    methods", section 3 (the weight of the correction); Ferris and Munson (2002), "Interior-point
    methods for massive support vector machines", section 3; Fine and Scheinberg (2001), "Efficient
    SVM training using low-rank kernel representations".
    """
    y = as_signs("y", y)
    X = as_float_array("X", X, shape=(y.size, "n_features")).astype(np.float64)
    require_both_classes(y)
    C = as_number("C", C, above=0.0)
    tolerance = as_number("tolerance", tolerance, above=0.0)
    max_iterations = as_count("max_iterations", max_iterations)

    # With a bias, moving the samples changes nothing but the bias; far from the origin their
    # products would lose digits. Their size is taken out too: it only changes the unit of C.
    centred = X - X.mean(axis=0) if has_bias else X
    size = float(np.sqrt((centred * centred).sum(axis=1).mean())) or 1.0
    # w lies in the span of the samples: with more features than samples, n coordinates suffice.
    if X.shape[1] > X.shape[0]:
        centred = np.linalg.qr(centred.T)[1].T
    columns = (centred / size) * y[:, np.newaxis]
    decay = np.ones(columns.shape[1])
    if has_bias:
        # The bias as the weight of a feature that is 1, and that nothing regularises.
        columns, decay = np.column_stack((columns, y)), np.append(decay, 0.0)
    columns = np.asfortranarray(columns)  # each step multiplies all of them by one vector
    unit = size**2
    at = _start(y, unit * C, decay)
    best, least_gap = np.zeros_like(y), np.inf
    for n_iterations in range(max_iterations + 1):
        objective = float(at.positive[0].sum() - 0.5 * (decay * at.weights) @ at.weights)
        is_last = n_iterations == max_iterations
        # A certificate costs as much as a step, and is hopeless while the products are large.
        if at.complementarity <= 100 * tolerance * abs(objective) or is_last:
            alpha = _on_the_bounds(at, columns, decay, y, unit * C)
            scores = y * (columns @ (decay * (columns.T @ alpha)))
            gap = gap_at(scores, y, unit * C, alpha, has_bias=has_bias)
            if gap < least_gap:
                best, least_gap = alpha, gap
            if least_gap <= tolerance or is_last:
                break
        at = _step(at, columns, decay)
    if least_gap > tolerance:
        warn_not_converged(
            "linear_svm_interior_point", n_iterations, "the duality gap", least_gap, tolerance
        )
    alpha = np.minimum(best / unit, C)  # the quotient may exceed C by rounding
    scores = X @ (X.T @ (alpha * y))
    b = best_bias(scores, y) if has_bias else 0.0
    return DualSolution(
        alpha=alpha,
        b=b,
        n_iterations=n_iterations,
        kkt_violation=violation_at(scores, y, C, alpha, None if has_bias else b),
        duality_gap=least_gap,
        has_converged=least_gap <= tolerance,
    )


def _start(y: Array, C: float, decay: Array) -> _Iterate:
    """Return w = 0, and alpha half-way to C for the smaller class, to the same sum for the larger.

    w = 0 has slacks of 1, so multipliers of 1 suggest themselves; where C is large, sqrt(C) saves
    a third of the steps on the problems that take the most.
    """
    n_positive = np.count_nonzero(y > 0)
    n_of_class = np.where(y > 0, n_positive, y.size - n_positive)
    alpha = 0.5 * C * n_of_class.min() / n_of_class
    multipliers = np.full_like(y, max(1.0, np.sqrt(C)))
    return _Iterate(np.zeros_like(decay), np.stack((alpha, C - alpha, multipliers, multipliers)))


def _step(at: _Iterate, columns: Array, decay: Array) -> _Iterate:
    """One step of Mehrotra's predictor-corrector method.

    The predictor aims at products of 0 and shows how far one can get; the corrector aims at a
    common product mu, small if the predictor got far, and takes out the error of second order
    that the predictor made. Where the bounds allow less than half of the predictor, only in
    proportion: always taken out whole, it makes the iterates of some problems go in circles.
    """
    alpha, _, at_zero, at_c = at.positive
    multipliers_per_way = at.positive[2:] / at.positive[:2]
    inverse = 1 / (multipliers_per_way[0] + multipliers_per_way[1])
    matrix = columns.T @ (columns * inverse[:, np.newaxis])
    matrix.flat[:: decay.size + 1] += decay
    slope_residual = 1 - columns @ at.weights + at_zero - at_c
    weights_residual = columns.T @ alpha - decay * at.weights

    def newton_step(changes: Array) -> _Iterate:
        """The step that changes the products alpha at_zero and room at_c by so much."""
        to_multipliers = changes / at.positive[:2]
        right = slope_residual + to_multipliers[0] - to_multipliers[1]
        weights = _solve(matrix, columns.T @ (inverse * right) + weights_residual)
        positive = np.empty_like(at.positive)
        positive[0] = inverse * (right - columns @ weights)
        positive[1] = -positive[0]
        positive[2:] = to_multipliers - multipliers_per_way * positive[:2]
        return _Iterate(weights, positive)

    products = at.positive[:2] * at.positive[2:]
    predictor = newton_step(-products)
    share = at.share_to_the_bounds(predictor)
    reached = at.moved(predictor, share)
    mu = at.complementarity / products.size
    mu *= (reached.complementarity / at.complementarity) ** 3
    second_order = min(1.0, 2 * share) * predictor.positive[:2] * predictor.positive[2:]
    corrector = newton_step(mu - products - second_order)
    return at.moved(corrector, _STEP_SHARE * at.share_to_the_bounds(corrector))


def _solve(matrix: Array, right: Array) -> Array:
    try:
        return np.linalg.solve(matrix, right)
    except np.linalg.LinAlgError:
        # Where features abound, (w, b) is not unique to within rounding: any of the best will do.
        return np.linalg.lstsq(matrix, right, rcond=None)[0]


def _on_the_bounds(at: _Iterate, columns: Array, decay: Array, y: Array, C: float) -> Array:
    """Return a feasible alpha with exact zeros and Cs, which the iterates only approach.

    A variable belongs on a bound if it is closer to it than its multiplier is to 0, in the units
    of the problem. The others belong to samples on their margin. Near the optimum there are no more
    of these than weights, and they follow from y f(x) = 1 and from sum(alpha * y) = 0; before, they
    take back what the bounds have changed in w = A' alpha and in the sum.
    """
    near_zero, room, at_zero, at_c = at.positive
    alpha = np.clip(near_zero, 0, C)
    alpha[near_zero < at_zero * alpha.max()] = 0
    alpha[room < at_c * C] = C
    free = np.flatnonzero((alpha > 0) & (alpha < C))
    on_margin, sums = columns[free], columns.T @ alpha
    if free.size <= decay.size:
        # Where a weight is not regularised, its sum must vanish; else the sum is the weight.
        bias = on_margin[:, decay == 0]
        system = np.zeros((free.size + bias.shape[1],) * 2)
        system[: free.size, : free.size] = (on_margin * decay) @ on_margin.T
        system[: free.size, free.size :] = bias
        system[free.size :, : free.size] = bias.T
        missing = np.append(1 - on_margin @ (decay * sums), -sums[decay == 0])
        change = np.linalg.lstsq(system, missing, rcond=None)[0][: free.size]
    else:
        change = np.linalg.lstsq(on_margin.T, decay * at.weights - sums, rcond=None)[0]
    alpha[free] += change
    alpha = np.clip(alpha, 0, C)
    return alpha if decay.all() else _balanced(alpha, y, C)


def _balanced(alpha: Array, y: Array, C: float) -> Array:
    """Return alpha with sum(alpha * y) = 0, moved where there is room on both sides."""
    excess = float(alpha @ y)
    freedom = np.minimum(alpha, C - alpha)
    if abs(excess) < freedom.sum():
        return np.asarray(alpha - y * freedom * (excess / freedom.sum()))
    if excess:
        gives_way = y * excess > 0
        alpha[gives_way] *= 1 - abs(excess) / float(alpha[gives_way].sum())
    return alpha
