"""`grader assignment mutate`: wrong solutions by the hundred, and which of them no check finds."""

from __future__ import annotations

import difflib
import json
import os
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from grader.cli.check import load
from grader.cli.render import print_line, print_table, show_progress
from grader.cli.slots import open_slot
from grader.settings import Settings, load_settings

if TYPE_CHECKING:
    from grader.authoring.mutation.accepted import AcceptedProblem
    from grader.authoring.mutation.mutating import Workplace
    from grader.authoring.mutation.results import Judged, MutationResult
    from grader.spec import Assignment


def run_mutate(
    name: str,
    *,
    only: str,
    at_least: float,
    most: int,
    is_fresh: bool,
    is_written: bool,
    is_json: bool,
    seed: int,
    tier: str,
    is_unsafe: bool,
) -> int:
    """Print how many of an assignment's mutants its checks find, and those that they do not."""
    from grader.authoring.mutation.accepted import (
        find_form_problems,
        find_stale,
        find_unexplained,
        read_accepted,
        write_accepted,
    )
    from grader.authoring.mutation.mutating import read_kept
    from grader.authoring.mutation.results import LEAST_ACTIVE, State

    settings = load_settings()
    assignment = load(name)
    if only:
        with _open(settings, assignment, seed, tier, is_unsafe=is_unsafe) as place:
            return _run_one(place, only, is_json=is_json)
    needed = {one.id for one in read_accepted(assignment.folder)}
    result = None
    if not is_fresh:
        result = read_kept(assignment, seed, settings.cache_dir, most, needed)
    if result is None:
        with _open(settings, assignment, seed, tier, is_unsafe=is_unsafe) as place:
            result = _judge_all(place, most, needed)
    n_written = 0
    if is_written:
        n_written = write_accepted(assignment.folder, result.of_state(State.SURVIVED))
    accepted = read_accepted(assignment.folder)
    states = {one.id: one.state for one in result.mutants}
    problems = [*find_form_problems(accepted), *find_stale(accepted, states)]
    unexplained = find_unexplained(result, accepted)
    holds = (
        result.score >= at_least
        and result.n_active >= LEAST_ACTIVE
        and not unexplained
        and not problems
    )
    if is_json:
        told = {
            "holds": holds,
            **result.to_json(),
            "unexplained": [one.id for one in unexplained],
            "problems": [str(one) for one in problems],
        }
        sys.stdout.write(json.dumps(told, indent=2) + "\n")
    else:
        _print_result(result, unexplained, problems, at_least)
        if n_written:
            print_line(f"{n_written} survivors added to MUTANTS.md: write the reasons.")
    return 0 if holds else 1


@contextmanager
def _open(
    settings: Settings, assignment: Assignment, seed: int, tier: str, *, is_unsafe: bool
) -> Iterator[Workplace]:
    with open_slot(settings, tier, is_unsafe=is_unsafe) as slot:
        from grader.authoring.mutation.mutating import Workplace
        from grader.expected import expected_values

        with expected_values(assignment, slot, settings.cache_dir) as expected:
            n_processes = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
            yield Workplace(assignment, slot, expected, seed, settings.cache_dir, n_processes)


def _judge_all(place: Workplace, most: int, needed: Collection[str]) -> MutationResult:
    from contextlib import ExitStack

    from grader.authoring.mutation.mutating import mutate

    with ExitStack() as stack:
        steps: list[Callable[[], None]] = []

        def begin(total: int) -> None:
            steps.append(stack.enter_context(show_progress("judging", total)))

        return mutate(place, most=most, needed=needed, on_made=begin, on_judged=lambda: steps[0]())


def _run_one(place: Workplace, wanted: str, *, is_json: bool) -> int:
    """Judge one mutant, and show all that it changes."""
    from dataclasses import asdict

    from grader.authoring.mutation.mutants import with_unix_lines, write_mutant
    from grader.authoring.mutation.mutating import judge_one
    from grader.authoring.mutation.results import State

    mutant, judged = judge_one(place, wanted)
    solution = with_unix_lines(place.assignment.solution[mutant.file])
    changed = write_mutant(place.assignment, mutant)[mutant.file]
    texts = solution.splitlines(), changed.splitlines()
    lines = list(difflib.unified_diff(*texts, mutant.file, f"{mutant.file}, wrong", lineterm=""))
    if is_json:
        sys.stdout.write(json.dumps({**asdict(judged), "diff": lines}, indent=2) + "\n")
    else:
        for line in lines:
            print_line(line)
        print_line("")
        print_line(_tell(judged), is_bold=True)
    return 1 if judged.state is State.SURVIVED else 0


def _tell(judged: Judged) -> str:
    from grader.authoring.mutation.results import State

    if judged.state is State.KILLED:
        return f"{judged.id} is found by {', '.join(judged.killed_by)}."
    if judged.state is State.EQUIVALENT:
        return f"{judged.id} is equivalent: it does what the solution does on all inputs tried."
    return f"{judged.id} survives; {judged.suggestion}."


def _print_result(
    result: MutationResult,
    unexplained: tuple[Judged, ...],
    problems: list[AcceptedProblem],
    at_least: float,
) -> None:
    from grader.authoring.mutation.results import LEAST_ACTIVE, State

    rows = [
        (
            None,
            (
                one.check,
                f"{one.killed}/{one.judged}",
                f"{one.killed / one.judged:.0%}" if one.judged else "-",
                str(one.alone),
            ),
        )
        for one in result.check_scores()
    ]
    print_table(("check", "found", "share", "it alone"), rows)
    left = {one.id for one in unexplained}
    for one in result.of_state(State.EQUIVALENT):
        print_line("")
        print_line(f"equivalent: {one.id}, line {one.line}")
        print_line(f"  {one.before} -> {one.after}")
    for one in result.of_state(State.SURVIVED):
        print_line("")
        word = "SURVIVES" if one.id in left else "accepted"
        print_line(f"{word}: {one.id}, line {one.line}", is_bold=True)
        print_line(f"  {one.before} -> {one.after}")
        print_line(f"  {one.suggestion}")
    print_line("")
    for problem in problems:
        print_line(str(problem))
    found, survived = len(result.of_state(State.KILLED)), len(result.of_state(State.SURVIVED))
    print_line(
        f"{len(result.mutants)} mutants of {len({one.operator for one in result.mutants})} "
        f"families: {found} found, {survived} survive, "
        f"{len(result.of_state(State.EQUIVALENT))} equivalent"
        + (f"; {len(result.left_out)} more were left out." if result.left_out else ".")
    )
    if result.n_active < LEAST_ACTIVE:
        print_line(f"Fewer than {LEAST_ACTIVE} are active: the score says little.", is_bold=True)
    print_line(
        f"Score {result.score:.1%} of {result.n_active} active; {at_least:.0%} is asked for."
        + (f" Survivors without a reason: {len(unexplained)}." if unexplained else ""),
        is_bold=True,
    )
