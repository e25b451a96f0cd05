"""What all kinds of check share."""

import re
import warnings
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias

from pydantic import (
    AfterValidator,
    AllowInfNan,
    BeforeValidator,
    Field,
    PlainValidator,
    PrivateAttr,
    Strict,
    TypeAdapter,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic import ModelWrapValidatorHandler as Handler

from grader.spec.generator import Shape
from grader.spec.inputs import InputSet, read_input_set
from grader.spec.limits import Limits
from grader.spec.names import Distinct, Id, Identifier, Identifiers, Points, Some, Text
from grader.spec.plots import BoundaryPlot, TracePlot
from grader.spec.schema import Sequence, SpecModel, fault

CHECK_KINDS: dict[str, type["CheckSpec"]] = {}
"""Every kind of check, by its name."""


class Visibility(StrEnum):
    """When a student sees what became of a check."""

    ALWAYS = "always"
    AFTER_DUE = "after_due"
    AFTER_PUBLISHED = "after_published"
    NEVER = "never"


class Hint(StrEnum):
    """How much of the diagnosis a student sees."""

    NONE = "none"
    LOCATE = "locate"
    NAME = "name"


def _check_scale(scale: float) -> float:
    if scale == 0:
        raise fault("a scale of 0 makes all inputs alike", "write another")
    return scale


def _read_input_sets(written: Any) -> Any:
    return tuple(written) if isinstance(written, list | tuple) else (written,)


def _read_input_item(written: Any) -> str | InputSet:
    if isinstance(written, str):
        return written
    return read_input_set(written)


def _check_pattern(pattern: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise fault(f"is not a regular expression: {error}", "mend the pattern") from error
    return pattern


def _read_seed(written: Any) -> int | Literal["student"]:
    if written == EACH_STUDENTS_OWN:
        return EACH_STUDENTS_OWN
    if isinstance(written, str):
        raise fault(f"{written!r} is no seed", 'write a whole number, or "student"')
    return _WHOLE_NUMBER.validate_python(written)


_WHOLE_NUMBER: TypeAdapter[int] = TypeAdapter(Annotated[int, Strict(), Field(ge=0, lt=1 << 63)])
EACH_STUDENTS_OWN: Literal["student"] = "student"
"""The seed of numbers that depend on who hands in, and are the same at every attempt."""
Seed: TypeAlias = Annotated[int | Literal["student"], PlainValidator(_read_seed)]
Scale: TypeAlias = Annotated[float, AllowInfNan(allow_inf_nan=False), AfterValidator(_check_scale)]
InputSets: TypeAlias = Annotated[
    Sequence[Annotated[str | InputSet, PlainValidator(_read_input_item)]],
    BeforeValidator(_read_input_sets),
]


class Accept(SpecModel):
    """Another way to be right: the keys of the check that differ."""

    name: Text
    """What the variant is called in notes."""
    when: Annotated[str, AfterValidator(_check_pattern)] | None = None
    """A regular expression: only where the student's source matches it; one that searches for
    longer than a second has found nothing.

    Default: always
    """
    overrides: dict[str, Any]

    fixed_keys: ClassVar[frozenset[str]] = frozenset(
        {"id", "kind", "title", "points", "visible", "hint", "needs", "accept", "carry_forward"}
    )
    """What a check is, whichever way it is met."""

    @model_validator(mode="wrap")
    @classmethod
    def report_unknown_keys(cls, table: Any, handler: Handler[Self]) -> Self:
        """Take every key but its own as one of the check's, to be validated with the check."""
        if not isinstance(table, Mapping):
            return handler(table)
        own = {key: table[key] for key in ("name", "when") if key in table}
        overrides = {key: value for key, value in table.items() if key not in own}
        for key in overrides:
            if key in cls.fixed_keys:
                raise fault("is the same whichever way a check is met", "leave it out", at=(key,))
        if not overrides:
            raise fault("differs in nothing from the check itself", "add for example `expect`")
        return handler({**own, "overrides": overrides})


class CheckSpec(SpecModel):
    """What all kinds of check share."""

    id: Id
    """Letters, digits, dots, hyphens, underscores."""
    kind: str
    """`output`, `gradient`, `property`, `source` or `cost`."""
    title: Text = Field(default="", validate_default=True)
    """What a student reads.

    Default: the id
    """
    points: Points = Field(default=Decimal(1))
    """Positive; all or nothing over the sets, scales and shapes."""
    visible: Annotated[Visibility, Strict(False)] = Visibility.ALWAYS
    """`always`, `after_due`, `after_published`, `never`."""
    hint: Annotated[Hint, Strict(False)] = Hint.NAME
    """How much of the diagnosis students see: `none`, `locate`, `name`."""
    needs: Annotated[Sequence[Id], Distinct] = ()
    """Ids of checks without which this one is skipped."""
    limits: Limits = Limits()
    """Keys of `[limits]` that differ.

    Default: those of `[limits]`
    """
    seed: Seed | None = None
    """Fixes the numbers; `"student"` gives each student their own, the same at every attempt.

    Default: the run's
    """
    accept: Sequence[Accept] = ()
    """Other ways to be right, see [`[[checks.accept]]`](#checksaccept)."""
    inputs: InputSets = ()
    """The name of a set, a table of inputs, or a list of these: the check holds on each.

    Default: none
    """
    scales: Annotated[Sequence[Scale], Some] = (1.0,)
    """Factors of the floating inputs."""
    shapes: Sequence[dict[Identifier, Shape]] = ()
    """Further geometries: `[{x = [1, 6]}, {x = [7, 6], y = 7}]`."""
    mutation: Literal["ignore", "note", "fail"] = "note"
    """A change of the inputs in place: `ignore`, `note`, `fail`."""
    carry_forward: Identifiers = ()
    """Functions of the solution: where the check fails, it is judged again with these answered by
    the solution, see below."""
    trace: TracePlot | None = None
    """A picture of a training run beside the feedback, see [`trace`](#trace)."""
    boundary: BoundaryPlot | None = None
    """A picture of what a classifier tells of a plane, see [`boundary`](#boundary)."""

    _written: dict[str, Any] = PrivateAttr(default_factory=dict)

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        """Enter a kind of check by its name."""
        kind = cls.model_fields["kind"]
        if not kind.is_required():
            CHECK_KINDS[kind.default] = cls

    @property
    def as_written(self) -> dict[str, Any]:
        """The table that it was read from, defaults filled in."""
        return dict(self._written)

    @field_validator("title", mode="before")
    @classmethod
    def name_by_id(cls, title: Any, info: ValidationInfo) -> Any:
        """Let a check without a title go by its id."""
        return info.data.get("id", "untitled") if title == "" else title

    @field_validator("inputs")
    @classmethod
    def check_distinct_sets(cls, inputs: tuple[str | InputSet, ...]) -> tuple[str | InputSet, ...]:
        """Refuse a set that is named twice."""
        for index, named in enumerate(inputs):
            if isinstance(named, str) and named in inputs[:index]:
                raise fault(f"{named!r} stands here twice", "name it once", at=(index,))
        return inputs

    @model_validator(mode="wrap")
    @classmethod
    def keep_as_written(cls, table: Any, handler: Handler[Self]) -> Self:
        """Keep the table beside the model, for variants to put their keys into."""
        check = handler(table)
        if isinstance(table, Mapping):
            check._written = dict(table)
        return check

    @classmethod
    def explain_unknown_key(cls, key: str) -> tuple[str, str]:
        """Tell a key of another kind from a misspelt one."""
        owners = [kind for kind, model in CHECK_KINDS.items() if key in set(model.keys())]
        if owners:
            kind = cls.model_fields["kind"].default
            return (
                f"unknown key in a check of kind {kind!r}",
                f"it belongs to {' and '.join(owners)}: remove it, or change `kind`",
            )
        return super().explain_unknown_key(key)
