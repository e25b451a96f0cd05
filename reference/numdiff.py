"""Numeric derivatives with an error estimate that holds, and a test for kinks.

A derivative is taken along a line t -> f(x + t d). `plan_ladder` says at which t the function is
needed, `conclude` makes the derivative of the values: so whoever has the function (a program in
a jail, say) only evaluates it, and the differences are taken elsewhere. `directional_derivative`
and `gradient` do both for a function at hand.

One step size never fits: where f carries a large offset, a small step drowns in rounding; next to
a kink a large one jumps over it. So central differences are taken on a geometric ladder of steps,
extrapolated to step 0 (Richardson), and the entry of the tableau is taken whose neighbours agree
best (Ridders), with the rounding of f counted as error. A level on which the slopes from the left
and from the right do not approach each other has a kink among its steps, and that gap for an error;
the derivatives from the left and from the right must confirm the one that is taken.

References
----------
L. F. Richardson, "The approximate arithmetical solution by finite differences of physical
problems involving differential equations", Phil. Trans. R. Soc. A 210, 1911.
C. J. F. Ridders, "Accurate computation of F'(x) and F'(x) F''(x)", Advances in Engineering
Software 4(2), 1982.
J. J. Moré, S. M. Wild, "Estimating computational noise", SIAM J. Sci. Comput. 33(3), 2011.
J. J. Moré, S. M. Wild, "Estimating derivatives of noisy simulations", ACM Trans. Math. Softw.
38(3), 2012.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

RATIO = 4.0
"""Each step of the ladder is this many times smaller than the one before."""
N_LEVELS = 13
_FIRST_STEP = 0.25
"""Largest step, relative to x."""
_SMALLEST_SCALE = 1e-2
"""A smaller x may still stand in a function that varies over 1, so large steps are tried too."""
_MOST_LEVELS = 28
_TINY_STEP = 1e-12
"""Relative to x: far below what single precision resolves, well above double's rounding."""
_N_COLUMNS = 5
_N_SMALLEST = 4
_N_FLAT = 3
"""On so many of the smallest steps a function stands still that is flat as far as it can tell."""
_CONSTANT = 1.0
"""Size of the constants within a function that stands still: 1 + x loses an x of 1e-17."""
_TRUST = 2.0
"""An estimate on smaller steps contradicts one on larger steps beyond this many of its errors."""
_KINK_FACTOR = 8.0
_KINK_RTOL = 1e-7
_EPS64 = float(np.finfo(np.float64).eps)
_EPS32 = float(np.finfo(np.float32).eps)


@dataclass(frozen=True, slots=True)
class Derivative:
    """A numeric derivative along a line, and how far it can be trusted."""

    value: float
    """NaN where the function was finite at too few steps."""
    error: float
    """Estimated absolute error; the true one exceeds four times it practically never."""
    is_kink: bool
    """Whether the derivatives from the left and from the right differ: `value` means nothing."""
    left: float
    right: float
    is_low_precision: bool
    """Whether the function computes in single precision, so that the error is that of float32."""
    n_evaluations: int
    is_flat: bool = False
    """Whether the function is the same to the last bit on the smallest steps."""


def plan_ladder(x_scale: float, direction_scale: float) -> tuple[float, ...]:
    """Return the t at which a function must be evaluated along x + t d.

    Parameters
    ----------
    x_scale : float
        Largest magnitude of x over the entries that d moves; 0 where they are all zero.
    direction_scale : float
        Largest magnitude of d, not 0.

    Returns
    -------
    tuple of float
        0 first, then two tiny steps that show single precision, then +h and -h for each h of the
        ladder, largest first.
    """
    largest = max(x_scale, _SMALLEST_SCALE)
    # from a scale of 1e-2 down to that of x itself, so that either may be the one f varies on
    decline = math.log(largest) - math.log(x_scale) if x_scale else 0.0
    n_levels = min(N_LEVELS + math.ceil(decline / math.log(RATIO)), _MOST_LEVELS)
    first = _FIRST_STEP * largest / direction_scale
    tiny = _TINY_STEP * (x_scale or largest) / direction_scale
    ladder = (first * RATIO**-k for k in range(n_levels))
    return (0.0, tiny, -tiny, *(sign * h for h in ladder for sign in (1.0, -1.0)))


