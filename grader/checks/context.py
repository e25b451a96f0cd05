"""What judging a check needs to know of the run, and the scales it judges by."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from grader.calls import Value
from grader.checks.compare import Precision
from grader.spec import AssignmentSpec, Case, CheckSpec, Variant, draw_cases, variants

_TRIAL_SEED = 0x7E57
_FLOOR_FACTOR = 64
"""Roundings that may pile up in one entry before its noise is no longer taken for noise."""


@dataclass(frozen=True, slots=True)
class Context:
    """One run: the assignment, the seed of its numbers, and the student's text."""

    spec: AssignmentSpec
    seed: int
    source_matches: Callable[[str], bool]
    """Whether an author's regular expression occurs in the student's source."""
    source: str = ""
    """The student's source, for patterns of our own."""
    student_seed: int | None = None
    """The seed of the numbers that are this student's own."""
    enough: frozenset[str] = frozenset()
    """Codes of mistakes: a search that has told all of them looks for no more. Empty is never."""

    def cases(self, check: CheckSpec) -> tuple[Case, ...]:
        """Return every set of inputs on which the check must hold."""
        return draw_cases(self.spec, check, self.seed, self.student_seed)

    def trial_cases(self, check: CheckSpec) -> tuple[Case, ...]:
        """Return the cases with numbers that are the same in every run: no point depends on them.

        What is worked out about the solution there need not be worked out again.
        """
        return draw_cases(self.spec, check, _TRIAL_SEED)

    def other_cases(self, check: CheckSpec, number: int) -> tuple[Case, ...]:
        """Return the cases with yet other numbers, the same in every run, whatever its seed."""
        loose = check.model_copy(update={"seed": None})
        return draw_cases(self.spec, loose, _TRIAL_SEED + 1 + number)

    def variants(self, check: CheckSpec) -> Iterator[Variant]:
        """Yield the check, then each accepted variant that this student's source qualifies for."""
        for variant in variants(check):
            if variant.when is None or self.source_matches(variant.when):
                yield variant


def noise_floor(case: Case, precision: Precision, values: Sequence[Value]) -> float:
    """Return how large rounding noise may be where the exact answer is zero.

    Right programs differ in the order of their additions; where one gets exactly 0 another gets
    a few units in the last place of the numbers that cancelled. Those are not returned, so the
    largest input or returned number stands for them.
    """
    largest = 0.0
    for value in (*case.inputs.values(), *values):
        if isinstance(value, np.ndarray | np.generic | float):
            array = np.asarray(value)
            if array.dtype.kind == "f":
                finite = np.abs(array[np.isfinite(array)])
                largest = max(largest, float(finite.max(initial=0.0)))
    return _FLOOR_FACTOR * precision.eps * largest
