"""Which module judges which kind of check."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from grader.checks.ask import Answer, Ask, Judging
from grader.checks.carry import examine_carry, judge_with_carry
from grader.checks.context import Context
from grader.checks.cost import judge_cost
from grader.checks.determinism import CHANCE_CODES, judge_twice
from grader.checks.explain import conclude, explain
from grader.checks.gradient import judge_gradient
from grader.checks.output import judge_output
from grader.checks.plots import judge_with_plots
from grader.checks.property import judge_property
from grader.checks.returnless import tell_returnless
from grader.checks.source import judge_source
from grader.errors import ConfigurationError
from grader.report import Diagnosis, Verdict
from grader.spec import (
    CheckSpec,
    CostCheck,
    GradientCheck,
    OutputCheck,
    PropertyCheck,
    SourceCheck,
)


def judge(check: CheckSpec, context: Context) -> Judging:
    """Judge a check by its kind.

    Raises
    ------
    ConfigurationError
        For a kind that this version cannot judge.
    """
    judging = judge_with_carry(
        check, lambda: _judging_twice(check, context), lambda: _judging(check, context)
    )
    judgement = yield from judge_with_plots(check, context, judging)
    is_unfinished = judgement.verdict is Verdict.NOT_IMPLEMENTED
    if not is_unfinished and not {one.code for one in judgement.diagnosis} & CHANCE_CODES:
        judgement = yield from explain(judgement, context)
    judgement = yield from tell_returnless(check, conclude(judgement))
    if judgement.verdict is Verdict.NOT_IMPLEMENTED and not judgement.diagnosis:
        diagnosis = Diagnosis("not_implemented", judgement.message)
        return replace(judgement, diagnosis=(diagnosis,))
    return judgement


def examine_solution(check: CheckSpec, context: Context) -> Generator[Ask, Answer, None]:
    """Ask the solution what a run asks only after a student's mistake.

    Raises
    ------
    BrokenSolution
        Where the solution does not answer as it must.
    """
    if check.carry_forward:
        yield from examine_carry(check, lambda: _judging(check, context))


def _judging_twice(check: CheckSpec, context: Context) -> Judging:
    if isinstance(check, OutputCheck | GradientCheck | PropertyCheck):
        return judge_twice(check, context, lambda: _judging(check, context))
    return _judging(check, context)


def _judging(check: CheckSpec, context: Context) -> Judging:
    match check:
        case OutputCheck():
            return judge_output(check, context)
        case GradientCheck():
            return judge_gradient(check, context)
        case PropertyCheck():
            return judge_property(check, context)
        case SourceCheck():
            return judge_source(check, context)
        case CostCheck():
            return judge_cost(check, context)
    raise ConfigurationError(
        f"check {check.id!r} is of kind {check.kind!r}, which this version cannot judge",
        remedy="take the check out, or install a version that has this kind",
    )
