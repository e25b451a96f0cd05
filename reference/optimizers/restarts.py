"""Two ways out of a local minimum that is not the global one: random restarts, and noise.

Descent ends at a stationary point of the basin it starts in; where the loss is not convex, that
need not be the lowest. Neither way gives a guarantee: with more restarts, or with noise that cools
more slowly, it only becomes less likely to miss the lowest basin.

References
----------
Goodfellow, Bengio and Courville (2016), "Deep Learning", sections 8.2.2 and 8.2.3; Kirkpatrick,
Gelatt and Vecchi (1983), "Optimization by simulated annealing"; Neelakantan et al. (2015), "Adding
gradient noise improves learning for very deep networks", eq. 1.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import Array, as_count, as_float_array, as_number
from reference.optimizers.descent import Function
from reference.schedules import Schedule


class Minimum(Protocol):
    """What a minimiser returns: a place, and the loss there."""

    @property
    def x(self) -> Array:
        """The place."""

    @property
    def loss(self) -> float:
        """The loss there."""


MinimumT = TypeVar("MinimumT", bound=Minimum)


@dataclass(frozen=True, slots=True)
class RestartsResult(Generic[MinimumT]):
    """What came of all restarts.

    Attributes
    ----------
    best : DescentResult or LbfgsResult, as `minimize` returns it
        The one of the lowest loss; of several, the first.
    all : tuple
        Of every restart, in order. How often the best loss was reached again says how far to
        trust it.
    """

    best: MinimumT
    all: tuple[MinimumT, ...]


def random_restarts(
    minimize: Callable[[Array], MinimumT],
    draw_start: Callable[[np.random.Generator], ArrayLike],
    *,
    n_restarts: int,
    rng: np.random.Generator,
) -> RestartsResult[MinimumT]:
    """Return the lowest of the minima that are reached from several random starts.

    Parameters
    ----------
    minimize : callable
        Takes a start, an ndarray; returns a result with `x` and `loss`, as `gradient_descent` and
        `minimize_lbfgs` do. An optimizer must be made anew for each start.
    draw_start : callable
        Takes `rng`, returns a start: ``lambda rng: rng.normal(size=3)``.
    n_restarts : int
        Starts in all, >= 1.
    rng : numpy.random.Generator
        Where the starts come from.

    Returns
    -------
    RestartsResult

    Raises
    ------
    ValueError
        If there is not at least one start, a start is not finite, or a loss that is reached is not.
    """
    n_restarts = as_count("n_restarts", n_restarts)
    results = []
    for _ in range(n_restarts):
        result = minimize(as_float_array("draw_start(rng)", draw_start(rng)))
        as_number("the loss of minimize(x0)", result.loss)
        results.append(result)
    return RestartsResult(min(results, key=lambda one: one.loss), tuple(results))


def with_noise(
    loss_and_gradient: Function, scale: float | Schedule, rng: np.random.Generator
) -> Function:
    """Return the loss with a random slope added, a new one at each call.

    L(x) becomes L(x) + xi . x, and its gradient grad L(x) + xi, with independent normal xi of mean
    0. On average nothing changes, but a descent is pushed about, and out of a basin whose walls are
    lower than the push is hard. Noise that fades lets it come to rest at last, in a basin that is
    deep and wide.

    Parameters
    ----------
    loss_and_gradient : callable
        Takes an ndarray, returns the loss (float) and its gradient.
    scale : float or callable
        Standard deviation of each entry of xi, >= 0; or a schedule, which is given the number of
        calls made before (`reference.schedules`).
    rng : numpy.random.Generator
        Where xi comes from.

    Returns
    -------
    callable
        As `loss_and_gradient`. For methods that ask for one gradient a step: a line search, which
        compares losses, is misled.

    Raises
    ------
    ValueError
        If the scale is negative or not finite.
    """
    if not callable(scale):
        scale = as_number("scale", scale, least=0.0)
    calls = itertools.count()

    def noisy(x: Array) -> tuple[float, Array]:
        n_calls = next(calls)
        size = as_number("scale", scale(n_calls), least=0.0) if callable(scale) else scale
        xi = size * rng.normal(size=x.shape)
        loss, gradient = loss_and_gradient(x)
        return loss + float((xi * x).sum()), np.asarray(gradient) + xi

    return noisy
