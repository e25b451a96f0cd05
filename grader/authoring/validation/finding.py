"""What a validation found, one row for each thing that must hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from grader.report import CheckResult, Report, RunStatus, Verdict
from grader.spec import Assignment, locate_checks


@dataclass(frozen=True, slots=True)
class Finding:
    """One submission of the assignment folder, or one claim about it, and whether it holds."""

    name: str
    expectation: str
    score: Decimal | None = None
    max_score: Decimal = Decimal(0)
    problems: tuple[str, ...] = ()
    """Each a line: file and line, what is wrong, what to do."""
    brief: str = ""
    """The expectation in a few words, where it is long."""
    measured: Mapping[str, object] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class CheckLines:
    """Where the checks of an assignment are written."""

    lines: Mapping[str, int]

    @classmethod
    def of(cls, assignment: Assignment) -> CheckLines:
        """Return the places of the assignment's checks."""
        return cls(locate_checks(assignment.folder))

    def place(self, check: str) -> str:
        """Return the place of a check, as `assignment.toml:12: checks.ID`."""
        line = f":{self.lines[check]}" if check in self.lines else ""
        return f"assignment.toml{line}: checks.{check}"


def find(
    name: str,
    expectation: str,
    report: Report,
    judge: Callable[[Report], Iterable[str]],
    *,
    brief: str = "",
) -> Finding:
    """Return the finding on a submission, by what `judge` holds against its report."""
    if report.status is RunStatus.FAILED:
        told = next(
            (
                f": {one.check}: {one.judgement.message}"
                for one in report.results
                if one.judgement.verdict is Verdict.INTERNAL_ERROR
            ),
            "",
        )
        problems = [f"{name}: it could not be judged{told}; run the command again"]
    else:
        problems = list(judge(report))
    return Finding(name, expectation, report.score, report.max_score, tuple(problems), brief)


def outcome(result: CheckResult) -> str:
    """Return in a line what became of a check."""
    message = " ".join(result.judgement.message.split()).rstrip(".")
    return f"{result.judgement.verdict.value}. {message}".rstrip(". ")
