"""An assignment as a handout keeps it: the names of `grader.spec`, and what judging reads of them.

In a handout's check this module stands in the place of `grader.spec`. Nothing is drawn or resolved
here: every check brings the cases that were drawn when the handout was made, and its variants.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from grader.calls import Value


class Visibility(StrEnum):
    """When a student sees what became of a check; a handout holds those of the first kind."""

    ALWAYS = "always"
    AFTER_DUE = "after_due"
    AFTER_PUBLISHED = "after_published"
    NEVER = "never"


class Hint(StrEnum):
    """How much of the diagnosis a student sees."""

    NONE = "none"
    LOCATE = "locate"
    NAME = "name"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one check, and all of them together, may use."""

    wall_time_s: float
    cpu_time_s: float
    memory_bytes: int
    output_bytes: int
    total_time_s: float


@dataclass(frozen=True, kw_only=True)
class CompareRule:
    """How close a value has to be."""

    rtol: float | None = None
    atol: float = 0.0
    shape: str = "note"


@dataclass(frozen=True)
class Case:
    """One drawn set of inputs of a check."""

    label: str
    inputs: Mapping[str, Value]
    scale: float
    shape_index: int
    seed: int


@dataclass(frozen=True)
class Variant:
    """A way to meet a check; `name` is empty for the check as it stands."""

    name: str
    when: str | None
    check: CheckSpec


class TracePlot:
    """A picture of a training run: none is drawn here, there is no page to show it on."""

    value: str


class BoundaryPlot:
    """A picture of what a classifier tells of a plane: none is drawn here."""

    scores: str


@dataclass(frozen=True, kw_only=True)
class CheckSpec:
    """What all kinds of check share."""

    id: str
    kind: str
    title: str
    points: Decimal
    visible: Visibility
    hint: Hint
    needs: tuple[str, ...]
    limits: Limits
    carry_forward: tuple[str, ...] = ()
    """Always empty: functions of the solution's are not here to stand in for a student's."""
    trace: TracePlot | None = None
    boundary: BoundaryPlot | None = None
    cases: tuple[Case, ...] = ()
    accepted: tuple[Variant, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OutputCheck(CheckSpec):
    """Named values equal the solution's."""

    run: str
    expect: str
    """A name for what ran on the solution, never the text of it."""
    compare: Mapping[str, CompareRule]
    mutation: str


@dataclass(frozen=True, kw_only=True)
class GradientCheck(CheckSpec):
    """The analytic gradient equals the numeric derivative of the forward pass."""

    forward: str
    backward: str | None
    expect: str
    """A name for what ran on the solution, never the text of it."""
    value: str
    cotangent: str | None
    gradient: Mapping[str, str]
    compare: Mapping[str, CompareRule]
    rtol: float | None
    atol: float
    shape: str
    mutation: str


@dataclass(frozen=True, kw_only=True)
class PropertyCheck(CheckSpec):
    """A predicate holds on the inputs and the returned values."""

    run: str
    returns: tuple[str, ...]
    holds: str
    mutation: str


@dataclass(frozen=True, kw_only=True)
class SourceCheck(CheckSpec):
    """Rules on the syntax tree; nothing is run."""

    forbid: tuple[str, ...]
    define: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Grows:
    """Growth of the cost as the first axis of an input grows."""

    over: str
    from_: int
    to: int


@dataclass(frozen=True, kw_only=True)
class CostCheck(CheckSpec):
    """Work against the solution's: no handout has one, as the solution is not there."""

    run: str
    grows: Grows | None = None
    ratio: float | None = None
    calls: int | None = None
    count: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Environment:
    """The packages in the box; at home they are what is installed there."""

    requirements: str | None = None


@dataclass(frozen=True, kw_only=True)
class RubricItem:
    """Points that a person gives, and so not here."""

    id: str
    title: str
    points: Decimal


@dataclass(frozen=True, kw_only=True)
class Leaderboard:
    """A returned value by which the server ranks submissions."""

    value: str
    order: str


@dataclass(frozen=True, kw_only=True)
class AssignmentSpec:
    """What is asked, as far as it is judged here."""

    title: str
    files: tuple[str, ...]
    allow: tuple[str, ...]
    shims: tuple[str, ...]
    package: str | None
    limits: Limits
    checks: tuple[CheckSpec, ...] = ()
    environment: Environment = field(default_factory=Environment)
    rubric: tuple[RubricItem, ...] = ()
    leaderboard: Leaderboard | None = None


@dataclass(frozen=True)
class Assignment:
    """An assignment, with what a program needs beside it."""

    slug: str
    folder: Path
    spec: AssignmentSpec
    digest: str
    solution: Mapping[str, str]
    """Always empty."""
    support: Mapping[str, str]
    data: Mapping[str, bytes]
    """Always empty: the data files lie beside the student's."""


def seed_of_student(_slug: str, _student: str) -> int:
    """Return 0: a student's own numbers were drawn when the handout was made."""
    return 0


def draw_cases(
    _spec: AssignmentSpec, check: CheckSpec, _seed: int, _student_seed: int | None = None
) -> tuple[Case, ...]:
    """Return the cases that were drawn when the handout was made."""
    return check.cases


def variants(check: CheckSpec) -> tuple[Variant, ...]:
    """Return the ways in which a check may be met: as it stands first, then the accepted ones."""
    return (Variant("", None, check), *check.accepted)


def locate_checks(folder: Path) -> dict[str, int]:
    """Return nothing: there is no assignment.toml whose lines could be told."""
    del folder
    return {}


__all__ = [
    "Assignment",
    "AssignmentSpec",
    "BoundaryPlot",
    "Case",
    "CheckSpec",
    "CompareRule",
    "CostCheck",
    "Environment",
    "GradientCheck",
    "Grows",
    "Hint",
    "Leaderboard",
    "Limits",
    "OutputCheck",
    "PropertyCheck",
    "RubricItem",
    "SourceCheck",
    "TracePlot",
    "Variant",
    "Visibility",
    "draw_cases",
    "locate_checks",
    "seed_of_student",
    "variants",
]
