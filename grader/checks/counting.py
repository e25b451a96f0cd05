"""Calls of the functions that a `cost` check hands to a student's code, counted outside of it."""

from __future__ import annotations

from collections.abc import Generator, Sequence

from grader.calls import Evaluation, Raised, Returned
from grader.checks.ask import Answer, Ask, Side
from grader.checks.asking import ask_solution
from grader.checks.raised import judge_raised
from grader.errors import BrokenSolution
from grader.report import Judgement, Verdict
from grader.spec import Case, CostCheck


def count_calls(check: CostCheck, cases: Sequence[Case]) -> Generator[Ask, Answer, Judgement]:
    """Judge how often the student's code calls each function in `count`, on every case.

    Parameters
    ----------
    check : CostCheck
        `calls`: the most calls of each of them in one run of the snippet.
    cases : sequence of Case

    Yields
    ------
    Ask
        One evaluation to a request: its calls are those of the request.

    Returns
    -------
    Judgement
        time_limit where there are more; what was counted is in `measured`.

    Raises
    ------
    BrokenSolution
        Where the solution itself needs more.
    """
    limit = check.calls
    assert limit is not None
    assert check.count, "the loader has found nothing to count"
    most: dict[Side, dict[str, int]] = {side: dict.fromkeys(check.count, 0) for side in Side}
    complaint = ""
    for case in cases:
        evaluation = Evaluation(check.run, case.inputs, (), case.seed, stubs=check.count)
        (right,) = yield from ask_solution(check, (evaluation,), is_cacheable=False)
        for name in _count(most[Side.SOLUTION], right, limit):
            raise BrokenSolution(
                f"it calls {name} {_times(right.stub_calls[name])}, and `calls` allows {limit}",
                check=check.id,
                remedy="mend the solution, or raise `calls`",
            )
        (answer,) = yield Ask(Side.STUDENT, (evaluation,))
        if isinstance(answer, Raised):
            return judge_raised(answer, case.label)
        for name in _count(most[Side.STUDENT], answer, limit):
            where = f" This is with {case.label}." if case.label else ""
            told = f"Your code calls {name} {_times(answer.stub_calls[name])}; "
            complaint = complaint or f"{told}{_times(limit)} is the most.{where}"
    return Judgement(
        Verdict.TIME_LIMIT if complaint else Verdict.PASSED,
        complaint,
        measured={"calls": most[Side.STUDENT], "solution_calls": most[Side.SOLUTION]},
    )


def _count(most: dict[str, int], answer: Returned, limit: int) -> list[str]:
    """Keep the largest counts; return the names that were called too often."""
    for name in most:
        most[name] = max(most[name], answer.stub_calls.get(name, 0))
    return [name for name in most if answer.stub_calls.get(name, 0) > limit]


def _times(n: int) -> str:
    return "once" if n == 1 else f"{n} times"
