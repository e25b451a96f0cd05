"""`cost`: work against the solution's on the same inputs, never a bare wall-clock figure."""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.calls import Evaluation, Raised, Returned
from grader.checks.ask import Answer, Ask, Judging, Side
from grader.checks.asking import ask_solution
from grader.checks.context import Context
from grader.checks.counting import count_calls
from grader.checks.raised import judge_raised
from grader.report import Diagnosis, Judgement, Verdict
from grader.spec import Case, CostCheck

ROUNDS = 3
"""Times that student and solution take turns; a disturbed round does not give the least time."""
MOST_ROUNDS = 12
"""A busy machine may disturb every one of a few rounds: before a short time is called too long,
so many are waited for."""
LONG_S = 0.02
"""A time that is longer is not noise, and not worth measuring again."""
REPETITIONS = 3
"""Calls a turn; the first also warms the caches."""
GROWTH_MARGIN = 0.5
"""A growth exponent that exceeds the solution's by less is not worth naming."""
RATIO_WHERE_UNSAID = 10.0
"""The ratio that `grows` allows where the author names none."""
SHORTEST_S = 2e-4
"""Below this, what is measured is mostly the passing of frames, which is never quite alike."""


@dataclass(frozen=True, slots=True)
class _Times:
    """Best time of each case, in seconds: the student's and the solution's."""

    student: tuple[float, ...]
    solution: tuple[float, ...]

    @property
    def ratios(self) -> list[float]:
        """How much longer the student takes, case by case."""
        return [
            max(student, SHORTEST_S) / max(solution, SHORTEST_S)
            for student, solution in zip(self.student, self.solution, strict=True)
        ]

    def may_be_disturbed(self, allowed: float) -> bool:
        """Whether a ratio is too large where times are so short that others' work makes it so."""
        return any(
            ratio > allowed and student < LONG_S
            for ratio, student in zip(self.ratios, self.student, strict=True)
        )


def judge_cost(check: CostCheck, context: Context) -> Judging:
    """Judge how much work the student's function does.

    Parameters
    ----------
    check : CostCheck
        `ratio`: the most that the student's time may be of the solution's, on every case.
        `grows`: the sizes between which both are measured; the ratio holds at both, and
        where it does not, a faster growth than the solution's is named. `calls`: the most
        calls of each function in `count`.

    Returns
    -------
    Judging
        concludes with time_limit where the work is too much.

    Notes
    -----
    Student and solution take turns in jails of the same kind, on the same inputs. Each time is
    the least of several, from the sending of a request to the arrival of its answer outside the
    box: noise of the machine only ever adds.
    """
    cases = _cases(check, context)
    counted = Judgement(Verdict.PASSED)
    if check.calls is not None:
        counted = yield from count_calls(check, cases)
    if counted.verdict is not Verdict.PASSED or (check.ratio is None and check.grows is None):
        return counted
    allowed = check.ratio
    if check.grows is not None and allowed is None:
        allowed = RATIO_WHERE_UNSAID
    times = yield from _take_turns(check, cases, allowed)
    if isinstance(times, Judgement):
        return times
    ratios = times.ratios
    measured: dict[str, Any] = {
        **counted.measured,
        "student_s": list(times.student),
        "solution_s": list(times.solution),
        "ratio": max(ratios),
    }
    diagnosis: tuple[Diagnosis, ...] = ()
    if check.grows is not None:
        student, solution = _exponents(times, check.grows.to / check.grows.from_)
        measured["growth_exponent"], measured["solution_growth_exponent"] = student, solution
        if student > solution + GROWTH_MARGIN:
            over = check.grows.over
            sentence = (
                f"Your time grows with the size of {over} to the power {student:.1f}, faster than"
                " the solution's. Is there a Python loop over samples?"
            )
            diagnosis = (Diagnosis("growth", sentence, over),)
    if allowed is not None and max(ratios) > allowed:
        message = (
            f"Your code takes {max(ratios):.1f} times as long as the solution on the same"
            f" inputs; {allowed:g} times is the most."
        )
        return Judgement(Verdict.TIME_LIMIT, message, diagnosis=diagnosis, measured=measured)
    return Judgement(Verdict.PASSED, measured=measured)


def _cases(check: CostCheck, context: Context) -> tuple[Case, ...]:
    """Return the cases of the check, or those at the two sizes between which it grows."""
    if check.grows is None:
        return context.cases(check)
    over = check.grows.over
    declared = context.cases(check)[0]
    tail = np.shape(declared.inputs[over])[1:]
    shapes = tuple({over: (size, *tail)} for size in (check.grows.from_, check.grows.to))
    grown = check.model_copy(update={"shapes": shapes, "scales": (1.0,)})
    return tuple(case for case in context.cases(grown) if case.shape_index > 0)


def _take_turns(
    check: CostCheck, cases: Sequence[Case], allowed: float | None
) -> Generator[Ask, Answer, _Times | Judgement]:
    """Time every case on both sides in turn; return the best times, or why there are none.

    One evaluation a request: what arrives alone has its own time of arrival. The same request
    with nothing to run is timed too and taken off, so that large inputs do not hide the work.
    """
    best = {side: [math.inf] * len(cases) for side in Side}
    idle = {side: [math.inf] * len(cases) for side in Side}
    for number in range(1, MOST_ROUNDS + 1):
        for index, case in enumerate(cases):
            for side in Side:
                for code, least in (("pass", idle), (check.run, best)):
                    evaluation = Evaluation(code, case.inputs, (), case.seed, stubs=check.count)
                    for _ in range(REPETITIONS):
                        one = yield from _time(check, side, evaluation)
                        if isinstance(one, Raised):
                            return judge_raised(one)
                        least[side][index] = min(least[side][index], one.wall_time_s)
        if number < ROUNDS:
            continue
        times = _Times(*(_less(best[side], idle[side]) for side in (Side.STUDENT, Side.SOLUTION)))
        if allowed is None or not times.may_be_disturbed(allowed):
            break
    return times


def _less(busy: Sequence[float], idle: Sequence[float]) -> tuple[float, ...]:
    return tuple(all_of_it - passing for all_of_it, passing in zip(busy, idle, strict=True))


def _time(
    check: CostCheck, side: Side, evaluation: Evaluation
) -> Generator[Ask, Answer, Returned | Raised]:
    if side is Side.SOLUTION:
        (returned,) = yield from ask_solution(check, (evaluation,), is_cacheable=False)
        return returned
    (answer,) = yield Ask(side, (evaluation,))
    return answer


def _exponents(times: _Times, factor: float) -> tuple[float, float]:
    def exponent(small: float, large: float) -> float:
        return math.log(max(large, SHORTEST_S) / max(small, SHORTEST_S)) / math.log(factor)

    return exponent(*times.student[-2:]), exponent(*times.solution[-2:])
