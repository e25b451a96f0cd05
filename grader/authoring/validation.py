"""Holds an assignment against its own claims: full score, starter, wrong and right submissions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path

from grader.expected import ExpectedValues
from grader.grading import grade
from grader.intake import Upload, accept_uploads
from grader.report import CheckResult, Report, RunStatus
from grader.sandbox.pool import Slot
from grader.spec import Assignment, KnownSubmission, list_submissions


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
    has_starter = (assignment.folder / "starter.py").exists()
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

    starter = assignment.folder / "starter.py"
    if starter.exists():
        share = Decimal(str(assignment.spec.starter_max))
        report = graded(_beside_solution(assignment, starter))
        judge = partial(_more_than, share=share)
        yield _find("starter", f"at most {float(share):.0%} of the points", report, judge)
    for known in list_submissions(assignment.folder):
        report = graded(_beside_solution(assignment, known.path))
        if known.is_right:
            yield _find(f"passed/{known.name}", "full score", report, _not_full)
        else:
            wanted = f"fails {', '.join(known.expectations.fails)}"
            yield _find(known.name, wanted, report, partial(_not_as_said, known=known))


def _beside_solution(assignment: Assignment, path: Path) -> dict[str, bytes]:
    """Return a submission whose first file is this one; the others are the solution's."""
    first, *others = assignment.spec.files
    rest = {name: assignment.solution[name].encode() for name in others}
    return {first: path.read_bytes(), **rest}


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
