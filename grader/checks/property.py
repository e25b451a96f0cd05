"""Checks of kind `property`: a predicate holds on the inputs and the returned values.

The predicate runs on the solution's side, where the student's code cannot reach it; of the
student it sees plain values only. It must hold on the solution's own values first.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from grader.calls import Evaluation, Raised, Returned, Value
from grader.checks.ask import Answer, Ask, Judging, Side
from grader.checks.asking import StudentAnswers, ask_solution
from grader.checks.context import Context
from grader.checks.output import (
    describe_opaque,
    echoed,
    evaluation,
    find_mutations,
    find_unfinished,
    has_opaque,
    is_all_zero,
    judge_mutation,
)
from grader.checks.raised import judge_raised, reject_broken_solution
from grader.errors import BrokenSolution
from grader.report import Judgement, Verdict
from grader.spec import Case, PropertyCheck

RESULT = "_holds"
"""The name under which what a predicate says leaves its box."""


def judge_property(check: PropertyCheck, context: Context) -> Judging:
    """Judge the returned values by the predicate, under the check or any accepted variant.

    Parameters
    ----------
    check : PropertyCheck
    context : Context

    Yields
    ------
    Ask
        To the solution: its own values, and the predicate on them. To the student: the values.
        To the solution again: the predicate on the student's values, which is not cacheable.

    Returns
    -------
    Judgement
        passed iff the predicate is True on every case; a text that it returns is the message.

    Raises
    ------
    BrokenSolution
        Where the predicate does not hold on the solution's own values.
    """
    first: Judgement | None = None
    student = StudentAnswers()
    for variant in context.variants(check):
        variant_check = variant.check
        assert isinstance(variant_check, PropertyCheck)
        judgement = yield from _judge_variant(variant_check, context, student)
        if judgement.verdict is Verdict.PASSED:
            notes = judgement.notes
            return replace(
                judgement, notes=(*notes, f"accepted: {variant.name}") if variant.name else notes
            )
        first = first or judgement
    assert first is not None
    return first


def _judge_variant(check: PropertyCheck, context: Context, student: StudentAnswers) -> Judging:
    cases = context.cases(check)
    expected = yield from _examine_solution(check, cases)
    given = yield from student.ask(
        [evaluation(case, check.run, check.returns, echoed(check, case)) for case in cases]
    )
    for case, one in zip(cases, given, strict=True):
        if isinstance(one, Raised):
            return judge_raised(one, case.label)
    returned = [one for one in given if isinstance(one, Returned)]
    unfinished = find_unfinished(cases, returned, expected, check.returns, ())
    if unfinished:
        return Judgement(Verdict.NOT_IMPLEMENTED, unfinished)
    for one in returned:
        for name in check.returns:
            if has_opaque(one.values[name]):
                return Judgement(
                    Verdict.WRONG_ANSWER,
                    f"`{name}` is {describe_opaque(one.values[name])}; "
                    "numbers, arrays, text or lists of these are asked for.",
                )
    changed = find_mutations(cases, returned)
    notes = ("mutation",) if changed else ()
    held = yield Ask(
        Side.SOLUTION,
        tuple(
            predicate(check, case, one.values) for case, one in zip(cases, returned, strict=True)
        ),
        cacheable=False,
    )
    for case, result in zip(cases, held, strict=True):
        message = _complaint(result)
        if message is None:
            continue
        if is_all_zero(cases, returned, expected, check.returns):
            return Judgement(Verdict.NOT_IMPLEMENTED, "Every returned value is zero.")
        if case.label:
            ended = message if message.endswith((".", "!", "?")) else f"{message}."
            message = f"{ended} This is with {case.label}."
        measured = {"value": ", ".join(check.returns), "case": case.label}
        return Judgement(Verdict.WRONG_ANSWER, message, notes=notes, measured=measured)
    return judge_mutation(check, Judgement(Verdict.PASSED, notes=notes), changed)


def _examine_solution(
    check: PropertyCheck, cases: Sequence[Case]
) -> Generator[Ask, Answer, list[Mapping[str, Value]]]:
    """Return the solution's own values, after the predicate has held on them."""
    expected = yield from ask_solution(
        check, [evaluation(case, check.run, check.returns) for case in cases]
    )
    for one in expected:
        for name in check.returns:
            if has_opaque(one.values[name]):
                raise BrokenSolution(
                    f"`{name}` is {describe_opaque(one.values[name])}, which cannot leave the box",
                    check=check.id,
                    remedy="return numbers, arrays, text, or flat lists of these",
                )
    held = yield Ask(
        Side.SOLUTION,
        tuple(
            predicate(check, case, one.values) for case, one in zip(cases, expected, strict=True)
        ),
    )
    for result in held:
        if isinstance(result, Raised):
            raise reject_broken_solution(result, check.id)
        complaint = _complaint(result)
        if complaint is not None:
            raise BrokenSolution(
                f"`holds` is not True on the solution's own values: {complaint}",
                check=check.id,
                remedy="correct solution.py, or `holds`",
            )
    return [one.values for one in expected]


def predicate(check: PropertyCheck, case: Case, values: Mapping[str, Value]) -> Evaluation:
    """Return the predicate's evaluation; a returned name goes before an input of that name."""
    # the line ends keep a comment at the end of the expression from swallowing the bracket
    code = f"{RESULT} = (\n{check.holds}\n)"
    inputs = {**case.inputs, **{name: values[name] for name in check.returns}}
    return Evaluation(code, inputs, (RESULT,), seed=case.seed)


def _complaint(result: Returned | Raised) -> str | None:
    """Return why the predicate does not hold, or None where it is True."""
    if isinstance(result, Raised):
        return f"Your values cannot be judged: {result.kind}: {result.message}."
    value = result.values[RESULT]
    if value is True or (isinstance(value, np.bool_) and bool(value)):
        return None
    if isinstance(value, str) and value:
        return value
    return "The property that is asked for does not hold."
