"""Where programs are tried to find a mistake: inputs of its own, and one number for each value.

The inputs do not depend on the run, so that what the solution's edits give is computed once.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grader.calls import Array, Returned, Trial, Value
from grader.checks.ask import Answer, Ask, Side
from grader.checks.compare import Precision, as_array
from grader.checks.edit_kinds import ORDER
from grader.checks.probes import Floats, as_floats
from grader.spec import Case

_WEIGHTS_SEED = 1
_MOST_CASES = 6
_STUDENT_S, _SOLUTION_S, _CONFIRM_S, _PAIRS_S = 1.0, 2.0, 1.0, 0.5
_TEXT_CHARACTERS = 200
_PRINT_RTOL, _SINGLE_RTOL = 1e-8, 1e-4

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Told:
    """An edit, as the box tells it: good for a message, never for a point."""

    index: int
    kind: str
    statement: str
    """The statement that holds the part that is edited."""
    before: str
    """The part."""
    thing: str
    """What is put in or taken out, or stands there afterwards."""
    number: float | None
    """What that is, where it is one number."""
    file: str
    line: int | None
    function: str


@dataclass(frozen=True, slots=True)
class Trialled:
    """What a program and its edits gave."""

    base: Floats
    """(n_cases, n_values)"""
    indices: tuple[int, ...]
    numbers: Floats
    """(n_edits, n_cases, n_values)"""
    edits: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class TrialPoint:
    """The cases, the values that count there, and how each is made one number."""

    names: tuple[str, ...]
    cases: tuple[Case, ...]
    weights: tuple[Mapping[str, Array], ...]
    tolerance: Floats
    """(n_cases, n_values): two numbers that differ by less are of the same value."""

    @classmethod
    def of(
        cls,
        cases: Sequence[Case],
        expected: Sequence[Mapping[str, Value]],
        names: Sequence[str],
        wrong: Sequence[bool],
        precision: Precision,
    ) -> TrialPoint | None:
        """Return the point; None where no value is made of real numbers.

        Parameters
        ----------
        cases
            Of the check, with the numbers on which programs are tried.
        expected
            The solution's values on the run's own numbers, for their shapes and sizes.
        names
            The values that are judged.
        wrong
            Whether something is wrong, case by case.
        precision
            What the student works in.
        """
        numeric = tuple(n for n in names if all(_is_real(one[n]) for one in expected))
        if not numeric:
            return None
        order = sorted(range(len(cases)), key=lambda i: (not wrong[i], *_awkwardness(cases[i])))
        chosen = order[:_MOST_CASES]
        rng = np.random.default_rng(_WEIGHTS_SEED)
        weights = []
        tolerance = np.zeros((len(chosen), len(numeric)))
        rtol = _SINGLE_RTOL if precision.is_single else _PRINT_RTOL
        for row, index in enumerate(chosen):
            own = {}
            for column, name in enumerate(numeric):
                right = as_floats(expected[index][name])
                own[name] = rng.standard_normal(right.shape)
                size = float(np.abs(right[np.isfinite(right)]).max(initial=0.0))
                tolerance[row, column] = rtol * size * float(np.abs(own[name]).sum()) + 1e-300
            weights.append(own)
        return cls(numeric, tuple(cases[i] for i in chosen), tuple(weights), tolerance)

    def search(
        self, side: Side, code: str, made: Sequence[int] = ()
    ) -> Generator[Ask, Answer, Trialled | None]:
        """Try every edit of one side's program on the first case, as far as the time goes."""
        seconds = _STUDENT_S if side is Side.STUDENT else _SOLUTION_S
        return (yield from self._ask(side, code, seconds, made))

    def search_pairs(
        self, side: Side, code: str, kinds: Sequence[str], made: Sequence[int] = ()
    ) -> Generator[Ask, Answer, Trialled | None]:
        """Try every two edits of some kinds together on the first case, as far as the time goes."""
        return (yield from self._ask(side, code, _PAIRS_S, made, paired=kinds))

    def confirm(
        self, side: Side, code: str, only: Sequence[int], made: Sequence[int] = ()
    ) -> Generator[Ask, Answer, Trialled | None]:
        """Try the given edits on every case; the program as it is, too."""
        return (yield from self._ask(side, code, _CONFIRM_S, made, only))

    def _ask(
        self,
        side: Side,
        code: str,
        seconds: float,
        made: Sequence[int],
        only: Sequence[int] | None = None,
        paired: Sequence[str] = (),
    ) -> Generator[Ask, Answer, Trialled | None]:
        n_cases = 1 if only is None else len(self.cases)
        trial = Trial(
            code,
            tuple(case.inputs for case in self.cases[:n_cases]),
            self.weights[:n_cases],
            self.cases[0].seed,
            tuple(made),
            None if only is None else tuple(only),
            paired=tuple(paired),
            order=ORDER,
            seconds=seconds,
        )
        (answer,) = yield Ask(side, (trial,), is_explanation=True)
        return _read(answer.values) if isinstance(answer, Returned) else None

    def is_same(self, one: Floats, other: Floats) -> Flags:
        """Tell for each value whether two programs' numbers are of the same value, on all cases."""
        with np.errstate(all="ignore"):
            close = np.abs(one - other) <= self.tolerance[: one.shape[-2]]
        return np.asarray(close.all(axis=-2))


def _read(values: Mapping[str, Value]) -> Trialled:
    """Return what came of a trial."""
    base, indices, numbers = (np.asarray(values[n]) for n in ("base", "indices", "numbers"))
    edits = values["edits"]
    told = [_read_edit(one) for one in edits] if isinstance(edits, list) else []
    return Trialled(
        base,
        tuple(int(i) for i in indices),
        numbers,
        tuple(one for one in told if one is not None),
    )


def _read_edit(claim: Value) -> Told | None:
    """Return an edit as the box claims it to be; None where it has no form."""
    match claim:
        case [int(index), str(), str(), str(), str(), number, str(file), line, str(function)]:
            texts = (str(text)[:_TEXT_CHARACTERS] for text in (*claim[1:5], file, function))
            kind, statement, before, thing, file, function = texts
            value = float(number) if isinstance(number, int | float) else None
            place = line if isinstance(line, int) else None
            return Told(index, kind, statement, before, thing, value, file, place, function)
    return None


def _is_real(value: Value) -> bool:
    array = as_array(value)
    return array is not None and array.dtype.kind in "biuf"


def _awkwardness(case: Case) -> tuple[bool, bool, int]:
    """Rank cases: those of scale 1 first, then those without an axis of length 1, then small."""
    arrays = [value for value in case.inputs.values() if isinstance(value, np.ndarray)]
    has_one = any(1 in value.shape for value in arrays)
    return case.scale != 1.0, has_one, sum(value.size for value in arrays)
