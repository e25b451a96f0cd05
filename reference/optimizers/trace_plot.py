"""Reading a trace plot: what the losses of a training say about its learning rate.

A trace plot shows the loss after each step or epoch of gradient descent. Four shapes are known:

    too_small          the loss falls, but nearly on a straight line: most of the way is still ahead
    too_large          the loss rises, or swings to and fro instead of settling
    not_yet_converged  most of the way is done, and the loss still falls
    converged          the loss has fallen, and does not move any more

Only the shape counts, not the unit of the loss and not what it is at best. So no trace can tell a
local minimum from the global one, or a bottom from a plateau that the descent will leave later.

References
----------
Goodfellow, Bengio and Courville (2016), "Deep Learning", section 8.3.1 and figure 8.1; Smith
(2018), "A disciplined approach to neural network hyper-parameters", section 4.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import Array, as_number

TraceVerdict: TypeAlias = Literal["too_small", "too_large", "not_yet_converged", "converged"]

LEAST_LOSSES = 10
"""A shorter trace has no shape."""
_LATE_SHARE_OF_A_LINE = 0.4
"""Of a fall like exp(-k t) up to T, the second half brings q / (1 + q), with q = exp(-k T / 2): 1/2
where it is a straight line still, and 0.41 when half of the way to the bottom is done."""
_LARGEST_SWING = 0.25
"""Noise of mini-batches swings, too, but by less of what the loss has fallen in all."""


@dataclass(frozen=True, slots=True)
class TraceDiagnosis:
    """What a trace plot shows, and from what that is seen.

    Attributes
    ----------
    verdict : {"too_small", "too_large", "not_yet_converged", "converged"}
    evidence : str
        What in the trace says so, in figures.
    advice : str
        What to do about it.
    """

    verdict: TraceVerdict
    evidence: str
    advice: str


_ADVICE: dict[TraceVerdict, str] = {
    "too_small": "raise the learning rate, three times or ten times, and look again",
    "too_large": "lower the learning rate to a third or a tenth, or let it decay",
    "not_yet_converged": "train longer; the learning rate will do",
    "converged": "nothing: more training changes little",
}


def diagnose_trace(losses: ArrayLike, *, tolerance: float = 0.01) -> TraceDiagnosis:
    """Return what a trace plot says about the learning rate.

    Parameters
    ----------
    losses : array_like, shape (n,)
        The loss at the start and after each step, 10 numbers or more. ``inf`` and NaN are what a
        descent that diverges leaves, however short it was. Of mini-batches take the loss of all
        samples, or the mean over each epoch: the losses of single batches differ because their
        samples do.
    tolerance : float, default 0.01
        The loss stands still if in the last third of the time it fell by less than this share of
        all that it fell. In (0, 1).

    Returns
    -------
    TraceDiagnosis

    Raises
    ------
    ValueError
        If `losses` is no vector of real numbers, is too short or does not begin with a finite
        number, or if `tolerance` is out of its range.

    Notes
    -----
    The rules, in order, with the fall = first loss - lowest loss:

    1. too small, if nothing changes at all (or, by a rare chance, too large: the advice says how to
       tell);
    2. too large, if a loss is not finite, or none is below the first;
    3. too large, if in the second half the loss rises again, or at the end stands above its lowest,
       by more than a quarter of the fall;
    4. too small, if the second half brings 40 % of the fall or more;
    5. not yet converged, if the last third brings more than the tolerance, and more than the loss
       went up and down meanwhile; else converged.

    The levels that are compared are medians over a twentieth of the trace, so single noisy losses
    decide nothing.
    """
    trace = _as_trace(losses)
    tolerance = as_number("tolerance", tolerance, above=0.0, below=1.0)
    if (trace == trace[0]).all():
        return TraceDiagnosis(
            "too_small",
            "the loss does not change at all: the steps are lost in rounding, or they lead from "
            "one side of a valley to the other, just as high up",
            "look at the weights: where they stand still, raise the learning rate; where they hop "
            "to and fro, lower it",
        )
    verdict, evidence = _judge(trace, tolerance)
    return TraceDiagnosis(verdict, evidence, _ADVICE[verdict])


def _judge(trace: Array, tolerance: float) -> tuple[TraceVerdict, str]:
    if not np.isfinite(trace).all():
        when = int(np.argmin(np.isfinite(trace)))
        return "too_large", f"the loss overflows at step {when}"
    fall = float(trace[0] - trace.min())
    if fall == 0:
        return "too_large", f"the loss never falls, and rises to {trace.max():.3g}"
    late = trace[len(trace) // 2 :]
    swing = float((late - np.minimum.accumulate(late)).max())
    end = _level(trace, 1.0)
    rise = max(swing, end - float(trace.min()))
    if rise > _LARGEST_SWING * fall:
        return "too_large", (
            f"the loss fell by {fall:.3g} in all, and late in the training it rises again by "
            f"{rise:.3g}, {_percent(rise / fall)} of that"
        )
    late_share = (_level(trace, 0.5) - end) / fall
    if late_share >= _LATE_SHARE_OF_A_LINE:
        return "too_small", (
            f"the second half of the training brings {_percent(late_share)} of the fall: it is "
            f"nearly a straight line, with most of the way ahead"
        )
    last_share = (_level(trace, 2 / 3) - end) / fall
    in_figures = f"the last third of the training brings {_percent(last_share)} of the fall"
    if last_share > max(tolerance, swing / fall):
        return "not_yet_converged", f"{in_figures}: the loss has not come to the bottom"
    return "converged", f"{in_figures}: the loss stands still"


def _level(trace: Array, at: float) -> float:
    """Return the median of a twentieth of the trace around (at the end: before) a share of it."""
    width = max(1, len(trace) // 20)
    start = min(round(at * (len(trace) - 1)) - width // 2, len(trace) - width)
    return float(np.median(trace[start : start + width]))


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _as_trace(losses: ArrayLike) -> Array:
    trace = np.asarray(losses)
    if trace.dtype.kind not in "iuf" or trace.ndim != 1 or len(trace) == 0:
        raise ValueError(
            f"losses must be a vector of real numbers, got shape {trace.shape} of {trace.dtype}"
        )
    trace = trace.astype(np.float64)
    if not math.isfinite(trace[0]):
        raise ValueError(f"losses must begin with a finite number, got {trace[0]:g}")
    if np.isfinite(trace).all() and len(trace) < LEAST_LOSSES:
        raise ValueError(f"losses must be {LEAST_LOSSES} or more numbers, got {len(trace)}")
    return trace
