"""Schedules: how the learning rate changes while a network is trained.

A schedule is a function of k, the number of steps that were made before, so that the first step has
the rate of k = 0. An optimizer takes one in place of a number: `SGD(step_decay(0.1, every=500))`.
To change the rate after so many epochs, count the steps of an epoch: one for each mini-batch.

`BoldDriver` is the exception: it looks at the loss and not at the clock.

References
----------
Robbins and Monro (1951), "A stochastic approximation method": steps whose sum diverges while the
sum of their squares does not, as 1/t decay has them, lead to the minimum however noisy the gradient
is; Goodfellow, Bengio and Courville (2016), "Deep Learning", section 8.3.1.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

from reference.arrays import as_count, as_number

__all__ = [
    "BoldDriver",
    "constant",
    "cool_down",
    "exponential_decay",
    "inverse_time_decay",
    "step_decay",
]

Schedule: TypeAlias = Callable[[int], float]
"""Takes the number of steps made before, returns the rate of the next."""


def constant(initial: float) -> Schedule:
    """Return the schedule that never changes: rate(k) = initial.

    Parameters
    ----------
    initial : float
        > 0.

    Returns
    -------
    callable
        From k, a whole number from 0 on, to the rate.

    Raises
    ------
    ValueError
        If `initial` is not > 0; the schedule raises it if k is not a whole number >= 0.
    """
    initial = as_number("initial", initial, above=0.0)

    def rate(k: int) -> float:
        as_count("k", k, least=0)
        return initial

    return rate


def step_decay(initial: float, *, factor: float = 0.5, every: int = 10) -> Schedule:
    """Return a schedule in stairs: rate(k) = initial * factor^floor(k / every).

    Parameters
    ----------
    initial : float
        Rate of the first `every` steps, > 0.
    factor : float, default 0.5
        What remains of the rate after each stair, 0 < factor <= 1.
    every : int, default 10
        Steps of one stair, >= 1.

    Returns
    -------
    callable
        From k, a whole number from 0 on, to the rate.

    Raises
    ------
    ValueError
        If a number is out of its range.
    """
    initial = as_number("initial", initial, above=0.0)
    factor = as_number("factor", factor, above=0.0, most=1.0)
    every = as_count("every", every)

    def rate(k: int) -> float:
        return float(initial * factor ** (as_count("k", k, least=0) // every))

    return rate


def exponential_decay(initial: float, *, decay: float) -> Schedule:
    """Return the schedule rate(k) = initial * exp(-decay * k).

    Parameters
    ----------
    initial : float
        Rate of the first step, > 0.
    decay : float
        >= 0. The rate halves every log(2) / decay steps. (The factor from one step to the next,
        which PyTorch calls gamma, is exp(-decay).)

    Returns
    -------
    callable
        From k, a whole number from 0 on, to the rate.

    Raises
    ------
    ValueError
        If a number is out of its range.
    """
    initial = as_number("initial", initial, above=0.0)
    decay = as_number("decay", decay, least=0.0)

    def rate(k: int) -> float:
        return initial * math.exp(-decay * as_count("k", k, least=0))

    return rate


def inverse_time_decay(initial: float, *, decay: float) -> Schedule:
    """Return the schedule called 1/t decay: rate(k) = initial / (1 + decay * k).

    Parameters
    ----------
    initial : float
        Rate of the first step, > 0.
    decay : float
        >= 0. The rate is half of `initial` after 1 / decay steps, a third after 2 / decay.

    Returns
    -------
    callable
        From k, a whole number from 0 on, to the rate.

    Raises
    ------
    ValueError
        If a number is out of its range.
    """
    initial = as_number("initial", initial, above=0.0)
    decay = as_number("decay", decay, least=0.0)

    def rate(k: int) -> float:
        return initial / (1 + decay * as_count("k", k, least=0))

    return rate


def cool_down(initial: float, final: float, *, n_steps: int) -> Schedule:
    """Return the schedule that starts with large steps and cools down on a straight line.

    rate(k) = (1 - a) initial + a final with a = min(1, k / n_steps): large steps leave the basin
    of a poor minimum, small ones find the bottom of the basin that is left in the end.

    Parameters
    ----------
    initial, final : float
        Rate of the first step, and of all from k = `n_steps` on; initial >= final > 0.
    n_steps : int
        How long the cooling takes, >= 1.

    Returns
    -------
    callable
        From k, a whole number from 0 on, to the rate.

    Raises
    ------
    ValueError
        If a number is out of its range.

    References
    ----------
    Goodfellow, Bengio and Courville (2016), "Deep Learning", eq. 8.14. The course's lecture says
    what is to happen ("cool down"), not by which formula.
    """
    initial = as_number("initial", initial, above=0.0)
    final = as_number("final", final, above=0.0, most=initial)
    n_steps = as_count("n_steps", n_steps)

    def rate(k: int) -> float:
        a = min(1.0, as_count("k", k, least=0) / n_steps)
        return (1 - a) * initial + a * final

    return rate


class BoldDriver:
    """Reduce the learning rate only when the cost did not fall.

    It starts with any rate and is told the cost after every iteration (`observe`); the next step
    gets `rate`. `gradient_descent` tells it; whoever steps an optimizer himself tells it himself.

    Parameters
    ----------
    initial : float
        Rate of the first step, > 0.
    factor : float, default 0.5
        What remains of the rate after a cost that is not below the one before, 0 < factor < 1.
    growth : float, default 1
        By what the rate grows after a cost that is, >= 1. The course's lecture never lets it grow;
        with 1.05 this is the bold driver of the literature, but for the step uphill, which is
        taken back there and kept here.

    Attributes
    ----------
    rate : float
        The rate of the next step.

    Raises
    ------
    ValueError
        If a number is out of its range.

    References
    ----------
    Vogl, Mangis, Rigler, Zink and Alkon (1988), "Accelerating the convergence of the
    back-propagation method"; Battiti (1989), "Accelerated backpropagation learning: two
    optimization methods", section 3.
    """

    def __init__(self, initial: float, *, factor: float = 0.5, growth: float = 1.0) -> None:
        self.rate = as_number("initial", initial, above=0.0)
        self.factor = as_number("factor", factor, above=0.0, below=1.0)
        self.growth = as_number("growth", growth, least=1.0)
        self._loss_before = math.inf

    def __call__(self, k: int) -> float:
        """Return the rate of the next step, whatever its number."""
        as_count("k", k, least=0)
        return self.rate

    def observe(self, loss: float) -> None:
        """Adapt the rate to the cost after an iteration; the first is only remembered.

        Raises
        ------
        ValueError
            If `loss` is not finite.
        """
        loss = as_number("loss", loss)
        if math.isfinite(self._loss_before):
            self.rate *= self.growth if loss < self._loss_before else self.factor
        self._loss_before = loss
