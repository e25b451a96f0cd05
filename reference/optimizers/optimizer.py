"""What every optimizer shares: rules that turn a gradient into a step.

An optimizer is made with its constants and then asked for one step after another:

    optimizer = Momentum(learning_rate=0.01)
    for _ in range(n_steps):
        weights = optimizer.step(weights, gradient(weights))

It never changes the arrays it is given. What it remembers between steps (`memory`) are arrays of
its own, one set for each parameter, and a step makes new ones instead of writing into the old.

In every formula x is a parameter, g its gradient and t = 1, 2, ... the number of the step.

References
----------
Bottou, Curtis and Nocedal (2018), "Optimization methods for large-scale machine learning",
sections 4 and 6, compares them all.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, TypeAlias, overload

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import Array, as_float_array, as_number
from reference.schedules import Schedule

Arrays: TypeAlias = tuple[Array, ...]


class Optimizer(ABC):
    """What all optimizers share: the learning rate, the count of steps and the memory.

    Parameters
    ----------
    learning_rate : float or callable
        A number > 0; or a schedule, which is given the number of steps made before (0 at the
        first) and returns the rate of the next. See `reference.schedules`.

    Attributes
    ----------
    n_steps : int
        Steps made so far; the t of the formulas is one more.
    memory : tuple of tuples of ndarray
        For each parameter the arrays that its rule carries from step to step (momentum: its
        velocity), of the parameter's shape. Empty before the first step.

    Raises
    ------
    ValueError
        If a constant is out of its range.
    """

    n_remembered: ClassVar[int]
    """How many arrays the rule remembers for each parameter; all are 0 before the first step."""

    def __init__(self, learning_rate: float | Schedule) -> None:
        self.learning_rate: float | Schedule = (
            learning_rate
            if callable(learning_rate)
            else as_number("learning_rate", learning_rate, above=0.0)
        )
        self.n_steps = 0
        self.memory: tuple[Arrays, ...] = ()

    @overload
    def step(self, parameters: Array | float, gradients: ArrayLike) -> Array: ...
    @overload
    def step(self, parameters: list[Array] | Arrays, gradients: list[Array] | Arrays) -> Arrays: ...
    def step(
        self, parameters: Array | float | list[Array] | Arrays, gradients: ArrayLike
    ) -> Array | Arrays:
        """Return the parameters after one step against their gradients.

        Parameters
        ----------
        parameters : ndarray, or list or tuple of ndarray
            One array, or one after the other (weights and biases). The same shapes at every step.
        gradients : ndarray, or list or tuple of ndarray
            As many, of the same shapes.

        Returns
        -------
        ndarray, or tuple of ndarray
            New arrays, with the dtypes of the parameters.

        Raises
        ------
        ValueError
            If a number is not finite, a gradient has not the shape of its parameter, the shapes
            are not those of the step before, or a schedule returns a negative rate.
        FloatingPointError
            If a number overflows: the iteration diverges. The optimizer is then as before.
        """
        is_one = not isinstance(parameters, list | tuple)
        xs = _as_arrays("parameters", parameters)
        gs = _as_gradients(gradients, xs, is_one=is_one)
        memory = self.memory or tuple(
            tuple(np.zeros_like(x) for _ in range(self.n_remembered)) for x in xs
        )
        self._require_same_shapes(xs, memory)
        learning_rate = self._next_learning_rate()
        with np.errstate(over="raise", invalid="raise"):
            moves = [
                self._move(x, g, remembered, learning_rate)
                for x, g, remembered in zip(xs, gs, memory, strict=True)
            ]
        self.n_steps += 1
        self.memory = tuple(remembered for _, remembered in moves)
        moved = tuple(np.asarray(x) for x, _ in moves)
        return moved[0] if is_one else moved

    @abstractmethod
    def _move(
        self, x: Array, g: Array, remembered: Arrays, learning_rate: float
    ) -> tuple[Array, Arrays]:
        """Return the parameter after the step, and what the rule remembers then."""

    def _next_learning_rate(self) -> float:
        if not callable(self.learning_rate):
            return self.learning_rate
        return as_number("learning_rate", self.learning_rate(self.n_steps), least=0.0)

    def _require_same_shapes(self, xs: Arrays, memory: tuple[Arrays, ...]) -> None:
        got = [x.shape for x in xs]
        before = [remembered[0].shape for remembered in memory] if self.n_remembered else got
        if got != before:
            raise ValueError(
                f"parameters must have the shapes of the step before, {before}, got {got}"
            )


def _as_arrays(name: str, value: ArrayLike) -> Arrays:
    """Return one array, or those of a list or tuple, as a tuple of arrays."""
    if not isinstance(value, list | tuple):
        return (as_float_array(name, value),)
    if not value:
        raise ValueError(f"{name} must be at least one array, got an empty {type(value).__name__}")
    return tuple(as_float_array(f"{name}[{i}]", one) for i, one in enumerate(value))


def _as_gradients(gradients: ArrayLike, xs: Arrays, *, is_one: bool) -> Arrays:
    """Return the gradients, each of the shape and dtype of its parameter."""
    if is_one:
        named = [("gradients", gradients)]
    else:
        if not isinstance(gradients, list | tuple) or len(gradients) != len(xs):
            got = len(gradients) if isinstance(gradients, list | tuple) else type(gradients)
            raise ValueError(f"gradients must be a sequence of {len(xs)} arrays, got {got}")
        named = [(f"gradients[{i}]", one) for i, one in enumerate(gradients)]
    return tuple(
        as_float_array(name, one, shape=x.shape).astype(x.dtype, copy=False)
        for (name, one), x in zip(named, xs, strict=True)
    )
