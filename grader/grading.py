"""One run, top to bottom: an assignment and a student's files in, a Report out.

It knows no database, no web and no queue. The checks say what to ask; the student's jail and
the expected values answer; limits, order and resumption are decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial

from grader import __version__
from grader.calls import Inspection, Returned
from grader.checks import Context
from grader.errors import BrokenSolution
from grader.expected import ExpectedValues
from grader.intake import SubmittedFiles
from grader.report import CheckResult, Report, RubricMark
from grader.run import Run, hidden_rank
from grader.sandbox import tiers
from grader.sandbox.pool import Slot
from grader.sandbox.program import Chunk, Limits, Program, SourceFile
from grader.sandbox.runtime import describe_environment
from grader.sandbox.session import Session
from grader.spec import Assignment, CheckSpec, SourceCheck, Visibility

_SEARCH_LIMITS = Limits(wall_time_s=1.0, cpu_time_s=1.0)


def grade(
    assignment: Assignment,
    submitted: SubmittedFiles,
    slot: Slot,
    expected: ExpectedValues,
    *,
    seed: int,
    only: str | None = None,
    is_explained: bool = True,
    on_result: Callable[[CheckResult], None] = lambda _: None,
) -> Report:
    """Judge a submission by every check of the assignment, or by one of them.

    What failed is explained as far as it can be, which takes seconds, unless it need not be.
    Raises BrokenSolution where the author's solution fails, and SandboxFailure where a jail of
    ours does; what the student's program does is in the report.
    """
    try:
        return _grade(assignment, submitted, slot, expected, seed, only, is_explained, on_result)
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
    is_explained: bool,
    on_result: Callable[[CheckResult], None],
) -> Report:
    program = _program_of(assignment, submitted)
    source = "\n".join(file.text for file in submitted.files)
    student = tiers.Side.STUDENT
    with (
        slot.open(student, program) as session,
        slot.open(student, program) as reader,
        slot.open(student, program) as editor,
    ):
        context = Context(assignment.spec, seed, partial(_is_found, reader), source)
        run = Run(assignment, session, editor if is_explained else None, expected, context)
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


def _is_found(reader: Session, pattern: str) -> bool:
    """Whether an author's pattern matches a student's text: in a box, for it may never end."""
    outcome = reader.run([Inspection(pattern)], _SEARCH_LIMITS)
    answers = [one for one in outcome.answers if isinstance(one, Returned)]
    return any(one.values["facts"] not in (None, []) for one in answers)


def _staff_notes(assignment: Assignment) -> tuple[str, ...]:
    if assignment.spec.environment.requirements is None:
        return ()
    return ("[environment] is read and not built by this version: programs have numpy only.",)


def _program_of(assignment: Assignment, submitted: SubmittedFiles) -> Program:
    spec = assignment.spec
    rules = [one for one in spec.checks if isinstance(one, SourceCheck) and one.forbid]
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
        # Of hidden checks nothing may be in the box.
        forbid=tuple(n for rule in rules if rule.visible is Visibility.ALWAYS for n in rule.forbid),
        is_watched=bool(rules),
    )


def _rank(check: CheckSpec) -> tuple[int, bool]:
    return hidden_rank(check), isinstance(check, SourceCheck) and bool(check.forbid)


def _in_order(assignment: Assignment, only: str | None) -> Iterator[CheckSpec]:
    """Yield the checks, the visible ones first, each after those that it needs.

    What a submission learns from a hidden check cannot be printed by a visible one that way. Of
    those that are equally visible, rules on imports come last: then it is known what was imported.
    """
    checks = {check.id: check for check in assignment.spec.checks}
    wanted = [checks[only]] if only else sorted(checks.values(), key=_rank)
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
