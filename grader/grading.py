"""One run, top to bottom: an assignment and a student's files in, a Report out.

It knows no database, no web and no queue. The checks say what to ask; the student's jail and
the expected values answer; limits, order and resumption are decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import partial

from grader import __version__
from grader.answers import ExpectedValues
from grader.boxes import Box, Boxes
from grader.calls import Inspection, Returned
from grader.checks import Context
from grader.environments import describe_packages, find_packages
from grader.errors import BrokenSolution
from grader.intake import SubmittedFiles
from grader.report import CheckResult, Report, RubricMark, Verdict
from grader.run import Run, hidden_rank
from grader.sandbox.program import Chunk, Limits, Program, SourceFile
from grader.sandbox.runtime import describe_environment
from grader.sandbox.sides import Side
from grader.spec import (
    Assignment,
    CheckSpec,
    SourceCheck,
    Visibility,
    locate_checks,
    seed_of_student,
)

_SEARCH_LIMITS = Limits(wall_time_s=1.0, cpu_time_s=1.0)


def grade(
    assignment: Assignment,
    submitted: SubmittedFiles,
    slot: Boxes,
    expected: ExpectedValues,
    *,
    seed: int,
    student: str = "",
    only: str | None = None,
    is_explained: bool = True,
    explains_until: Collection[str] | None = None,
    on_result: Callable[[CheckResult], None] = lambda _: None,
) -> Report:
    """Judge a submission by every check of the assignment, or by one of them.

    `student` is whose own numbers are drawn where a check asks for such, the same at every attempt.
    What failed is explained as far as it can be, which takes seconds, unless it need not be; or
    check by check until each of the codes in `explains_until` is a diagnosis, or a verdict.
    Raises BrokenSolution where the author's solution fails, and SandboxFailure where a jail of
    ours does; what the student's program does is in the report.
    """
    try:
        report = _grade(
            assignment,
            submitted,
            slot,
            expected,
            (seed, seed_of_student(assignment.slug, student)),
            only,
            is_explained,
            explains_until,
            on_result,
        )
        return replace(report, student=student)
    except BrokenSolution as error:
        locate(error, assignment)
        raise


def locate(error: BrokenSolution, assignment: Assignment) -> None:
    """Tell an error of the solution where the folder is, and on which lines it is seen."""
    error.folder = assignment.folder
    error.check_line = locate_checks(assignment.folder).get(error.check)
    # In the box a file goes by the name under which a student hands it in, or by any other.
    if error.file in assignment.solution and (assignment.folder / "solution").is_dir():
        error.file = f"solution/{error.file}"
    elif error.file == assignment.spec.files[0]:
        error.file = "solution.py"
    elif error.file not in {*assignment.solution, *assignment.support}:
        error.file, error.line = "solution.py", None


def _grade(
    assignment: Assignment,
    submitted: SubmittedFiles,
    slot: Boxes,
    expected: ExpectedValues,
    seeds: tuple[int, int],
    only: str | None,
    is_explained: bool,
    explains_until: Collection[str] | None,
    on_result: Callable[[CheckResult], None],
) -> Report:
    program = _program_of(assignment, submitted, slot)
    source = "\n".join(file.text for file in submitted.files)
    with (
        slot.open(Side.STUDENT, program) as session,
        slot.open(Side.STUDENT, program) as reader,
        slot.open(Side.STUDENT, program) as editor,
    ):
        seed, student_seed = seeds
        is_found = partial(_is_found, reader)
        enough = frozenset(explains_until or ()) - frozenset(Verdict)
        context = Context(assignment.spec, seed, is_found, source, student_seed, enough)
        run = Run(
            assignment,
            session,
            editor if is_explained else None,
            expected,
            context,
            explains_until,
        )
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
        environment={
            **describe_environment(),
            **describe_packages(assignment, slot.environments),
        },
        rubric=()
        if only
        else tuple(RubricMark(i.id, i.title, Decimal(i.points)) for i in assignment.spec.rubric),
        leaderboard=run.leaderboard,
        notes=(*submitted.notes, *run.notes),
    )


def _is_found(reader: Box, pattern: str) -> bool:
    """Whether an author's pattern matches a student's text: in a box, for it may never end."""
    outcome = reader.run([Inspection(pattern)], _SEARCH_LIMITS)
    answers = [one for one in outcome.answers if isinstance(one, Returned)]
    return any(one.values["facts"] not in (None, []) for one in answers)


def _program_of(assignment: Assignment, submitted: SubmittedFiles, slot: Boxes) -> Program:
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
        packages=find_packages(assignment, slot.environments),
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
