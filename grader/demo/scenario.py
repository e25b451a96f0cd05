"""Who hands in what, and the score that it must get: computed from what the files say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from grader.errors import SpecError
from grader.spec import Assignment, list_submissions, load_assignment, read_expectations

SLUG = "mlp-backprop"
STUDENTS = ("ada", "blaise", "carl", "emmy", "leonhard", "sophie")
TA = "grace"
INSTRUCTOR = "david"
BY_TOKEN = "blaise"
"""Hands in as a program does: by the API, with a personal token."""

SHOWN = "sign_flipped.py"
"""Its feedback is worth looking at."""

_SOLUTION = "solution"
_NEVER_ENDS = "never_ends"
_OWN_PROGRAMS = Path(__file__).with_name("submissions")
_PLAN: Sequence[tuple[str, str]] = (
    # It takes longest: the others are graded beside it.
    ("blaise", _NEVER_ENDS),
    ("carl", "hunts_for_answers"),
    ("ada", _SOLUTION),
    ("emmy", "loops"),
    ("leonhard", "sign_flipped"),
    ("sophie", "untouched_starter"),
    ("leonhard", "float32"),
    ("sophie", "softmax_unstable"),
)


@dataclass(frozen=True, slots=True)
class Work:
    """A file that a student hands in, and what it must get."""

    student: str
    name: str
    content: bytes
    expected: Decimal


def plan_work(folder: Path) -> tuple[Work, ...]:
    """Return all that is handed in, the longest run first; of each student in order.

    Parameters
    ----------
    folder
        Of the assignment. Its known submissions say which checks they fail, and so do ours.

    Raises
    ------
    SpecError
        Where a submission is missing, or names a check that there is not.
    """
    assignment = load_assignment(folder)
    programs = dict(_list_programs(folder))
    works = []
    for student, name in _PLAN:
        if name not in programs:
            raise SpecError("is missing", file=folder / "submissions" / f"{name}.py")
        text, fails = programs[name]
        works.append(Work(student, f"{name}.py", text.encode(), _score(assignment, name, fails)))
    return tuple(works)


def _list_programs(folder: Path) -> Iterator[tuple[str, tuple[str, Sequence[str]]]]:
    """Yield the name of each program, its text, and the checks that it fails."""
    solution = (folder / f"{_SOLUTION}.py").read_text(encoding="utf-8")
    yield _SOLUTION, (solution, ())
    for known in list_submissions(folder):
        yield known.name, (_without_header(known.text), known.expectations.fails)
    for path in sorted(_OWN_PROGRAMS.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        fails = read_expectations(text).fails
        text = _without_header(text)
        if path.stem == _NEVER_ENDS:
            text = f"{solution}\n\n{text}"
        yield path.stem, (text, fails)


def _without_header(text: str) -> str:
    """Return a program without what it says of itself: no student hands that in."""
    lines = text.splitlines(keepends=True)
    while lines and lines[0].startswith("#"):
        del lines[0]
    return "".join(lines)


def _score(assignment: Assignment, name: str, fails: Sequence[str]) -> Decimal:
    points = {check.id: check.points for check in assignment.spec.checks}
    if unknown := [check for check in fails if check not in points]:
        raise SpecError(f"there is no check {unknown[0]!r}", file=f"{name}.py", line=1)
    return sum((points[check] for check in points if check not in fails), Decimal(0))
