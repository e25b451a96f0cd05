"""The whole of assignment.toml."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import (
    AfterValidator,
    AllowInfNan,
    Field,
    PlainValidator,
    field_validator,
    model_validator,
)

from grader.spec.checks import AnyCheck
from grader.spec.inputs import InputSet, read_input_set
from grader.spec.limits import Limits
from grader.spec.names import (
    Distinct,
    FileName,
    Id,
    Identifier,
    ModuleFile,
    ModuleName,
    Points,
    Some,
    Text,
)
from grader.spec.policy import Policy
from grader.spec.schema import Sequence, SpecModel, fault, suggest

SHIM_SETS = ("python2-builtins", "numpy1")
"""The named sets of stand-ins: xrange, raw_input, unicode; np.float, np.int, np.bool."""


def _check_shim(name: str) -> str:
    if name in SHIM_SETS or all(part.isidentifier() for part in name.split(".")):
        return name
    raise fault(f"{name!r} is neither a module nor a set of stand-ins", suggest(name, SHIM_SETS))


def _check_allowed(name: str) -> str:
    if name == "*" or all(part.isidentifier() for part in name.split(".")):
        return name
    raise fault(f"{name!r} is not the name of a module", 'write for example "numpy", or "stdlib"')


Shim: TypeAlias = Annotated[str, AfterValidator(_check_shim)]
Allowed: TypeAlias = Annotated[str, AfterValidator(_check_allowed)]


class Team(SpecModel):
    """How many students hand in together."""

    min: Annotated[int, Field(ge=1)] = 1
    """Least number of students who hand in together."""
    max: Annotated[int, Field(ge=1)] = 1
    """Largest number."""

    @model_validator(mode="after")
    def check_order(self) -> Self:
        """Refuse a team of which the least is more than the most."""
        if self.max < self.min:
            raise fault("is less than `min`", "write min <= max", at=("max",))
        return self


class Environment(SpecModel):
    """The packages in the box; numpy only by default."""

    requirements: FileName | None = None
    """A lock file in the folder: what programs have beside the standard library; without one
    there is numpy only.

    Default: none
    """


class RubricItem(SpecModel):
    """Points that a person gives."""

    id: Id
    """Differs from the ids of checks and of other items."""
    title: Text
    """What is judged."""
    points: Points
    """Positive."""


class Leaderboard(SpecModel):
    """A returned value by which submissions are ranked."""

    value: Identifier
    """A name that a check compares, differentiates or returns."""
    order: Literal["asc", "desc"] = "desc"
    """`desc`: more is better; `asc`: less is better."""


class AssignmentSpec(SpecModel):
    """An assignment as its author describes it."""

    title: Text
    """Name of the assignment."""
    files: Annotated[Sequence[ModuleFile], Distinct, Some] = ("solution.py",)
    """What a student hands in: Python modules, the first is the module under test."""
    allow: Annotated[Sequence[Allowed], Distinct] = ("numpy", "stdlib")
    """Modules that a student may import; `["*"]` switches the rule off."""
    shims: Annotated[Sequence[Shim], Distinct] = ()
    """Harmless stand-ins: module names, or the sets `python2-builtins` and `numpy1`."""
    package: ModuleName | None = None
    """Load the files as members of this package."""
    support: Annotated[Sequence[ModuleFile], Distinct] = ()
    """The author's own public modules, importable in the box."""
    data: Annotated[Sequence[FileName], Distinct] = ()
    """Read-only files in the box."""
    starter_max: Annotated[float, Field(ge=0, le=1), AllowInfNan(allow_inf_nan=False)] = 0.1
    """Share of the points that the untouched starter may score."""
    team: Team = Team()
    """See [`team`](#team).

    Default: one student
    """
    policy: Policy = Policy()
    """See [`[policy]`](#policy).

    Default: no dates
    """
    limits: Limits = Limits()
    """See [`[limits]`](#limits).

    Default: see there
    """
    environment: Environment = Environment()
    """See [`[environment]`](#environment).

    Default: numpy only
    """
    inputs: dict[Text, Annotated[InputSet, PlainValidator(read_input_set)]] = Field(
        default_factory=dict
    )
    """Named sets of inputs: `[inputs.NAME]`, see [Inputs](#inputs).

    Default: none
    """
    checks: Annotated[Sequence[AnyCheck], Some]
    """At least one `[[checks]]`, see [Checks](#checks)."""
    rubric: Sequence[RubricItem] = ()
    """Points that a person gives, see [`[[rubric]]`](#rubric)."""
    leaderboard: Leaderboard | None = None
    """See [`[leaderboard]`](#leaderboard)."""

    @classmethod
    def explain_unknown_key(cls, key: str) -> tuple[str, str]:
        """Count `defaults` among the known keys: the loader fills it into the checks."""
        return "unknown key", suggest(key, cls.keys() | {"defaults"})

    @field_validator("checks", mode="before")
    @classmethod
    def check_any(cls, checks: Any) -> Any:
        """Refuse an assignment that asks nothing."""
        if checks == []:
            raise fault("there is no check", "add [[checks]]")
        return checks

    @property
    def points(self) -> Decimal:
        """Points possible: of the checks and of the rubric."""
        return sum(
            [check.points for check in self.checks] + [item.points for item in self.rubric],
            Decimal(0),
        )


@dataclass(frozen=True)
class Assignment:
    """An assignment folder, read once and for all."""

    slug: str
    folder: Path
    spec: AssignmentSpec
    digest: str
    """sha256 in hexadecimal of all that may change a verdict."""
    solution: dict[str, str]
    """Text of the author's solution, by the names under which a student hands it in."""
    support: dict[str, str]
    data: dict[str, bytes]
    readme: str
    requirements: bytes | None = None
    """What the file of `[environment]` holds."""
