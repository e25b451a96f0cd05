"""Ladders: one snippet at many points along lines through its inputs, one number each."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

# Bound now, and builtins copied, so that what a student replaces cannot break them.
globals()["__builtins__"] = dict(vars(builtins))
_array, _array_equal, _asarray, _float64, _sum = (
    np.ndarray,
    np.array_equal,
    np.asarray,
    np.float64,
    np.sum,
)

Given = dict[str, Any]
"""Inputs by name."""


class Climber:
    """Evaluates a snippet at the steps of lines, one after the other.

    Every evaluation must find the inputs as they were sent. To copy them all for each one takes
    longer than many a function, so what a line leaves where it is, is handed over again and again,
    until an evaluation is seen to have changed it: from that line on each gets copies.
    """

    def __init__(
        self, run: Callable[[Given], Given], inputs: Given, value: str, cotangent: str | None
    ) -> None:
        self.run = run
        self.inputs = inputs
        self.value = value
        weights = None if cotangent is None else _asarray(inputs[cotangent], dtype=_float64)
        self.weights = weights if weights is None else weights.copy()
        self.lent = _copy(inputs)
        self.is_lending = True

    def climb(self, block: str, direction: Any, steps: list[float]) -> list[float]:
        """Return one number for each step of a line.

        A direction that is an integer is the axis of the entry of that number.
        """
        if self.is_lending:
            try:
                heights = [
                    self.measure({**self.lent, block: moved})
                    for moved in self.move(block, direction, steps)
                ]
            except BaseException:
                if self.is_unchanged():
                    raise
            else:
                if self.is_unchanged():
                    return heights
            self.is_lending = False
        return [
            self.measure({**_copy(self.inputs), block: moved})
            for moved in self.move(block, direction, steps)
        ]

    def move(self, block: str, direction: Any, steps: list[float]) -> Iterator[Any]:
        """Yield the moved input at each step, a fresh one each."""
        origin = _asarray(self.inputs[block])
        for step in steps:
            if isinstance(direction, int):
                moved = origin.copy()
                moved.reshape(-1)[direction] += step
            else:
                moved = (origin + step * direction).astype(origin.dtype, copy=False)
            yield moved if moved.ndim else moved.item()

    def measure(self, given: Given) -> float:
        """Run the snippet once; return its value as a number."""
        result = _asarray(self.run(given)[self.value], dtype=_float64)
        total = result.reshape(()) if self.weights is None else _sum(result * self.weights)
        return float(total)

    def is_unchanged(self) -> bool:
        """Whether what was handed over is still what was sent; a NaN counts as changed."""
        return all(
            bool(_array_equal(self.lent[name], sent))
            for name, sent in self.inputs.items()
            if isinstance(sent, _array)
        )


def _copy(given: Given) -> Given:
    return {
        name: value.copy() if isinstance(value, _array) else value for name, value in given.items()
    }
