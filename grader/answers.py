"""What answers for the solution, whatever it is: a jail, a cache, or values kept in a handout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from grader.calls import Evaluation, Ladder, Passed, Question, Raised, Returned
from grader.checks.ask import Answer, Ask
from grader.spec import CheckSpec, CostCheck

_MOST_CALLS = 10_000
"""Of each function that is answered from outside, in one request."""


class ExpectedValues(Protocol):
    """Answers what checks ask of the solution."""

    def answer(self, ask: Ask, check: CheckSpec) -> Answer:
        """Return one answer an evaluation; raise BrokenSolution where the solution cannot."""

    def call(
        self,
        name: str,
        arguments: tuple[Passed, ...],
        keywords: Mapping[str, Passed],
        check: CheckSpec,
    ) -> Passed | Raised:
        """Return what the solution's function answers to a call out of another box.

        Raises Interrupted where it does not live to answer: whoever called it so is to blame.
        """


def stubs_of(question: Question) -> tuple[str, ...]:
    """Return the names whose calls are answered from outside while a question is answered."""
    return question.stubs if isinstance(question, Evaluation | Ladder) else ()


def most_calls(check: CheckSpec) -> int:
    """Return how often a function that is answered from outside may be called in one request."""
    wanted = check.calls if isinstance(check, CostCheck) else None
    return max(_MOST_CALLS, 2 * (wanted or 0))


def with_counts(stub_calls: Mapping[str, int], answer: Returned | Raised) -> Returned | Raised:
    """Return an answer with the calls of its request, if there were any to count."""
    if stub_calls and isinstance(answer, Returned):
        return replace(answer, stub_calls=stub_calls)
    return answer
