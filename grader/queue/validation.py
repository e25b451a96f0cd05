"""A validation run: holds an uploaded assignment folder against its own claims."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.authoring.handout.making import make_handout
from grader.authoring.validation import Finding, count_submissions, validate
from grader.errors import (
    AssignmentError,
    BrokenSolution,
    EnvironmentMissing,
    SpecError,
    SubmissionRejected,
)
from grader.expected import expected_values
from grader.sandbox.pool import Slot
from grader.spec import Assignment, load_assignment

LONGEST_S = 3000.0
"""No run may take longer, whatever its author allows: below Celery's own limit."""
_SETUP_S = 60.0
_SOLUTION_ASKS = 8
"""The solution is asked a few times a check, each time with more patience."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a validation found, and in one line what ended it early."""

    findings: tuple[Finding, ...]
    error: str = ""
    handout: bytes = b""
    """The zip for students, where it holds."""

    @property
    def holds(self) -> bool:
        """Whether the assignment is what it claims to be."""
        return not self.error and all(finding.holds for finding in self.findings)

    def to_json(self) -> dict[str, Any]:
        """Return it as the run keeps it."""
        return {
            "holds": self.holds,
            "findings": [_entry(finding) for finding in self.findings],
            "error": self.error or None,
        }


def _entry(finding: Finding) -> dict[str, Any]:
    return {
        "name": finding.name,
        "expectation": finding.expectation,
        "score": None if finding.score is None else str(finding.score),
        "max_score": str(finding.max_score),
        "holds": finding.holds,
        "problems": list(finding.problems),
    }


def validate_folder(
    folder: Path,
    slot: Slot,
    cache_dir: Path | None,
    seed: int,
    *,
    on_loaded: Callable[[Assignment], None] = lambda _: None,
) -> Outcome:
    """Return what became of the folder's solution, starter and known submissions.

    Where all holds, the handout is made of it.
    What its author must mend ends the validation and does not hold; what fails through us is
    raised.
    """
    findings: list[Finding] = []
    try:
        assignment = load_assignment(folder)
        on_loaded(assignment)
        with expected_values(assignment, slot, cache_dir) as expected:
            # Found one by one: what was found before an error is told as well.
            findings.extend(validate(assignment, slot, expected, seed, cache_dir=cache_dir))
            if not all(finding.holds for finding in findings):
                return Outcome(tuple(findings))
            made = make_handout(assignment, slot, expected)
    except (AssignmentError, SubmissionRejected, EnvironmentMissing) as error:
        return Outcome(tuple(findings), _describe(error, folder))
    return Outcome(tuple(findings), handout=made.content)


def _describe(
    error: AssignmentError | SubmissionRejected | EnvironmentMissing, folder: Path
) -> str:
    """Return the error's line, with the file's name as its author knows it."""
    if isinstance(error, BrokenSolution):
        error.folder = Path()
    if isinstance(error, SpecError) and error.file.is_relative_to(folder):
        error.file = error.file.relative_to(folder)
    return str(error)


def longest_run_s(assignment: Assignment) -> float:
    """Return the seconds after which judging one submission can only be hanging."""
    checks_s = sum(check.limits.wall_time_s for check in assignment.spec.checks)
    total_s = _SETUP_S + assignment.spec.limits.total_time_s + _SOLUTION_ASKS * checks_s
    return min(total_s, LONGEST_S)


def longest_validation_s(assignment: Assignment) -> float:
    """Return the seconds after which a validation can only be hanging."""
    return min(longest_run_s(assignment) * count_submissions(assignment), LONGEST_S)
