"""Students who exist in the mind only: the solution's values, and how they might be wrong.

What a check asks the solution depends on what the student returned. So a handout is made by judging
such students, and what the solution then answers is there when a real one comes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np

from grader.calls import Raised, Returned, Value
from grader.checks.ask import Answer
from grader.spec import CheckSpec, GradientCheck, OutputCheck

_MOST_NAMES = 4
"""Up to so many compared values each group of them is taken, above it each one and all."""
_ROUNDINGS = 24
"""Units in the last place of the largest number: too much for most tolerances, and still what
may be the solution's own rounding."""

Change = Callable[[Value, float], Value]
"""Returns another value; the float is the largest number that went into it."""


@dataclass(frozen=True, slots=True)
class Imagined:
    """A student who returns the solution's values, some of them changed."""

    change: Change
    names: frozenset[str] | None = None
    """Which values it changes; None for all."""
    case: int | None = None
    """In which of the cases it does, where several are asked about; None for all."""
    is_wrong: bool = False
    """Whether no rule is to hold on what it returns."""

    def answer(self, right: Answer, inputs: Sequence[Mapping[str, Value]]) -> Answer:
        """Return what this student answers where the solution answers `right`."""
        return tuple(
            one
            if self.case not in (None, number) and len(right) > 1
            else self._change_one(one, given)
            for number, (one, given) in enumerate(zip(right, inputs, strict=True))
        )

    def _change_one(self, one: Returned | Raised, inputs: Mapping[str, Value]) -> Returned | Raised:
        if isinstance(one, Raised):
            return one
        largest = max(map(_magnitude, (*inputs.values(), *one.values.values())), default=0.0)
        values = {
            name: self.change(value, largest) if self._is_meant(name) else value
            for name, value in one.values.items()
        }
        return replace(one, values=values)

    def _is_meant(self, name: str) -> bool:
        return self.names is None or name in self.names


def imagine_students(check: CheckSpec, n_cases: int) -> Iterator[Imagined]:
    """Yield right ones, ones wrong in all cases or in one, and ones that are off by roundings."""
    yield Imagined(lambda value, _: value)
    yield Imagined(_in_single)
    yield Imagined(_wrong, is_wrong=True)
    for case in range(1, n_cases):
        yield Imagined(_wrong, case=case)
    for names in _groups(check):
        yield Imagined(_off_by_roundings, names)


def _groups(check: CheckSpec) -> Iterator[frozenset[str]]:
    names: tuple[str, ...] = ()
    if isinstance(check, OutputCheck):
        names = tuple(check.compare)
    elif isinstance(check, GradientCheck):
        names = tuple(dict.fromkeys([*check.compare, *check.gradient.values()]))
    sizes = range(1, len(names) + 1) if len(names) <= _MOST_NAMES else (1, len(names))
    for size in sizes:
        yield from map(frozenset, combinations(names, size))


def _change_floats(value: Value, change: Callable[[Any], Any]) -> Value:
    if isinstance(value, float):
        return float(change(np.asarray(value)))
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind == "f":
        changed: Value = np.asarray(change(np.asarray(value)))
        return changed
    if isinstance(value, list):
        return [_change_floats(one, change) for one in value]
    return value


def _in_single(value: Value, _: float) -> Value:
    with np.errstate(over="ignore"):
        return _change_floats(value, lambda array: array.astype(np.float32))


def _wrong(value: Value, _: float) -> Value:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return f"{value}?"
    if isinstance(value, np.ndarray) and value.dtype.kind in "iu":
        return value + 1
    return _change_floats(value, lambda array: 1.0 - 3.0 * array)


def _off_by_roundings(value: Value, largest: float) -> Value:
    step = _ROUNDINGS * np.finfo(np.float64).eps * largest
    return _change_floats(value, lambda array: array + step)


def _magnitude(value: Value) -> float:
    if isinstance(value, float | np.ndarray | np.generic):
        array = np.asarray(value)
        if array.dtype.kind == "f":
            return float(np.abs(array[np.isfinite(array)]).max(initial=0.0))
    return 0.0
