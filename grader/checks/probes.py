"""Along which lines a forward pass is differentiated, and the derivatives that come of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from grader.calls import Ladder, Probe, Returned, Value
from grader.checks.compare import as_array
from grader.spec import Case
from reference.numdiff import Derivative, conclude, line_scales, plan_ladder

Floats = NDArray[np.float64]

JITTER = 0.02
"""How far a point is moved off a kink, relative to its entries."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line through a point: one differentiated input, one direction."""

    gradient: str
    """Name of the value that claims to be the gradient with respect to the block."""
    block: str
    direction: Floats | int
    """An integer is the axis of the entry of that number: an array of it would be all zeros."""
    index: tuple[int, ...] | None
    """The entry that the line moves, for one along an axis."""
    steps: tuple[float, ...]

    def along(self, gradient: Floats) -> float:
        """Return the directional derivative that a gradient claims."""
        if self.index is not None:
            return float(gradient[self.index])
        return float(np.sum(gradient * self.direction))


def as_floats(value: Value) -> Floats:
    """Return a numeric value in double precision: itself, where it is, so nobody writes to it."""
    array = as_array(value)
    if array is None or array.dtype.kind not in "biuf":
        raise TypeError("not a real number or an array of them")
    return array.astype(np.float64, copy=False)


def gaussian_lines(
    gradients: Mapping[str, str], case: Case, n_lines: int, rng: np.random.Generator
) -> list[Line]:
    """Return random unit directions for each differentiated input by itself.

    A Gaussian direction misses a relative error e at the tolerance tau with a probability of
    0.8 tau / e, whatever the number of entries; one of +1 and -1 misses two opposite errors every
    other time. Each input has lines of its own, so that a small bias does not drown in a large W.
    """
    lines = []
    for block, name in gradients.items():
        x = as_floats(case.inputs[block])
        for _ in range(n_lines):
            direction = rng.standard_normal(x.shape)
            direction = np.asarray(direction / np.sqrt(np.vdot(direction, direction)))
            steps = plan_ladder(*line_scales(x, direction))
            lines.append(Line(name, block, direction, None, steps))
    return lines


def axis_lines(name: str, block: str, case: Case, indices: Iterable[tuple[int, ...]]) -> list[Line]:
    """Return a line along the axis of each given entry."""
    x = as_floats(case.inputs[block])
    lines = []
    for index in indices:
        number = int(np.ravel_multi_index(index, x.shape)) if index else 0
        steps = plan_ladder(abs(float(x[index])), 1.0)
        lines.append(Line(name, block, number, index, steps))
    return lines


def stratify(gradient: Floats, n_entries: int, rng: np.random.Generator) -> list[tuple[int, ...]]:
    """Return entries of a gradient of all magnitudes: largest, median, smallest, zero, random."""
    sizes = np.abs(gradient).ravel()
    nonzero = np.flatnonzero(sizes > 0)
    chosen: dict[int, None] = {}
    if nonzero.size:
        # to sort them all takes ten times as long
        some, middle = sizes[nonzero], nonzero.size // 2
        median = np.argpartition(some, middle)[middle]
        chosen |= dict.fromkeys(int(nonzero[k]) for k in (some.argmax(), median, some.argmin()))
    if nonzero.size < sizes.size:
        chosen[int(np.argmin(sizes))] = None
    drawn = rng.choice(sizes.size, min(n_entries, sizes.size), replace=False)
    chosen |= dict.fromkeys(int(i) for i in drawn)
    return [unravel(i, gradient.shape) for i in list(chosen)[:n_entries]]


def unravel(flat: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the index of the flat-th entry."""
    return tuple(int(i) for i in np.unravel_index(flat, shape))


def ladder_along(
    lines: Sequence[Line], case: Case, code: str, value: str, cotangent: str | None
) -> Ladder:
    """Return the evaluations of a forward pass that the derivatives along the lines need.

    The differentiated inputs are passed in double precision, because steps smaller than the
    resolution of their own type would be lost.
    """
    blocks = {line.block: _unrounded(case.inputs[line.block]) for line in lines}
    return Ladder(
        code,
        {**case.inputs, **blocks},
        value,
        cotangent,
        tuple(Probe(line.block, line.direction, line.steps) for line in lines),
        seed=case.seed,
    )


def _unrounded(value: Value) -> Value:
    array = as_floats(value)
    return array if array.ndim else float(array)


def derivatives_along(lines: Sequence[Line], returned: Returned, sizes: Sizes) -> list[Derivative]:
    """Return the derivative along each line from the values of its ladder.

    Raises
    ------
    ValueError
        If the number of values is not that of the steps.
    """
    heights = as_floats(returned.values["ladder"])
    n_steps = [len(line.steps) for line in lines]
    if heights.shape != (sum(n_steps),):
        raise ValueError(f"{heights.size} values for {sum(n_steps)} steps")
    pieces = np.split(heights, np.cumsum(n_steps)[:-1])
    return [
        _conclude(line.steps, piece.tobytes(), sizes.terms, sizes.hidden)
        for line, piece in zip(lines, pieces, strict=True)
    ]


@lru_cache(maxsize=1 << 14)
def _conclude(
    steps: tuple[float, ...], heights: bytes, magnitude: float, hidden: float
) -> Derivative:
    """Return `conclude`'s answer; the solution's ladders are the same for many submissions."""
    return conclude(steps, np.frombuffer(heights).tolist(), magnitude=magnitude, hidden=hidden)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large the numbers are to which the rounding of a ladder is proportional."""

    terms: float
    """Sum of the magnitudes that the ladder adds up."""
    hidden: float
    """The same, had every term the size of the largest input: what may have cancelled."""

    @classmethod
    def of(cls, value: Value, case: Case, cotangent: str | None) -> Self:
        """Return the sizes for a value of the forward pass, each entry weighted by the cotangent.

        Raises
        ------
        TypeError
            If the value is not numeric.
        """
        terms = np.abs(as_floats(value))
        weights = np.abs(as_floats(case.inputs[cotangent])) if cotangent else np.ones(terms.shape)
        largest = max(
            (
                float(np.abs(array).max(initial=0.0))
                for name, array in ((n, as_array(v)) for n, v in case.inputs.items())
                if name != cotangent and array is not None and array.dtype.kind == "f"
            ),
            default=0.0,
        )
        finite = np.where(np.isfinite(terms), terms, 0.0)
        largest = max(largest, float(finite.max(initial=0.0)))
        # a student's value may have another shape than the weights, and spread against them
        return cls(float(np.sum(finite * weights)), float(np.sum(weights)) * largest)


def move_off(case: Case, blocks: Iterable[str], attempt: int) -> Case:
    """Return the case with its differentiated inputs moved a little, alike in every run.

    Entries that are not zero keep their sign, so that a logarithm stays defined; zeros move by a
    share of the typical entry.
    """
    rng = np.random.default_rng([case.seed & 0xFFFF_FFFF, 7919, attempt])
    moved: dict[str, Any] = {}
    for block in blocks:
        original = as_array(case.inputs[block])
        x = as_floats(case.inputs[block])
        typical = float(np.sqrt(np.mean(x * x))) if x.size else 0.0
        size = np.where(x == 0, max(typical, 0.1), np.abs(x))
        shifted = np.asarray(x + JITTER * size * rng.standard_normal(x.shape).clip(-3, 3))
        if original is not None and original.dtype.kind == "f":
            shifted = shifted.astype(original.dtype)
        moved[block] = shifted if shifted.ndim else float(shifted)
    return replace(case, inputs={**case.inputs, **moved}, label=f"{case.label}, moved".lstrip(", "))
