"""`grader assignment`: list and validate."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from grader.cli.check import load
from grader.cli.render import plain, print_line, print_table, show_progress
from grader.cli.slots import open_slot
from grader.settings import load_settings

if TYPE_CHECKING:
    from grader.authoring.validation import Finding, Place
    from grader.spec import Assignment

_MOST_PLACES = 2
"""Slots at once: each has two jails, and our own process has one interpreter lock."""


def run_list(*, is_json: bool) -> int:
    """Print the assignments of the course pack."""
    from grader.assignment_packs import course_pack
    from grader.spec import list_assignments, load_assignment

    found = [load_assignment(folder) for folder in list_assignments([course_pack()])]
    if is_json:
        entries = [
            {
                "assignment": one.slug,
                "title": one.spec.title,
                "files": list(one.spec.files),
                "checks": len(one.spec.checks),
                "points": float(sum(check.points for check in one.spec.checks)),
                "digest": one.digest,
            }
            for one in found
        ]
        sys.stdout.write(json.dumps(entries, indent=2) + "\n")
        return 0
    rows = [
        (
            None,
            (
                one.slug,
                one.spec.title,
                f"{len(one.spec.checks)} checks",
                f"{sum(check.points for check in one.spec.checks)} points",
            ),
        )
        for one in found
    ]
    print_table(("assignment", "title", "checks", "points"), rows)
    return 0


def run_validate(name: str, *, is_json: bool, seed: int, tier: str, is_unsafe: bool) -> int:
    """Print whether an assignment is what it claims to be."""
    from grader.authoring.validation import count_submissions, validate
    from grader.cli.environment import assert_built

    assignment = load(name)
    settings = load_settings()
    assert_built(assignment, settings, name)
    findings = []
    with (
        open_places(assignment, tier, is_unsafe=is_unsafe) as (place, *others),
        show_progress("proving", count_submissions(assignment)) as advance,
    ):
        cache_dir = settings.cache_dir
        for finding in validate(
            assignment, place.slot, place.expected, seed, others, cache_dir=cache_dir
        ):
            findings.append(finding)
            advance()
    holds = all(finding.holds for finding in findings)
    if is_json:
        entries = [_entry(finding) for finding in findings]
        sys.stdout.write(json.dumps({"holds": holds, "findings": entries}, indent=2) + "\n")
    else:
        print_findings(findings)
    return 0 if holds else 1


def _entry(finding: Finding) -> dict[str, object]:
    return {
        "name": finding.name,
        "expectation": finding.expectation,
        "score": None if finding.score is None else float(finding.score),
        "max_score": float(finding.max_score),
        "holds": finding.holds,
        "problems": list(finding.problems),
        "measured": dict(finding.measured),
    }


@contextmanager
def open_places(
    assignment: Assignment, tier: str = "", *, is_unsafe: bool = False
) -> Iterator[list[Place]]:
    """Yield where submissions are graded: a slot for each of two processors, the first one warm."""
    from grader.authoring.validation import Place
    from grader.expected import expected_values

    settings = load_settings()
    n_places = min(len(os.sched_getaffinity(0)), _MOST_PLACES)
    with ExitStack() as stack:
        places = []
        for _ in range(n_places):
            slot = stack.enter_context(open_slot(settings, tier, is_unsafe=is_unsafe))
            values = expected_values(assignment, slot, settings.cache_dir)
            places.append(Place(slot, stack.enter_context(values)))
        yield places


def print_findings(findings: Sequence[Finding]) -> None:
    """Print what a validation found: what is wrong first, a line for each problem."""
    wrong = [one for one in findings if not one.holds]
    for one in wrong:
        print_line(one.name, is_bold=True)
        for problem in one.problems:
            print_line(f"  {problem}")
    if wrong:
        print_line("")
    rows = [
        (
            one.holds,
            (
                one.name,
                "holds" if one.holds else "WRONG",
                "" if one.score is None else f"{plain(one.score)}/{plain(one.max_score)}",
                one.brief or one.expectation,
            ),
        )
        for one in findings
    ]
    print_table(("what", "", "score", "must be"), rows)
    told = f"{len(wrong)} of {len(findings)} do not hold." if wrong else "All of it holds."
    print_line(told, is_bold=True)
