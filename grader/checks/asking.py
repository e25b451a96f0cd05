"""The two ways of asking that several kinds of check share."""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np

from grader.calls import Evaluation, Question, Returned, Value
from grader.checks.ask import Answer, Ask, Side
from grader.checks.raised import reject_broken_solution
from grader.spec import CheckSpec


def ask_solution(
    check: CheckSpec, evaluations: Sequence[Question], *, is_cacheable: bool = True
) -> Generator[Ask, Answer, tuple[Returned, ...]]:
    """Ask the solution; a solution that raises is its author's mistake.

    Raises
    ------
    BrokenSolution
        Where any of the evaluations raised.
    """
    answer = yield Ask(Side.SOLUTION, tuple(evaluations), cacheable=is_cacheable)
    returned = []
    for one in answer:
        if not isinstance(one, Returned):
            raise reject_broken_solution(one, check.id)
        returned.append(one)
    return tuple(returned)


class StudentAnswers:
    """Asks the student, but not twice the same: accepted variants mostly differ in `expect`."""

    def __init__(self) -> None:
        self._known: list[tuple[tuple[Evaluation, ...], Answer]] = []

    def ask(self, evaluations: Sequence[Evaluation]) -> Generator[Ask, Answer, Answer]:
        """Return the student's answer to the evaluations."""
        wanted = tuple(evaluations)
        for asked, answer in self._known:
            if len(asked) == len(wanted) and all(map(_is_same, asked, wanted)):
                return answer
        answer = yield Ask(Side.STUDENT, wanted)
        self._known.append((wanted, answer))
        return answer


def _is_same(one: Evaluation, other: Evaluation) -> bool:
    """Whether two evaluations run the same code on the same numbers."""
    return (
        (one.code, one.returns, one.seed, one.echo, one.stubs)
        == (other.code, other.returns, other.seed, other.echo, other.stubs)
        and one.inputs.keys() == other.inputs.keys()
        and all(is_identical(one.inputs[name], other.inputs[name]) for name in one.inputs)
    )


def is_identical(one: Value, other: Value) -> bool:
    """Whether two values are the same to the last bit, type and shape included."""
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return (
            isinstance(one, np.ndarray)
            and isinstance(other, np.ndarray)
            and one.dtype == other.dtype
            and np.array_equal(one, other, equal_nan=one.dtype.kind in "fc")
        )
    return type(one) is type(other) and one == other
