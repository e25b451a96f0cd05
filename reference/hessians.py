"""Hessians by numeric differentiation, with their error; and what they say about convexity.

The course's lecture on training a network: where the Hessian is positive semi-definite *everywhere*
the function is convex, and every stationary point is a global minimum. The squared error of linear
regression is such a function; the loss of a neural network is not.

References
----------
Abramowitz and Stegun (1964), "Handbook of Mathematical Functions", eq. 25.3.23 and 25.3.26 (the
differences); Boyd and Vandenberghe (2004), "Convex Optimization", sections 3.1.1 and 3.1.4 (the
chord, and the Hessian). The choice of the step is that of `reference.numdiff`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import as_float_array, as_number
from reference.numdiff import RATIO, Floats, conclude, extrapolate, plan_ladder

__all__ = [
    "Chord",
    "Definiteness",
    "Hessian",
    "find_nonconvexity",
    "hessian",
    "hessian_of_gradient",
    "is_positive_semidefinite",
]

_FIRST_STEP = 0.25
"""Largest step, relative to x or to 1: a function may vary over 1 where x is small."""
_N_LEVELS = 9
"""So many steps relative to x; smaller ones, squared, leave nothing but rounding."""
_MOST_LEVELS = 20
_ZERO_SCALE = 1e-2
"""What stands for the size of an x that is 0."""
_LEAST_LEVELS = 3
_TRUST = 4.0
"""The true error practically never exceeds the estimate by this factor."""
_EPS = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, slots=True)
class Hessian:
    """The second derivatives of a function at a point, and how far they can be trusted.

    Attributes
    ----------
    value : ndarray, shape (n, n)
        d^2 f / dx_i dx_j, symmetric, for the n entries of x in C order. NaN where it could not be
        found: f is finite on one side of x only, or at x alone.
    error : ndarray, shape (n, n)
        Estimated absolute error of each entry; the true one exceeds four times it practically
        never. Infinite where the value is NaN.
    n_evaluations : int
        How often the function, or its gradient, was evaluated.
    """

    value: Floats
    error: Floats
    n_evaluations: int

    @property
    def eigenvalue_error(self) -> float:
        """How wrong an eigenvalue may be: four times the largest row sum of `error`.

        No eigenvalue of a symmetric matrix moves by more than the spectral norm of what is added
        to it (Weyl's inequality), and that norm is at most the largest row sum of magnitudes.
        """
        return _TRUST * float(self.error.sum(axis=1).max(initial=0.0))


def hessian(f: Callable[[Floats], float], x: ArrayLike) -> Hessian:
    """Return the Hessian of a function from its values alone.

    d^2 f / dx_i dx_j is the difference of differences, (f(+ +) - f(+ -) - f(- +) + f(- -)) /
    (4 h_i h_j), where + and - are steps of x_i and x_j; for i = j it is the second difference with
    step 2 h. It is taken on a ladder of steps and extrapolated to step 0, as `reference.numdiff`
    does for the first derivative.

    Parameters
    ----------
    f : callable
        Takes an array of the shape of x, returns a number. It may be infinite or NaN beyond some
        steps from x.
    x : array_like, any shape
        The point.

    Returns
    -------
    Hessian
        Of about 20 n^2 evaluations. A second derivative has some 10 digits where a first one has
        13, for rounding is divided by h^2. At a kink of f the error is as large as the value.
        Where only the second derivative jumps, the value is the mean of both sides.

    Raises
    ------
    ValueError
        If x is not finite.
    """
    point = as_float_array("x", x).astype(np.float64)
    n = point.size
    scales = [abs(float(one)) for one in point.flat]
    n_evaluations = 0

    def at(i: int, step_i: float, j: int, step_j: float) -> float:
        nonlocal n_evaluations
        n_evaluations += 1
        moved = point.copy()
        moved.flat[i] += step_i
        moved.flat[j] += step_j
        with np.errstate(all="ignore"):
            return float(f(moved))

    value, error = np.empty((n, n)), np.empty((n, n))
    for i in range(n):
        for j in range(i + 1):
            levels = [
                _second_difference(
                    (at(i, h_i, j, h_j), at(i, h_i, j, -h_j)),
                    (at(i, -h_i, j, h_j), at(i, -h_i, j, -h_j)),
                    area=4 * h_i * h_j,
                    steps_in_x=scales[i] / h_i + scales[j] / h_j,
                )
                for h_i, h_j in _ladder(scales[i], scales[j])
            ]
            value[i, j], error[i, j] = value[j, i], error[j, i] = _to_step_zero(levels)
    return Hessian(value, error, n_evaluations)


def hessian_of_gradient(gradient: Callable[[Floats], ArrayLike], x: ArrayLike) -> Hessian:
    """Return the Hessian of a function whose gradient is known: the Jacobian of the gradient.

    Parameters
    ----------
    gradient : callable
        Takes an array of the shape of x, returns one of the same shape.
    x : array_like, any shape
        The point.

    Returns
    -------
    Hessian
        Of about 29 n evaluations, and with three digits more than `hessian`. It is the mean of the
        Jacobian and its transpose, and by what the two differ the error grows: a field whose
        Jacobian is not symmetric is the gradient of nothing. NaN where the gradient has a kink.

    Raises
    ------
    ValueError
        If x is not finite, or the gradient at x is not finite or of another shape.
    """
    point = as_float_array("x", x).astype(np.float64)
    n = point.size
    as_float_array("gradient(x)", gradient(point.copy()), shape=point.shape)
    n_evaluations = 1
    value, error = np.empty((n, n)), np.empty((n, n))
    for i in range(n):
        steps = plan_ladder(abs(float(point.flat[i])), 1.0)
        n_evaluations += len(steps)
        slopes = np.empty((len(steps), n))
        for row, step in zip(slopes, steps, strict=True):
            moved = point.copy()
            moved.flat[i] += step
            with np.errstate(all="ignore"):
                row[:] = np.asarray(gradient(moved)).ravel()
        for j in range(n):
            derivative = conclude(steps, slopes[:, j])
            is_kink = derivative.is_kink
            value[i, j] = math.nan if is_kink else derivative.value
            error[i, j] = math.inf if is_kink else derivative.error
    asymmetry = np.abs(value - value.T) / 2
    error = np.maximum((error + error.T) / 2, np.where(np.isnan(asymmetry), math.inf, asymmetry))
    return Hessian((value + value.T) / 2, error, n_evaluations)


@dataclass(frozen=True, slots=True)
class Definiteness:
    """Whether a symmetric matrix is positive semi-definite: true or false in a condition.

    Attributes
    ----------
    smallest_eigenvalue : float
    direction : ndarray, shape (n,)
        Its eigenvector v, of length 1: v^T H v is the eigenvalue, the curvature along v.
    tolerance : float
        An eigenvalue above minus this passes for non-negative.
    """

    smallest_eigenvalue: float
    direction: Floats
    tolerance: float

    def __bool__(self) -> bool:
        return self.smallest_eigenvalue >= -self.tolerance


def is_positive_semidefinite(H: ArrayLike, tolerance: float | None = None) -> Definiteness:
    """Return whether no eigenvalue of H is negative, with the smallest as evidence.

    Parameters
    ----------
    H : array_like, shape (n, n)
        Symmetric up to rounding.
    tolerance : float, optional
        How far below 0 an eigenvalue may lie; by default what rounding explains, n eps times the
        largest eigenvalue in magnitude. For a numeric Hessian take its `eigenvalue_error`.

    Returns
    -------
    Definiteness
        To be used as a bool: ``if is_positive_semidefinite(H)``.

    Raises
    ------
    ValueError
        If H is not square, not finite or not symmetric, or the tolerance is negative.
    """
    H = as_float_array("H", H, shape=("n", "n")).astype(np.float64)
    H = as_float_array("H", H, shape=(H.shape[0], H.shape[0]))
    asymmetry = np.abs(H - H.T).max()
    if asymmetry > 1e-8 * np.abs(H).max():
        raise ValueError(f"H must be symmetric, got entries that differ by {asymmetry:g}")
    eigenvalues, eigenvectors = np.linalg.eigh(H)
    if tolerance is None:
        tolerance = H.shape[0] * _EPS * float(np.abs(eigenvalues).max())
    tolerance = as_number("tolerance", tolerance, least=0.0)
    return Definiteness(float(eigenvalues[0]), eigenvectors[:, 0].copy(), tolerance)


@dataclass(frozen=True, slots=True)
class Chord:
    """Proof that a function is not convex: a chord whose middle lies below the function.

    Attributes
    ----------
    middle : ndarray
        The point.
    offset : ndarray, shape of the point
        The chord goes from middle - offset to middle + offset, in a direction of negative
        curvature.
    excess : float
        f(middle) - (f(middle + offset) + f(middle - offset)) / 2, positive beyond rounding; for a
        convex function it is never positive.
    curvature : float
        The smallest eigenvalue of the Hessian there.
    """

    middle: Floats
    offset: Floats
    excess: float
    curvature: float


def find_nonconvexity(f: Callable[[Floats], float], points: ArrayLike) -> Chord | None:
    """Return a proof that a function is not convex near one of the points, if there is one.

    Parameters
    ----------
    f : callable
        Takes an array, returns a number.
    points : array_like, shape (n_points, ...)
        Where to look; ``[x]`` for a single point x.

    Returns
    -------
    Chord or None
        At the first point where the Hessian has an eigenvalue that is negative beyond its error,
        and a chord along its eigenvector confirms it. None says that there was no such point among
        *these*: it is evidence that f is convex near them, and no proof that it is convex
        elsewhere. A point where the Hessian could not be found is no evidence at all.

    Raises
    ------
    ValueError
        If there is no point, or a point is not finite.
    """
    points = as_float_array("points", points).astype(np.float64)
    if points.ndim == 0 or points.size == 0:
        raise ValueError(f"points must hold at least one point, got shape {points.shape}")
    for point in points:
        curvatures = hessian(f, point)
        if not np.isfinite(curvatures.value).all():
            continue
        verdict = is_positive_semidefinite(curvatures.value, curvatures.eigenvalue_error)
        chord = None if verdict else _chord(f, point, verdict)
        if chord:
            return chord
    return None


def _chord(f: Callable[[Floats], float], middle: Floats, verdict: Definiteness) -> Chord | None:
    """Return the chord along a direction whose middle lies furthest below the function."""
    direction = verdict.direction.reshape(middle.shape)
    best: Chord | None = None
    scale = float(np.abs(middle).max())
    for step, _ in _ladder(scale, scale):
        offset = step * direction
        with np.errstate(all="ignore"):
            heights = [float(f(middle + sign * offset)) for sign in (0, 1, -1)]
        excess = heights[0] - (heights[1] + heights[2]) / 2
        is_beyond_rounding = excess > 64 * _EPS * max(map(abs, heights))
        if is_beyond_rounding and (best is None or excess > best.excess):
            best = Chord(middle.copy(), offset, excess, verdict.smallest_eigenvalue)
    return best


def _ladder(*scales: float) -> Iterator[tuple[float, ...]]:
    """Yield steps for entries of x of these sizes: from a quarter of them, or of 1, downwards.

    All of them shrink together, and until the last has become small beside its x.
    """
    largest = [max(scale, 1.0) for scale in scales]
    declines = [
        math.log(top) - math.log(scale or _ZERO_SCALE)
        for top, scale in zip(largest, scales, strict=True)
    ]
    n_levels = _N_LEVELS + math.ceil(max(declines) / math.log(RATIO))
    for k in range(min(n_levels, _MOST_LEVELS)):
        yield tuple(_FIRST_STEP * top * RATIO**-k for top in largest)


def _second_difference(
    plus: tuple[float, float], minus: tuple[float, float], *, area: float, steps_in_x: float
) -> tuple[float, float]:
    """Return a difference of differences over the area of its steps, and its rounding."""
    heights = (*plus, *minus)
    difference = (plus[0] - plus[1]) - (minus[0] - minus[1])
    # f is rounded, and so is each x + h, which f turns into an error in proportion to its slope
    size = max(map(abs, heights))
    spread = max(heights) - min(heights)
    return difference / area, _EPS * (4 * size + steps_in_x * spread) / area


def _to_step_zero(levels: list[tuple[float, float]]) -> tuple[float, float]:
    """Return second derivative and error, from the smallest step up to the first infinite one."""
    finite: list[tuple[float, float]] = []
    for level in reversed(levels):
        if not all(map(math.isfinite, level)):
            break
        finite.append(level)
    if len(finite) < _LEAST_LEVELS:
        return math.nan, math.inf
    differences, rounding = zip(*reversed(finite), strict=True)
    estimate = extrapolate(list(differences), list(rounding), first_order=2, order_step=2)
    return estimate.value, estimate.error
