"""One run, top to bottom: an assignment and a student's files in, a Report out.

It knows no database, no web and no queue. The checks say what to ask; the student's jail and
the expected values answer; limits, order and resumption are decided here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from grader import __version__
from grader.checks import Context
from grader.errors import BrokenSolution
from grader.expected import ExpectedValues
from grader.intake import SubmittedFiles
from grader.report import CheckResult, Report, RubricMark
from grader.run import Run, hidden_rank
from grader.sandbox import tiers
from grader.sandbox.pool import Slot
from grader.sandbox.program import Chunk, Program, SourceFile
from grader.sandbox.runtime import describe_environment
from grader.spec import Assignment, CheckSpec


def grade(
    assignment: Assignment,
    submitted: SubmittedFiles,
    slot: Slot,
    expected: ExpectedValues,
    *,
    seed: int,
    only: str | None = None,
    on_result: Callable[[CheckResult], None] = lambda _: None,
) -> Report:
    """Judge a submission by every check of the assignment, or by one of them.

    Raises BrokenSolution where the author's solution fails, and SandboxFailure where a jail of
    ours does; what the student's program does is in the report.
    """
    try:
        return _grade(assignment, submitted, slot, expected, seed, only, on_result)
    except BrokenSolution as error:
        error.folder = assignment.folder
        raise


def _grade(
    assignment: Assignment,
    submitted: SubmittedFiles,
    slot: Slot,
    expected: ExpectedValues,
    seed: int,
    only: str | None,
    on_result: Callable[[CheckResult], None],
) -> Report:
    program = _program_of(assignment, submitted)
    source = "\n".join(file.text for file in submitted.files)
    context = Context(assignment.spec, seed, lambda pattern: bool(re.search(pattern, source)))
    with slot.open(tiers.Side.STUDENT, program) as session:
        run = Run(assignment, session, expected, context)
        results: dict[str, CheckResult] = {}
        for check in _in_order(assignment, only):
            results[check.id] = run.judge(check, results)
            on_result(results[check.id])
    checks = assignment.spec.checks
    return Report(
        assignment=assignment.slug,
        assignment_digest=assignment.digest,
        grader_version=__version__,
        sandbox_tier=slot.tier,
        seed=seed,
        results=tuple(results[check.id] for check in checks if check.id in results),
        environment=describe_environment(),
        rubric=()
        if only
        else tuple(RubricMark(i.id, i.title, Decimal(i.points)) for i in assignment.spec.rubric),
        leaderboard=run.leaderboard,
        staff_notes=_staff_notes(assignment),
        notes=(*submitted.notes, *run.notes),
    )


def _staff_notes(assignment: Assignment) -> tuple[str, ...]:
    if assignment.spec.environment.requirements is None:
        return ()
    return ("[environment] is read and not built by this version: programs have numpy only.",)


def _program_of(assignment: Assignment, submitted: SubmittedFiles) -> Program:
    spec = assignment.spec
    files = (
        SourceFile(file.name, tuple(Chunk(one.text, one.label) for one in file.chunks))
        for file in submitted.files
    )
    return Program(
        tuple(files),
        support=assignment.support,
        data=assignment.data,
        allow=tuple(spec.allow),
        shims=tuple(spec.shims),
        package=spec.package,
    )


def _in_order(assignment: Assignment, only: str | None) -> Iterator[CheckSpec]:
    """Yield the checks, the visible ones first, each after those that it needs.

    What a submission learns from a hidden check cannot be printed by a visible one that way.
    """
    checks = {check.id: check for check in assignment.spec.checks}
    wanted = [checks[only]] if only else sorted(checks.values(), key=hidden_rank)
    done: set[str] = set()

    def visit(check: CheckSpec) -> Iterator[CheckSpec]:
        if check.id in done:
            return
        done.add(check.id)
        for needed in () if only else check.needs:
            yield from visit(checks[needed])
        yield check

    for check in wanted:
        yield from visit(check)
