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
    max: Annotated[int, Field(ge=1)] = 1

    @model_validator(mode="after")
    def check_order(self) -> Self:
        """Refuse a team of which the least is more than the most."""
        if self.max < self.min:
            raise fault("is less than `min`", "write min <= max", at=("max",))
        return self


class Environment(SpecModel):
    """The packages in the box; numpy only by default."""

    requirements: FileName | None = None


class RubricItem(SpecModel):
    """Points that a person gives."""

    id: Id
    title: Text
    points: Points


class Leaderboard(SpecModel):
    """A returned value by which submissions are ranked."""

    value: Identifier
    order: Literal["asc", "desc"] = "desc"


class AssignmentSpec(SpecModel):
    """An assignment as its author describes it."""

    title: Text
    files: Annotated[Sequence[ModuleFile], Distinct, Some] = ("solution.py",)
    allow: Annotated[Sequence[Allowed], Distinct] = ("numpy", "stdlib")
    shims: Annotated[Sequence[Shim], Distinct] = ()
    package: ModuleName | None = None
    support: Annotated[Sequence[ModuleFile], Distinct] = ()
    data: Annotated[Sequence[FileName], Distinct] = ()
    starter_max: Annotated[float, Field(ge=0, le=1), AllowInfNan(allow_inf_nan=False)] = 0.1
    team: Team = Team()
    policy: Policy = Policy()
    limits: Limits = Limits()
    environment: Environment = Environment()
    inputs: dict[Text, Annotated[InputSet, PlainValidator(read_input_set)]] = Field(
        default_factory=dict
    )
    checks: Annotated[Sequence[AnyCheck], Some]
    rubric: Sequence[RubricItem] = ()
    leaderboard: Leaderboard | None = None

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
