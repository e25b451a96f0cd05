"""Holds an assignment against its own claims: full score, starter, wrong and right submissions."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from grader.authoring.starter import cut_starter, has_markers
from grader.checks import Context, examine_solution, judge
from grader.checks.ask import Side
from grader.errors import BrokenSolution
from grader.expected import ExpectedValues
from grader.grading import grade
from grader.intake import Upload, accept_uploads
from grader.report import CheckResult, Report, RunStatus
from grader.sandbox.pool import Slot
from grader.spec import Assignment, CheckSpec, KnownSubmission, list_submissions, variants


@dataclass(frozen=True, slots=True)
class Finding:
    """One submission of the assignment folder, and whether it was graded as it must be."""

    name: str
    expectation: str
    score: Decimal | None
    max_score: Decimal
    problems: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.problems


def count_submissions(assignment: Assignment) -> int:
    """Return how many findings `validate` will yield."""
    has_starter = _read_starter(assignment) is not None
    return 1 + has_starter + len(list_submissions(assignment.folder))


def validate(
    assignment: Assignment, slot: Slot, expected: ExpectedValues, seed: int
) -> Iterator[Finding]:
    """Grade the solution, the starter and every known submission; yield what was found."""

    def graded(uploads: dict[str, bytes]) -> Report:
        wanted = assignment.spec.files
        submitted = accept_uploads([Upload(*one) for one in uploads.items()], wanted)
        return grade(assignment, submitted, slot, expected, seed=seed)

    solution = {name: text.encode() for name, text in assignment.solution.items()}
    yield _find("solution", "full score", graded(solution), _not_full)

    broken = list(_broken_variants(assignment, expected, seed))
    yield from broken
    if broken:
        return  # whatever is wrong would meet them, and be refused instead of judged

    share = Decimal(str(assignment.spec.starter_max))
    wanted = f"at most {float(share):.0%} of the points"
    starter = _read_starter(assignment)
    if starter is not None and starter.text:
        report = graded(_beside_solution(assignment, starter.text.encode()))
        finding = _find("starter", wanted, report, partial(_more_than, share=share))
        yield replace(finding, problems=(*starter.problems, *finding.problems))
    elif starter is not None:
        yield Finding("starter", wanted, None, Decimal(0), starter.problems)
    for known in list_submissions(assignment.folder):
        report = graded(_beside_solution(assignment, known.path.read_bytes()))
        if known.is_right:
            yield _find(f"passed/{known.name}", "full score", report, _not_full)
        else:
            fails = f"fails {', '.join(known.expectations.fails)}"
            yield _find(known.name, fails, report, partial(_not_as_said, known=known))


def _beside_solution(assignment: Assignment, content: bytes) -> dict[str, bytes]:
    """Return a submission whose first file is this one; the others are the solution's."""
    first, *others = assignment.spec.files
    rest = {name: assignment.solution[name].encode() for name in others}
    return {first: content, **rest}


@dataclass(frozen=True, slots=True)
class _Starter:
    """The starter as it is handed out, or as it would be cut, and what is wrong with it."""

    text: str
    problems: tuple[str, ...] = ()


def _read_starter(assignment: Assignment) -> _Starter | None:
    file = assignment.folder / "starter.py"
    written = file.read_text("utf-8") if file.exists() else None
    solution = assignment.solution[assignment.spec.files[0]]
    if not has_markers(solution):
        return None if written is None else _Starter(written)
    try:
        cut = cut_starter(solution)
    except ValueError as error:
        return _Starter("", (f"solution.py cannot be cut: {error}",))
    if written is not None and written != cut:
        return _Starter(written, ("starter.py is not what is cut from solution.py",))
    return _Starter(cut)


def _broken_variants(
    assignment: Assignment, expected: ExpectedValues, seed: int
) -> Iterator[Finding]:
    """Yield the accepted variants that the solution itself cannot answer.

    A run meets a variant only after the check itself has failed, so no right submission shows it.
    """
    context = Context(assignment.spec, seed, lambda _: True)
    for check in assignment.spec.checks:
        for variant in variants(check):
            try:
                _ask_solution_only(variant.check, context, expected)
                if not variant.name:
                    _ask_carried(check, context, expected)
            except BrokenSolution as error:
                name = f"{check.id}, accept {variant.name!r}" if variant.name else check.id
                problem = f"{error.problem}; {error.remedy}"
                yield Finding(name, "", None, check.points, (problem,))


def _ask_solution_only(check: CheckSpec, context: Context, expected: ExpectedValues) -> None:
    judging = judge(check, context)
    with contextlib.suppress(StopIteration):
        ask = next(judging)
        while ask.side is Side.SOLUTION:
            ask = judging.send(expected.answer(ask, check))
    judging.close()


def _ask_carried(check: CheckSpec, context: Context, expected: ExpectedValues) -> None:
    """Ask the solution what a run asks of it only where a student has failed."""
    examining = examine_solution(check, context)
    with contextlib.suppress(StopIteration):
        ask = next(examining)
        while True:
            ask = examining.send(expected.answer(ask, check))


def _find(
    name: str, expectation: str, report: Report, judge: Callable[[Report], Iterable[str]]
) -> Finding:
    if report.status is RunStatus.FAILED:
        problems = [f"could not be judged: {report.summary}"]
    else:
        problems = list(judge(report))
    return Finding(name, expectation, report.score, report.max_score, tuple(problems))


def _not_full(report: Report) -> Iterator[str]:
    for result in report.results:
        if not result.is_passed:
            yield f"{result.check}: {_outcome(result)}"


def _more_than(report: Report, share: Decimal) -> Iterator[str]:
    assert report.score is not None
    possible = sum((result.points for result in report.results), Decimal(0))
    if report.score > share * possible:
        passed = ", ".join(result.check for result in report.results if result.is_passed)
        yield f"it scores {report.score} of {possible} without any work, by {passed}"


def _not_as_said(report: Report, known: KnownSubmission) -> Iterator[str]:
    """Compare with what the submission says of itself; a skipped check has failed too."""
    ids = {result.check for result in report.results}
    failed = {result.check for result in report.results if not result.is_passed}
    said = set(known.expectations.fails)
    for check in sorted(said - ids):
        yield f"it names a check {check} that does not exist"
    for check in sorted((said & ids) - failed):
        yield f"{check} passes and must fail"
    for result in report.results:
        if result.check in failed - said:
            yield f"{result.check} fails and is not named: {_outcome(result)}"
    codes = {one.code for result in report.results for one in result.judgement.diagnosis}
    codes |= {result.judgement.verdict.value for result in report.results}
    for code in known.expectations.diagnosis:
        if code not in codes:
            yield f"the diagnosis {code} was not made"


def _outcome(result: CheckResult) -> str:
    return f"{result.judgement.verdict.value}. {result.judgement.message}".strip()
