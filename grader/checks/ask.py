"""How a check asks. Judging a check is a generator: it yields an `Ask`, is sent an `Answer`,
and returns a `Judgement`. It never runs anything.

`grader/grading.py` drives it and answers from the student's jail, from the reference jail, or
from stored values.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from grader.calls import (
    Array,
    Evaluation,
    Ladder,
    Opaque,
    Probe,
    Question,
    Raised,
    Returned,
    Trial,
    Value,
)
from grader.report import Judgement, Verdict

__all__ = [
    "Answer",
    "Array",
    "Ask",
    "Evaluation",
    "Interrupted",
    "Judging",
    "Ladder",
    "Opaque",
    "Probe",
    "Question",
    "Raised",
    "Returned",
    "Side",
    "Trial",
    "Value",
]


class Side(StrEnum):
    """Whose code answers."""

    STUDENT = "student"
    SOLUTION = "solution"


@dataclass(frozen=True, slots=True)
class Ask:
    """Evaluations that one side is to answer, in order, in one worker."""

    side: Side
    evaluations: tuple[Question, ...]
    cacheable: bool = True
    """False where a solution-side answer depends on what the student returned."""
    is_explanation: bool = False
    """Whether it only serves to say more of what is wrong: it has limits of its own, and costs the
    student neither time nor output."""
    is_fresh: bool = False
    """Whether the worker is to be one that has loaded the program anew."""
    is_silent: bool = False
    """Whether what is printed meanwhile is not told, as it has been told before."""


Answer: TypeAlias = tuple[Returned | Raised, ...]
Judging: TypeAlias = Generator[Ask, Answer, Judgement]


class Interrupted(Exception):
    """Thrown into a judging when the student's worker ended before it had answered an ask.

    A check that already knows enough may catch it and conclude; otherwise the run takes the
    verdict from here.
    """

    def __init__(self, verdict: Verdict, message: str) -> None:
        self.verdict = verdict
        self.message = message
        super().__init__(verdict, message)
