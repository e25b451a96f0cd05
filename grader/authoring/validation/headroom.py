"""How far the solution stays below its limits: students' programs take more than the author's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.authoring.validation.finding import CheckLines, Finding
from grader.report import Report
from grader.spec import Assignment, CheckSpec

TIME_FACTOR = 3.0
"""A right solution may well take three times as long as the author's."""
MEMORY_FACTOR = 1.25
"""Most of it is the interpreter and numpy, which every program holds."""
_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Use:
    """What the solution has used in one check, and what is allowed there."""

    check: CheckSpec
    wall_time_s: float
    cpu_time_s: float
    memory_bytes: int

    @property
    def factors(self) -> dict[str, float]:
        """How often what was used goes into each limit."""
        limits = self.check.limits
        return {
            "wall_time": limits.wall_time_s / max(self.wall_time_s, 1e-6),
            "cpu_time": limits.cpu_time_s / max(self.cpu_time_s, 1e-6),
            "memory": limits.memory_bytes / max(self.memory_bytes, 1),
        }

    @property
    def time_factor(self) -> float:
        """The smaller headroom of the two times."""
        return min(self.factors["wall_time"], self.factors["cpu_time"])

    def as_table(self) -> dict[str, object]:
        """Return what was measured."""
        return {
            "check": self.check.id,
            "wall_time_s": round(self.wall_time_s, 6),
            "cpu_time_s": round(self.cpu_time_s, 6),
            "memory_bytes": self.memory_bytes,
            "headroom": {name: round(factor, 2) for name, factor in self.factors.items()},
        }


def find_headroom(assignment: Assignment, reports: Sequence[Report], lines: CheckLines) -> Finding:
    """Return whether the solution has room below every limit, by all its runs.

    Of times the least counts: whatever else the machine does only adds. Of memory the most. What
    it does not pass is told in another row.
    """
    uses = list(_uses(assignment, reports))
    problems = [problem for use in uses for problem in _too_close(use, lines)]
    total_s = sum(use.wall_time_s for use in uses)
    limit_s = assignment.spec.limits.total_time_s
    if total_s * TIME_FACTOR > limit_s:
        problems.append(
            f"assignment.toml: the solution takes {total_s:.3g} s of the {limit_s:g} s for a whole"
            f" submission, and {TIME_FACTOR:g} times as long must fit; raise `total_time`"
        )
    slowest = min(uses, key=lambda use: use.time_factor, default=None)
    largest = min(uses, key=lambda use: use.factors["memory"], default=None)
    expectation = brief = "room below the limits"
    if slowest is not None and largest is not None:
        brief = f"time {_times(slowest.time_factor)}, memory {_times(largest.factors['memory'])}"
        expectation = (
            f"room below the limits: time {_times(slowest.time_factor)} ({slowest.check.id}),"
            f" memory {_times(largest.factors['memory'])} ({largest.check.id})"
        )
    measured: Mapping[str, object] = {
        "total_wall_time_s": round(total_s, 6),
        "checks": [use.as_table() for use in uses],
    }
    return Finding(
        "headroom", expectation, problems=tuple(problems), brief=brief, measured=measured
    )


def _uses(assignment: Assignment, reports: Sequence[Report]) -> Iterator[Use]:
    for check in assignment.spec.checks:
        results = [
            one
            for report in reports
            for one in report.results
            if one.check == check.id and one.is_passed
        ]
        if results:
            yield Use(
                check,
                min(one.wall_time_s for one in results),
                min(one.cpu_time_s for one in results),
                max(one.memory_bytes for one in results),
            )


def _too_close(use: Use, lines: CheckLines) -> Iterator[str]:
    limits, place = use.check.limits, lines.place(use.check.id)
    spent = {
        "wall_time": (use.wall_time_s, limits.wall_time_s, "of time"),
        "cpu_time": (use.cpu_time_s, limits.cpu_time_s, "of CPU time"),
    }
    for key, (used_s, limit_s, what) in spent.items():
        if use.factors[key] < TIME_FACTOR:
            yield (
                f"{place}: the solution takes {used_s:.3g} s of the {limit_s:g} s {what}, and"
                f" {TIME_FACTOR:g} times as long must fit; make it faster, or raise `{key}`"
            )
    if use.factors["memory"] < MEMORY_FACTOR:
        yield (
            f"{place}: the solution holds {use.memory_bytes / _MIB:.0f} MiB of the"
            f" {limits.memory_bytes / _MIB:.0f} MiB, and {MEMORY_FACTOR:g} times as much must fit;"
            " use less, or raise `memory`"
        )


def _times(factor: float) -> str:
    return "over 100 x" if factor > 100 else f"{factor:.2g} x"
