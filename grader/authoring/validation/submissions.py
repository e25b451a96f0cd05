"""The starter and the known submissions: whether each is graded as it must be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from grader.authoring.starter import cut_starter, has_markers
from grader.authoring.validation.finding import CheckLines, Finding, find, outcome
from grader.authoring.validation.hollow import TELLING
from grader.authoring.validation.places import Grading, Job, Place
from grader.report import Report, Verdict
from grader.spec import Assignment, KnownSubmission, list_submissions


@dataclass(frozen=True, slots=True)
class Graded:
    """A finding, and the checks that its submission has failed by what it returned."""

    finding: Finding
    failed: frozenset[str] = frozenset()


def submission_jobs(grading: Grading, lines: CheckLines) -> Iterator[Job[Graded]]:
    """Yield a job for the starter and for each known submission."""
    starter = read_starter(grading.assignment)
    if starter is not None:
        yield partial(_grade_starter, grading, starter)
    for known in list_submissions(grading.assignment.folder):
        if known.is_right:
            yield partial(_grade_right, grading, known, lines)
        else:
            yield partial(_grade_wrong, grading, known)


def _failed(report: Report) -> frozenset[str]:
    """Return the ids of the checks that failed for what they were given, not by an exception."""
    return frozenset(one.check for one in report.results if one.judgement.verdict in TELLING)


# The starter


@dataclass(frozen=True, slots=True)
class Starter:
    """The starter as it is handed out, or as it would be cut, and what is wrong with it."""

    text: str
    problems: tuple[str, ...] = ()
    is_written: bool = False
    """Whether there is a file of it."""


def read_starter(assignment: Assignment) -> Starter | None:
    """Return the starter of an assignment; None where there is none to be had."""
    file = assignment.folder / "starter.py"
    written = file.read_text("utf-8") if file.exists() else None
    solution = assignment.solution[assignment.spec.files[0]]
    if not has_markers(solution):
        return None if written is None else Starter(written, is_written=True)
    try:
        cut = cut_starter(solution)
    except ValueError as error:
        where = str(error).removeprefix("line ")
        return Starter("", (f"solution.py:{where}; write both, each on a line of its own",))
    if written is not None and written != cut:
        line = _first_difference(written, cut)
        problem = f"starter.py:{line}: is not what is cut from solution.py; delete it, and it is"
        return Starter(written, (f"{problem} cut anew",), is_written=True)
    return Starter(cut, is_written=written is not None)


def _first_difference(one: str, other: str) -> int:
    lines, others = one.splitlines(), other.splitlines()
    same = 0
    for a, b in zip(lines, others, strict=False):
        if a != b:
            break
        same += 1
    return min(same + 1, max(len(lines), 1))


def _grade_starter(grading: Grading, starter: Starter, place: Place) -> Graded:
    share = Decimal(str(grading.assignment.spec.starter_max))
    wanted = f"at most {float(share):.0%} of the points"
    if not starter.text:
        return Graded(Finding("starter", wanted, problems=starter.problems))
    report = grading.grade(place, starter.text.encode())
    finding = find("starter", wanted, report, partial(_more_than, share=share))
    return Graded(
        replace(finding, problems=(*starter.problems, *finding.problems)), _failed(report)
    )


def _more_than(report: Report, share: Decimal) -> Iterator[str]:
    assert report.score is not None
    possible = sum((result.points for result in report.results), Decimal(0))
    if report.score > share * possible:
        passed = ", ".join(result.check for result in report.results if result.is_passed)
        yield (
            f"starter.py: it scores {report.score} of {possible} without any work, by {passed};"
            " cut more out of it, or raise `starter_max`"
        )


# Known submissions


def _grade_right(
    grading: Grading, known: KnownSubmission, lines: CheckLines, place: Place
) -> Graded:
    report = grading.grade(place, known.path.read_bytes())
    judge = partial(_not_full, known=known, lines=lines)
    return Graded(find(f"passed/{known.name}", "full score", report, judge))


def _not_full(report: Report, known: KnownSubmission, lines: CheckLines) -> Iterator[str]:
    for result in report.results:
        if not result.is_passed:
            yield (
                f"{lines.place(result.check)}: {_file(known)} is right and fails it:"
                f" {outcome(result)}; widen the check, or add [[checks.accept]]"
            )


def _grade_wrong(grading: Grading, known: KnownSubmission, place: Place) -> Graded:
    said = known.expectations
    content = known.path.read_bytes()
    report = grading.grade(place, content, explains_until=said.diagnosis)
    if not set(said.diagnosis) <= _codes(report):
        # A search ends by the clock: a busy machine may have cut it short.
        report = grading.grade(place, content, explains_until=said.diagnosis)
    n_checks = f"{len(said.fails)} check{'s' if len(said.fails) > 1 else ''}"
    fails = f"fails {', '.join(said.fails)}"
    brief = fails if len(said.fails) == 1 else f"fails {n_checks} of {len(report.results)}"
    if said.diagnosis:
        brief += f": {', '.join(said.diagnosis)}"
    finding = find(known.name, fails, report, partial(_not_as_said, known=known), brief=brief)
    return Graded(finding, _failed(report))


def _not_as_said(report: Report, known: KnownSubmission) -> Iterator[str]:
    """Compare with what the submission says of itself; a skipped check has failed too."""
    ids = {result.check for result in report.results}
    failed = {result.check for result in report.results if not result.is_passed}
    said = set(known.expectations.fails)
    file = _file(known)
    fails, diagnosis = _line_of(known, "fails"), _line_of(known, "diagnosis")
    for check in sorted(said - ids):
        yield f"{file}:{fails}: it names a check {check} that does not exist; correct the id"
    for check in sorted((said & ids) - failed):
        yield (
            f"{file}:{fails}: {check} passes and must fail; make the check sharper, or take it"
            " off the list"
        )
    for result in report.results:
        if result.check in failed - said:
            yield (
                f"{file}:{fails}: {result.check} fails and is not named: {outcome(result)};"
                " name it, or mend the check"
            )
    codes = _codes(report)
    for code in known.expectations.diagnosis:
        if code not in codes:
            made = ", ".join(sorted(codes - set(Verdict))) or "none"
            yield (
                f"{file}:{diagnosis}: the diagnosis {code} was not made, but {made}; name what is"
                " made, or let a check show more"
            )


def _codes(report: Report) -> set[str]:
    """Return the diagnoses of all checks, and their verdicts."""
    codes = {one.code for result in report.results for one in result.judgement.diagnosis}
    return codes | {result.judgement.verdict.value for result in report.results}


def _file(known: KnownSubmission) -> str:
    folder = "submissions/passed" if known.is_right else "submissions"
    return f"{folder}/{known.path.name}"


def _line_of(known: KnownSubmission, word: str) -> int:
    """Return the line of a leading comment such as `# fails:`."""
    lines = enumerate(known.text.splitlines(), 1)
    return next((n for n, line in lines if line.replace(" ", "").startswith(f"#{word}:")), 1)
