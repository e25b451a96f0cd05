"""Whether every check can fail: each is asked with programs that do not do what it asks."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import partial

from grader.authoring.programs import FILLS, read_definitions, write_rule_breaker
from grader.authoring.validation.finding import CheckLines, Finding
from grader.authoring.validation.places import Grading, Job, Place
from grader.report import Report, Verdict
from grader.spec import CheckSpec, CostCheck, SourceCheck

TELLING = (
    Verdict.WRONG_ANSWER,
    Verdict.WRONG_SHAPE,
    Verdict.TIME_LIMIT,
    Verdict.FORBIDDEN,
    Verdict.MISSING,
)
"""How a check fails that looks at what it is given: a program that raises fails any other."""

_MORE_WORK = 4.0
"""A cost check is asked with a program that does so many times the work that it allows."""


def find_powerless(grading: Grading, failed: Collection[str], lines: CheckLines) -> Job[Finding]:
    """Return a job that finds the checks that nothing fails.

    Parameters
    ----------
    grading
        The assignment.
    failed
        Ids of the checks that a known-wrong submission has failed by what it returned.
    lines
        Where the checks are written.
    """
    return partial(_ask_all, grading, failed, lines)


def _ask_all(grading: Grading, failed: Collection[str], lines: CheckLines, place: Place) -> Finding:
    assignment = grading.assignment
    definitions = read_definitions(assignment, place.slot)
    checks = assignment.spec.checks
    by_values = [one for one in checks if not isinstance(one, CostCheck | SourceCheck)]
    empty = _passed(grading, place, by_values, definitions.write_empty_handed())
    untried = [one for one in checks if one.id not in failed and one.id not in empty]
    spoilt = [one for one in by_values if one in untried]
    for fill in FILLS:
        passed = _passed(grading, place, spoilt, definitions.write_spoilt(fill))
        spoilt = [one for one in spoilt if one.id in passed]
    told = {one.id: "whose functions all return None" for one in by_values if one.id in empty}
    told |= {one.id: "whose functions return any other numbers" for one in spoilt}
    for check in untried:
        if isinstance(check, SourceCheck):
            program, what = write_rule_breaker(check), "that breaks its rules"
        elif isinstance(check, CostCheck):
            times = _times_over(check)
            program = definitions.write_repeating(times)
            what = f"that does everything {times} times"
        else:
            continue
        if _passed(grading, place, [check], program):
            told[check.id] = what
    problems = [
        f"{lines.place(check.id)}: it passes a program {told[check.id]}: it cannot fail; "
        + _remedy(check)
        for check in checks
        if check.id in told
    ]
    measured = {"by_submissions": sorted(failed), "asked": [one.id for one in untried]}
    return Finding("checks", "every check can fail", problems=tuple(problems), measured=measured)


def _remedy(check: CheckSpec) -> str:
    if isinstance(check, CostCheck):
        return "ask with larger inputs, or for a smaller ratio"
    return "compare what the functions must return"


def _passed(grading: Grading, place: Place, checks: Iterable[CheckSpec], program: str) -> set[str]:
    """Return which of the checks a program passes; what another one needs is not asked."""
    wanted = [check.id for check in checks]
    passed: set[str] = set()
    if len(wanted) == len(grading.assignment.spec.checks):
        report = grading.grade(place, program.encode())
        passed |= _passed_of(report, wanted)
        wanted = [r.check for r in report.results if r.judgement.verdict is Verdict.SKIPPED]
    for check in wanted:
        passed |= _passed_of(grading.grade(place, program.encode(), only=check), wanted)
    return passed


def _passed_of(report: Report, wanted: Collection[str]) -> set[str]:
    return {one.check for one in report.results if one.is_passed and one.check in wanted}


def _times_over(check: CostCheck) -> int:
    ratio = check.ratio if check.ratio is not None else 10.0
    return round(_MORE_WORK * max(ratio, 1.0))
