"""Rules for values whose numbers are right but stand in the wrong place, or are cut wrongly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import permutations, product

import numpy as np

from grader.checks.evidence import CaseEvidence, Floats
from grader.checks.rules import Candidate

_REDUCTIONS: tuple[Callable[..., Floats], ...] = (np.sum, np.mean)


def find_transposed(cases: Sequence[CaseEvidence], name: str) -> Iterator[Candidate]:
    """Propose a transposition; where only square cases are wrong, it was forced to fit."""
    if any(case.student[name].ndim == 2 for case in cases):
        yield Candidate(
            "transposed",
            f"Your {name} is transposed.",
            lambda case: case.student[name].T,
            is_conditional=True,
            is_reshaping=True,
        )


def find_swapped(cases: Sequence[CaseEvidence], name: str) -> Iterator[Candidate]:
    """Propose that two returned values have changed places."""
    for other in cases[0].student:
        if other == name or not all(case.agrees(case.student[name], other) for case in cases):
            continue
        yield Candidate(
            "returns_swapped",
            f"You return {other} where {name} is asked for.",
            lambda case, other=other: case.student[other],  # type: ignore[misc]
            is_reshaping=True,
        )


def find_wrong_axis(cases: Sequence[CaseEvidence], name: str) -> Iterator[Candidate]:
    """Propose that an input was summed or averaged along another axis than asked for.

    The sum along the student's axis must be the student's value, the one along the right axis
    the right value.
    """
    for given, value in cases[0].inputs.items():
        if value.ndim != 2:
            continue
        for reduce in _REDUCTIONS:
            for axis in (0, 1):
                yield Candidate(
                    "wrong_axis",
                    f"Your {name} is {given} reduced along axis {1 - axis}; "
                    f"axis {axis} is the right one.",
                    partial(_reduce_along, name, given, axis, reduce),
                    is_conditional=True,
                    is_reshaping=True,
                )


def _reduce_along(
    name: str, given: str, axis: int, reduce: Callable[..., Floats], case: CaseEvidence
) -> Floats | None:
    """Return the input reduced along the right axis, if the value is that along the other one."""
    source, student = case.inputs[given], case.student[name]
    theirs = np.asarray(reduce(source, axis=1 - axis))
    if student.size != theirs.size or not _is_close(student.ravel(), theirs):
        return None
    right = np.asarray(reduce(source, axis=axis))
    expected = case.solution[name]
    return right.reshape(expected.shape) if right.size == expected.size else None


def find_mask(cases: Sequence[CaseEvidence], name: str) -> Iterator[Candidate]:
    """Propose that the mask of an activation is missing, or that of another variable.

    Only masks of inputs can be proved; those of hidden values are not known here.
    """
    sources = [
        given
        for given in cases[0].inputs
        if all(case.inputs[given].shape == case.solution[name].shape for case in cases)
    ]
    for upstream, right in permutations(sources, 2):
        yield Candidate(
            "mask_missing",
            f"Your {name} lets through what {right} <= 0 should block.",
            partial(_mask_anew, name, upstream, None, right),
        )
    for upstream, wrong, right in product(sources, repeat=3):
        if wrong != right:
            yield Candidate(
                "mask_wrong_variable",
                f"Your {name} is masked where {wrong} <= 0; {right} is what to look at.",
                partial(_mask_anew, name, upstream, wrong, right),
            )


def _mask_anew(
    name: str, upstream: str, wrong: str | None, right: str, case: CaseEvidence
) -> Floats | None:
    """Return an input under the right mask, if the value is that input under the wrong one."""
    source = case.inputs[upstream]
    theirs = source if wrong is None else source * (case.inputs[wrong] > 0)
    if not _is_close(case.student[name], theirs):
        return None
    return np.asarray(source * (case.inputs[right] > 0))


def find_zero_block(cases: Sequence[CaseEvidence], name: str) -> Iterator[Candidate]:
    """Propose that one value was never filled in, while others were."""
    if all(not np.any(case.student[name]) for case in cases) and any(
        np.any(value) for case in cases for other, value in case.student.items() if other != name
    ):
        yield Candidate(
            "zero_block", f"Your {name} is zero throughout.", lambda case: case.solution[name]
        )


def _is_close(one: Floats, other: Floats) -> bool:
    return one.shape == other.shape and bool(
        np.all(np.abs(one - other) <= 1e-6 * np.abs(other).max(initial=0.0))
    )