def conclude(
    steps: Sequence[float],
    values: Sequence[float] | Floats,
    *,
    magnitude: float | None = None,
    hidden: float = 0.0,
) -> Derivative:
    """Return the derivative at t = 0 from the values at the steps of `plan_ladder`.

    Parameters
    ----------
    steps : sequence of float
        As `plan_ladder` returned them.
    values : sequence of float
        The function at each step; what is not finite is left out.
    magnitude : float, optional
        Size of the numbers that cancel within f, where it is known to be more than abs(f): the
        rounding noise of f is in proportion to it.
    hidden : float
        Size of the numbers within f that may have been rounded away, 1 at least. It counts only
        where f stands still on the smallest steps: a loss of exactly 0 does not show what it is
        made of.

    Returns
    -------
    Derivative
    """
    heights = [float(v) for v in values]
    f0 = heights[0]
    rungs = _finite_rungs(steps[3::2], heights[3::2], heights[4::2])
    nothing = Derivative(math.nan, math.inf, False, math.nan, math.nan, False, len(heights))
    if len(rungs) < 3 or not math.isfinite(f0):
        return nothing
    size = max(abs(f0), magnitude or 0.0)
    eps = _EPS64
    derivative = _differentiate(rungs, f0, size, eps)
    is_low = _is_single_precision(steps, heights, derivative[0].value, size)
    is_flat = all(r.plus == r.minus == f0 for r in rungs[-_N_FLAT:])
    if is_flat:
        size = max(size, min(max(hidden, _CONSTANT), _first_change(rungs, f0) / eps))
        derivative = _differentiate(rungs, f0, size, eps)
    if is_low:
        # an operation or two more are rounded than the last
        eps = 4 * _EPS32
        derivative = _differentiate(rungs, f0, size, eps)
    noise = _measure_noise(rungs, derivative[0].value)
    if noise > 4 * eps * (size + abs(derivative[0].value) * rungs[0].h):
        derivative = _differentiate(rungs, f0, noise / eps, eps)
    central, left, right = derivative
    gap = abs(right.value - left.value)
    is_kink = gap > _KINK_FACTOR * (left.error + right.error) + _KINK_RTOL * max(
        abs(left.value), abs(right.value)
    )
    # among many small kinks all may agree by chance, but hardly on one slope from three sides
    spread = max(abs(central.value - left.value), abs(central.value - right.value))
    return Derivative(
        value=central.value,
        error=max(central.error, gap / 2 if is_kink else spread),
        is_kink=is_kink,
        left=left.value,
        right=right.value,
        is_low_precision=is_low,
        n_evaluations=len(heights),
        is_flat=is_flat,
    )


@dataclass(frozen=True, slots=True)
class _Rung:
    """One step size, and the function on both sides of 0."""

    h: float
    plus: float
    minus: float


@dataclass(frozen=True, slots=True)
class _Estimate:
    value: float
    error: float


def _finite_rungs(
    sizes: Sequence[float], plus: Sequence[float], minus: Sequence[float]
) -> list[_Rung]:
    """Return the rungs from the smallest upwards to the first that is not finite."""
    rungs: list[_Rung] = []
    for h, p, m in zip(reversed(sizes), reversed(plus), reversed(minus), strict=True):
        if not (math.isfinite(p) and math.isfinite(m)):
            break
        rungs.append(_Rung(h, p, m))
    return rungs[::-1]


def _differentiate(
    rungs: list[_Rung], f0: float, size: float, eps: float
) -> tuple[_Estimate, _Estimate, _Estimate]:
    """Return the central, the left and the right derivative."""
    x_size = rungs[0].h / _FIRST_STEP
    central = [(r.plus - r.minus) / (2 * r.h) for r in rungs]
    # f is rounded, and so is x + h d, which f turns into an error in proportion to its slope
    noise = [
        eps * (max(abs(r.plus), abs(r.minus), size) + abs(slope) * x_size) / r.h
        for r, slope in zip(rungs, central, strict=True)
    ]
    right = [(r.plus - f0) / r.h for r in rungs]
    left = [(f0 - r.minus) / r.h for r in rungs]
    # without a kink among the steps, what is between left and right goes to 0 with them
    gaps = _tabulate([b - a for a, b in zip(left, right, strict=True)], noise, 1, 2)
    jumps = [abs(gap) / 2 for _, gap in gaps]
    return (
        extrapolate(central, noise, first_order=2, order_step=2, least_errors=jumps),
        extrapolate(left, noise, first_order=1, order_step=1),
        extrapolate(right, noise, first_order=1, order_step=1),
    )


def _first_change(rungs: list[_Rung], f0: float) -> float:
    """Return the smallest change of f that is seen: it is rounded no more coarsely than that."""
    changes = (abs(height - f0) for r in rungs for height in (r.plus, r.minus))
    return min((change for change in changes if change > 0), default=math.inf)


def _measure_noise(rungs: list[_Rung], slope: float) -> float:
    """Return how far f lies off its tangent on the smallest steps, where it cannot bend.

    Where large terms cancel to a small f, its rounding is larger than f betrays. Only the odd
    part of f is looked at, so that neither a kink at 0 nor the curvature is taken for noise.
    """
    return 2 * max(abs((r.plus - r.minus) / 2 - slope * r.h) for r in rungs[-_N_SMALLEST:])


