"""`grader assignment`: list and validate."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from grader.cli.check import load
from grader.cli.render import print_table, show_progress
from grader.cli.slots import open_slot
from grader.settings import load_settings

if TYPE_CHECKING:
    from grader.authoring.validation import Finding


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
    from grader.expected import expected_values

    settings = load_settings()
    assignment = load(name)
    findings = []
    with (
        open_slot(settings, tier, is_unsafe=is_unsafe) as slot,
        expected_values(assignment, slot, settings.cache_dir) as expected,
        show_progress("grading", count_submissions(assignment)) as advance,
    ):
        for finding in validate(assignment, slot, expected, seed):
            findings.append(finding)
            advance()
    holds = all(finding.holds for finding in findings)
    if is_json:
        entries = [
            {
                "name": one.name,
                "expectation": one.expectation,
                "score": None if one.score is None else float(one.score),
                "max_score": float(one.max_score),
                "holds": one.holds,
                "problems": list(one.problems),
            }
            for one in findings
        ]
        sys.stdout.write(json.dumps({"holds": holds, "findings": entries}, indent=2) + "\n")
    else:
        print_findings(findings)
    return 0 if holds else 1


def print_findings(findings: Sequence[Finding]) -> None:
    """Print what a validation found."""
    rows = [
        (
            one.holds,
            (
                one.name,
                "holds" if one.holds else "DOES NOT HOLD",
                "-" if one.score is None else f"{one.score}/{one.max_score}",
                one.expectation if one.holds else "\n".join(one.problems),
            ),
        )
        for one in findings
    ]
    print_table(("submission", "", "score", "must be, or what is wrong"), rows)
