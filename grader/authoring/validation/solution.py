"""The solution, graded as a student's work: full score, whatever the seed and the machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from grader.authoring.kernels import baseline_slot, name_kernel
from grader.authoring.validation.finding import CheckLines, Finding, find, outcome
from grader.authoring.validation.places import Grading, Job, Place
from grader.report import Report, Verdict

N_SOLUTION_RUNS = 4
_FULL_SCORE = "full score"


@dataclass(frozen=True, slots=True)
class SolutionRun:
    """What came of one run of the solution; no report where it could not be made."""

    finding: Finding
    report: Report | None


def solution_jobs(grading: Grading, lines: CheckLines) -> Iterator[Job[SolutionRun]]:
    """Yield a job for each run in which the solution must score full."""
    yield partial(_grade, grading, lines, "solution", grading.seed)
    yield partial(_grade, grading, lines, "solution, again", grading.seed)
    yield partial(_grade, grading, lines, f"solution, seed {grading.seed + 1}", grading.seed + 1)
    yield partial(_grade_with_other_kernel, grading, lines)


def _grade(grading: Grading, lines: CheckLines, name: str, seed: int, place: Place) -> SolutionRun:
    report = grading.grade(place, _text_of(grading), seed=seed)
    return SolutionRun(find(name, _FULL_SCORE, report, partial(_not_full, lines=lines)), report)


def _grade_with_other_kernel(grading: Grading, lines: CheckLines, place: Place) -> SolutionRun:
    name = "solution, BLAS kernel"
    with baseline_slot(place.slot) as slot:
        if slot is None:
            told = "not tried: numpy has no other"
            return SolutionRun(Finding(name, told), None)
        report = grading.grade(place, _text_of(grading), slot=slot)
        kernel = name_kernel(slot)
        expectation = f"{_FULL_SCORE} with the kernel {kernel}"
        brief = f"{_FULL_SCORE} ({kernel})"
    judge = partial(_not_full, lines=lines)
    return SolutionRun(find(name, expectation, report, judge, brief=brief), report)


def _text_of(grading: Grading) -> bytes:
    return grading.assignment.solution[grading.assignment.spec.files[0]].encode()


_REMEDIES = {
    Verdict.TIME_LIMIT: "make it faster, or raise the limits of this check",
    Verdict.MEMORY_LIMIT: "use less memory, or raise the limits of this check",
    Verdict.OUTPUT_LIMIT: "print and return less, or raise the limits of this check",
}


def _not_full(report: Report, lines: CheckLines) -> Iterator[str]:
    for result in report.results:
        if not result.is_passed:
            remedy = _REMEDIES.get(
                result.judgement.verdict, "mend the solution, or widen the tolerance of this check"
            )
            yield f"{lines.place(result.check)}: the solution fails: {outcome(result)}; {remedy}"