def extrapolate(
    slopes: list[float],
    noise: list[float],
    first_order: int,
    order_step: int,
    least_errors: Sequence[float] = (),
) -> _Estimate:
    """Return the entry of the Richardson tableau that its neighbours confirm best.

    On large steps two neighbours can agree by chance (a fast oscillation, a kink that both jump
    over), so the best entry of each level is also held against those of all smaller steps: by
    what it lies outside their own error bounds, its error grows. `least_errors` are what is
    known otherwise of the error on each level.
    """
    best_of_level = _tabulate(slopes, noise, first_order, order_step)
    if least_errors:
        best_of_level = [
            (max(error, least), value)
            for (error, value), least in zip(best_of_level, least_errors, strict=True)
        ]
    chosen = _Estimate(math.nan, math.inf)
    for level, (error, value) in sorted(enumerate(best_of_level), key=lambda one: one[1][0]):
        if not error < chosen.error:
            break
        contradicted = _contradicted(value, error, best_of_level[level + 1 :])
        if contradicted < chosen.error:
            chosen = _Estimate(value, contradicted)
    return chosen


def _tabulate(
    slopes: list[float], noise: list[float], first_order: int, order_step: int
) -> list[tuple[float, float]]:
    """Return error and value of the best entry of the Richardson tableau on each level.

    The error of an entry is its distance from both parents, plus twice its rounding.
    """
    weights = [RATIO ** (first_order + order_step * j) - 1 for j in range(_N_COLUMNS - 1)]
    best_of_level: list[tuple[float, float]] = []
    previous = [slopes[0]]
    for level in range(1, len(slopes)):
        entry, rounding = slopes[level], 2 * noise[level]
        row = [entry]
        best = (math.inf, entry)
        for above, weight in zip(previous, weights, strict=False):
            finer = entry + (entry - above) / weight
            error = max(abs(finer - entry), abs(finer - above)) + rounding
            if error < best[0]:
                best = (error, finer)
            row.append(finer)
            entry = finer
        best_of_level.append(best)
        previous = row
    return best_of_level


def _contradicted(value: float, error: float, finer: list[tuple[float, float]]) -> float:
    """Return the error of an estimate, seen from the estimates on smaller steps."""
    excess = (abs(v - value) - _TRUST * e for e, v in finer)
    return max(error, max(excess, default=0.0))


def _is_single_precision(
    steps: Sequence[float], heights: Sequence[float], slope: float, size: float
) -> bool:
    """Whether the values are those of a function that rounds to float32 on its way."""
    finite = np.array([v for v in heights if math.isfinite(v)])
    if np.all(finite == finite[0]):
        return False
    with np.errstate(over="ignore"):
        is_rounded = bool(np.all(finite.astype(np.float32) == finite))
    if is_rounded:
        # 0.5 or 3 fit any precision: only many digits that end where float32's end tell
        mantissas = np.frexp(finite)[0] * 2**16
        if np.any(mantissas != np.round(mantissas)):
            return True
    is_unmoved = heights[1] == heights[0] == heights[2]
    return is_unmoved and abs(slope) * steps[1] > 16 * _EPS64 * size


def directional_derivative(
    f: Callable[[Floats], float], x: Floats, direction: Floats
) -> Derivative:
    """Return the derivative of f at x along a direction.

    Parameters
    ----------
    f : callable
        Takes an array of the shape of x, returns a number.
    x, direction : ndarray
        Of one shape; the direction is not zero.

    Returns
    -------
    Derivative
    """
    x_scale, direction_scale = line_scales(x, direction)
    steps = plan_ladder(x_scale, direction_scale)
    with np.errstate(all="ignore"):
        values = [float(f(x + t * direction)) for t in steps]
    return conclude(steps, values)


def line_scales(x: Floats, direction: Floats) -> tuple[float, float]:
    """Return what `plan_ladder` needs: the scale of x where the direction moves it, and of d."""
    sizes = np.abs(direction)
    direction_scale = float(sizes.max())
    moved = np.abs(x[sizes > 0.1 * direction_scale])
    return float(moved.max(initial=0.0)), direction_scale


def gradient(f: Callable[[Floats], float], x: Floats) -> Floats:
    """Return the numeric gradient of f at x, entry by entry.

    Parameters
    ----------
    f : callable
        Takes an array of the shape of x, returns a number.
    x : ndarray

    Returns
    -------
    ndarray
        Of the shape of x; NaN in an entry along which f has a kink.
    """
    result = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        axis = np.zeros(x.shape)
        axis[index] = 1.0
        derivative = directional_derivative(f, x, axis)
        result[index] = math.nan if derivative.is_kink else derivative.value
    return result
