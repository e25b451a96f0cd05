"""A line search for the strong Wolfe conditions: how far to go along a direction of descent.

Let phi(a) be the loss at x + a * direction. A step a > 0 is taken if

    phi(a) <= phi(0) + c1 a phi'(0)      the loss fell enough for so long a step, and
    |phi'(a)| <= c2 |phi'(0)|            the slope is flat enough: the end of it is near.

The second condition makes the steps of a quasi-Newton method carry curvature: without it, its
approximation of the Hessian need not stay positive definite.

References
----------
Nocedal and Wright (2006), "Numerical optimization", section 3.1, algorithms 3.5 and
3.6, and eq. 3.59 for the interpolation.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import Array

LossAndGradient: TypeAlias = Callable[[Array], tuple[float, ArrayLike]]

_LONGEST_LEAP = 10.0
"""A step that is too short is made at most so many times longer, and at least twice as long."""
_EDGE = 0.1
"""A step between two others keeps this share of their distance from either."""
_ROUNDING = 100 * float(np.finfo(np.float64).eps)
"""Close to the minimum the loss falls by less than it is rounded: so much more of it is forgiven,
and the slope, which still has digits, decides."""


@dataclass(slots=True)
class Trial:
    """A step along the direction, and what the function is there.

    Attributes
    ----------
    step : float
        The a of x + a * direction.
    x, gradient : ndarray, shape (n,)
        The place, and the gradient of the loss there.
    loss, slope : float
        phi(a) and phi'(a) = gradient . direction. Where one of them is not finite, the loss is
        ``inf`` and the slope 0: too far, no matter by how much.
    """

    step: float
    x: Array
    loss: float
    gradient: Array
    slope: float


class LineSearch:
    """A search for a step from one place along one direction.

    Parameters
    ----------
    loss_and_gradient : callable
        Takes an ndarray of shape (n,), returns the loss there and its gradient.
    start : Trial
        Step 0: the place, and the slope there.
    direction : ndarray, shape (n,)
    c1, c2 : float
        Constants of the Wolfe conditions, 0 < c1 < c2 < 1.
    max_evaluations : int
        After so many calls of the function the search gives up.

    Raises
    ------
    ValueError
        If the constants are not 0 < c1 < c2 < 1.
    """

    def __init__(
        self,
        loss_and_gradient: LossAndGradient,
        start: Trial,
        direction: Array,
        *,
        c1: float = 1e-4,
        c2: float = 0.9,
        max_evaluations: int = 20,
    ) -> None:
        if not 0 < c1 < c2 < 1:
            raise ValueError(f"c1 and c2 must be 0 < c1 < c2 < 1, got {c1:g} and {c2:g}")
        self.loss_and_gradient = loss_and_gradient
        self.start = start
        self.direction = direction
        self.c1 = c1
        self.c2 = c2
        self.max_evaluations = max_evaluations
        self.n_evaluations = 0

    def find(self, first_step: float) -> Trial | None:
        """Return a step that meets both conditions, trying `first_step` first.

        Returns
        -------
        Trial or None
            Where the search gives up: the lowest step it has seen, or None if none is lower than
            the start. None, too, if the direction does not lead down.
        """
        if not self.start.slope < 0:
            return None
        before, step = self.start, first_step
        while self.n_evaluations < self.max_evaluations:
            trial = self._try(step)
            if self._is_good(trial):
                return trial
            if self._is_too_high(trial) or (before.step > 0 and trial.loss >= before.loss):
                return self._zoom(before, trial)
            if trial.slope >= 0:
                return self._zoom(trial, before)
            least, most = 2 * step, _LONGEST_LEAP * step
            step = min(max(_cubic_minimum(before, trial), least), most)
            before = trial
        return self._lower_than_start(before)

    def _zoom(self, low: Trial, high: Trial) -> Trial | None:
        """Return a step between `low`, the lowest so far, and `high`, with a minimum between."""
        while self.n_evaluations < self.max_evaluations:
            width = abs(high.step - low.step)
            middle = (low.step + high.step) / 2
            if width <= _ROUNDING * max(low.step, high.step):
                break
            step = _cubic_minimum(low, high)
            if not abs(step - middle) <= (0.5 - _EDGE) * width:
                step = middle + math.copysign((0.5 - _EDGE) * width, step - middle)
            trial = self._try(step)
            if self._is_good(trial):
                return trial
            if self._is_too_high(trial) or trial.loss >= low.loss:
                high = trial
            elif trial.slope * (high.step - low.step) >= 0:
                low, high = trial, low
            else:
                low = trial
        return self._lower_than_start(low)

    def _try(self, step: float) -> Trial:
        self.n_evaluations += 1
        x = self.start.x + step * self.direction
        return evaluate(self.loss_and_gradient, x, step, self.direction)

    def _is_too_high(self, trial: Trial) -> bool:
        fall = self.c1 * trial.step * self.start.slope
        return not trial.loss <= self.start.loss + fall + _ROUNDING * abs(self.start.loss)

    def _is_good(self, trial: Trial) -> bool:
        is_flat_enough = abs(trial.slope) <= -self.c2 * self.start.slope
        return is_flat_enough and not self._is_too_high(trial)

    def _lower_than_start(self, trial: Trial) -> Trial | None:
        return trial if trial.loss < self.start.loss else None


def evaluate(loss_and_gradient: LossAndGradient, x: Array, step: float, direction: Array) -> Trial:
    """Return the loss, the gradient and the slope at `x`, which is `step` along the direction.

    The gradient is copied: many functions write every gradient into the same array.
    """
    loss, gradient = loss_and_gradient(x)
    loss, gradient = float(loss), np.array(gradient, dtype=np.float64)
    if gradient.shape != x.shape:
        raise ValueError(
            f"loss_and_gradient must return a gradient of shape {x.shape}, got {gradient.shape}"
        )
    slope = float(gradient @ direction)
    if not (math.isfinite(loss) and math.isfinite(slope)):
        loss, slope = math.inf, 0.0
    return Trial(step, x, loss, gradient, slope)


def _cubic_minimum(one: Trial, other: Trial) -> float:
    """Return where the cubic with the losses and slopes of two steps is least.

    The middle between them if the cubic has no minimum; the first if the second is infinitely high.
    """
    if not math.isfinite(other.loss):
        return one.step
    gap = other.step - one.step
    middle = one.step + gap / 2
    d1 = one.slope + other.slope - 3 * (other.loss - one.loss) / gap
    discriminant = d1 * d1 - one.slope * other.slope
    if not discriminant >= 0:
        return middle
    d2 = math.copysign(math.sqrt(discriminant), gap)
    bottom = other.slope - one.slope + 2 * d2
    if bottom == 0:
        return middle
    return other.step - gap * (other.slope + d2 - d1) / bottom
