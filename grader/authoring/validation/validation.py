"""The whole of a validation, top to bottom."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.authoring.validation.finding import CheckLines, Finding
from grader.authoring.validation.headroom import find_headroom
from grader.authoring.validation.hollow import find_powerless
from grader.authoring.validation.leaks import find_leaks
from grader.authoring.validation.mutants import find_mutants
from grader.authoring.validation.places import Grading, Place, run_jobs, start_jails
from grader.authoring.validation.solution import N_SOLUTION_RUNS, SolutionRun, solution_jobs
from grader.authoring.validation.submissions import read_starter, submission_jobs
from grader.checks import Context, examine_solution, judge
from grader.checks.ask import Side
from grader.errors import BrokenSolution
from grader.expected import ExpectedValues
from grader.sandbox.pool import Slot
from grader.spec import Assignment, CheckSpec, list_submissions, variants

_N_OTHER_ROWS = 4
"""Headroom, hidden values, checks that can fail, mutants."""


def count_submissions(assignment: Assignment) -> int:
    """Return how many findings `validate` will yield."""
    has_starter = read_starter(assignment) is not None
    n_submissions = has_starter + len(list_submissions(assignment.folder))
    return N_SOLUTION_RUNS + n_submissions + _N_OTHER_ROWS


def validate(
    assignment: Assignment,
    slot: Slot,
    expected: ExpectedValues,
    seed: int,
    others: Sequence[Place] = (),
    *,
    cache_dir: Path | None = None,
) -> Iterator[Finding]:
    """Yield what holds of an assignment, and what does not.

    The solution, the starter and every known submission are graded, in as many places at once as
    there are; the verdicts are those of any other run. Survivors of mutation are looked for in
    `cache_dir`, where `mutate` keeps what it found.

    Raises
    ------
    BrokenSolution
        Where the solution answers nothing, or two different things.
    """
    grading, lines = Grading(assignment, seed), CheckLines.of(assignment)
    places = [Place(slot, expected), *others]
    start_jails(assignment, places)
    runs: list[SolutionRun] = []
    for run in run_jobs(solution_jobs(grading, lines), places):
        runs.append(run)
        yield run.finding
        if not runs[0].finding.holds:
            break  # the others would say the same again
    broken = list(_broken_variants(assignment, expected, seed))
    yield from broken
    if broken:
        return  # whatever is wrong would meet them, and be refused instead of judged
    reports = [run.report for run in runs if run.report is not None]
    yield find_headroom(assignment, reports, lines)
    yield find_leaks(assignment, expected, seed)
    failed: set[str] = set()
    for graded in run_jobs(submission_jobs(grading, lines), places):
        if not graded.finding.name.startswith("passed/"):
            failed |= graded.failed
        yield graded.finding
    yield find_powerless(grading, failed, lines)(places[0])
    yield find_mutants(assignment, places[0], seed, cache_dir)


def _broken_variants(
    assignment: Assignment, expected: ExpectedValues, seed: int
) -> Iterator[Finding]:
    """Yield the accepted variants that the solution itself cannot answer.

    A run meets a variant only after the check itself has failed, so no right submission shows it.
    """
    lines = CheckLines.of(assignment)
    context = Context(assignment.spec, seed, lambda _: True)
    for check in assignment.spec.checks:
        for variant in variants(check):
            try:
                ask_solution_only(variant.check, context, expected)
                if not variant.name:
                    _ask_carried(check, context, expected)
            except BrokenSolution as error:
                name = f"{check.id}, accept {variant.name!r}" if variant.name else check.id
                problem = f"{lines.place(check.id)}: the solution: {error.problem}; {error.remedy}"
                yield Finding(name, "", max_score=check.points, problems=(problem,))


def ask_solution_only(check: CheckSpec, context: Context, expected: ExpectedValues) -> None:
    """Ask the solution what a check asks of it before any student."""
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
