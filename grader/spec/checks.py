"""The five kinds of check, and the variants in which one may be met."""

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
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
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic import ModelWrapValidatorHandler as Handler

from grader.spec.inputs import InputSet, Shape, read_input_set
from grader.spec.limits import Limits
from grader.spec.names import Distinct, Id, Identifier, Identifiers, Points, Some, Text
from grader.spec.schema import Sequence, SpecModel, fault, suggest


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


def _read_names_as_table(written: Any) -> Any:
    if not isinstance(written, list | tuple):
        return written
    for index, name in enumerate(written):
        if not isinstance(name, str):
            raise fault("is not a name", 'write for example ["out"]', at=(index,))
        if name in written[:index]:
            raise fault(f"{name!r} stands here twice", "name it once", at=(index,))
    return {name: {} for name in written}


def _check_pattern(pattern: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise fault(f"is not a regular expression: {error}", "mend the pattern") from error
    return pattern


NonNegative: TypeAlias = Annotated[float, Field(ge=0), AllowInfNan(allow_inf_nan=False)]
Positive: TypeAlias = Annotated[float, Field(gt=0), AllowInfNan(allow_inf_nan=False)]
Scale: TypeAlias = Annotated[float, AllowInfNan(allow_inf_nan=False), AfterValidator(_check_scale)]
ShapeRule: TypeAlias = Literal["note", "strict"]
InputSets: TypeAlias = Annotated[
    Sequence[Annotated[str | InputSet, PlainValidator(_read_input_item)]],
    BeforeValidator(_read_input_sets),
]


class CompareRule(SpecModel):
    """How close a value has to be: abs(s - r) <= rtol * max(abs(r)) + atol."""

    rtol: NonNegative | None = None
    """None: 1e-6, and 1e-4 for a float32 student. A stated one holds for every dtype."""
    atol: NonNegative = 0.0
    shape: ShapeRule = "note"


Compare: TypeAlias = Annotated[dict[Identifier, CompareRule], BeforeValidator(_read_names_as_table)]


class Accept(SpecModel):
    """Another way to be right: the keys of the check that differ."""

    name: Text
    when: Annotated[str, AfterValidator(_check_pattern)] | None = None
    overrides: dict[str, Any]

    fixed_keys: ClassVar[frozenset[str]] = frozenset(
        {"id", "kind", "title", "points", "visible", "hint", "needs", "accept"}
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
    kind: str
    title: Text = Field(default="", validate_default=True)
    points: Points = Field(default=Decimal(1))
    visible: Annotated[Visibility, Strict(False)] = Visibility.ALWAYS
    hint: Annotated[Hint, Strict(False)] = Hint.NAME
    needs: Annotated[Sequence[Id], Distinct] = ()
    limits: Limits = Limits()
    seed: Annotated[int, Field(ge=0, lt=1 << 63)] | None = None
    accept: Sequence[Accept] = ()
    inputs: InputSets = ()
    scales: Annotated[Sequence[Scale], Some] = (1.0,)
    shapes: Sequence[dict[Identifier, Shape]] = ()
    mutation: Literal["ignore", "note", "fail"] = "note"
    carry_forward: Identifiers = ()

    _written: dict[str, Any] = PrivateAttr(default_factory=dict)

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


class ComparingCheck(CheckSpec):
    """A check that compares named values with the solution's."""

    rtol: NonNegative | None = None
    atol: NonNegative = 0.0
    shape: ShapeRule = "note"
    compare: Compare = Field(default_factory=dict)

    @field_validator("compare")
    @classmethod
    def fill_rules(
        cls, compare: dict[str, CompareRule], info: ValidationInfo
    ) -> dict[str, CompareRule]:
        """Let the check's own tolerances hold where a name's table says nothing else."""
        ours: dict[str, Any] = {
            key: info.data[key] for key in ("rtol", "atol", "shape") if key in info.data
        }
        return {
            name: CompareRule.model_construct(
                **{**ours, **{key: getattr(rule, key) for key in rule.model_fields_set}}
            )
            for name, rule in compare.items()
        }


class OutputCheck(ComparingCheck):
    """Named values equal the solution's."""

    kind: Literal["output"] = "output"
    run: Text
    expect: Text = Field(default="", validate_default=True)
    compare: Compare

    @field_validator("expect", mode="before")
    @classmethod
    def expect_the_same(cls, expect: Any, info: ValidationInfo) -> Any:
        """Run on the solution what runs on the student's module, unless told otherwise."""
        return info.data.get("run", "-") if expect == "" else expect

    @field_validator("compare")
    @classmethod
    def check_some(cls, compare: dict[str, CompareRule]) -> dict[str, CompareRule]:
        """Refuse a check that compares nothing, and so would pass anything."""
        if not compare:
            raise fault("compares nothing", 'name a value: ["out"]')
        return compare


class GradientCheck(ComparingCheck):
    """The analytic gradient equals the numeric derivative of the forward pass."""

    kind: Literal["gradient"] = "gradient"
    forward: Text
    backward: Text | None = None
    expect: Text = Field(default="", validate_default=True)
    value: Identifier
    cotangent: Identifier | None = None
    gradient: dict[Identifier, Identifier]

    @field_validator("expect", mode="before")
    @classmethod
    def expect_the_same(cls, expect: Any, info: ValidationInfo) -> Any:
        """Differentiate the solution's `forward`, unless told otherwise."""
        return info.data.get("forward", "-") if expect == "" else expect

    @field_validator("gradient")
    @classmethod
    def check_some(cls, gradient: dict[str, str]) -> dict[str, str]:
        """Refuse a check that differentiates by nothing."""
        if not gradient:
            raise fault("differentiates by nothing", 'write for example {x = "dx"}')
        return gradient


class PropertyCheck(CheckSpec):
    """A predicate holds on the inputs and the returned values."""

    kind: Literal["property"] = "property"
    run: Text
    returns: Annotated[Identifiers, Some]
    holds: Text


class Grows(SpecModel):
    """Growth of the cost as the first axis of an input grows."""

    over: Identifier
    from_: Annotated[int, Field(ge=1)] = Field(validation_alias="from")
    to: Annotated[int, Field(ge=2)]

    @model_validator(mode="after")
    def check_growth(self) -> Self:
        """Refuse what does not grow."""
        if self.to <= self.from_:
            raise fault("is not more than `from`", "write from < to", at=("to",))
        return self


class CostCheck(CheckSpec):
    """Work against the solution's on the same inputs."""

    kind: Literal["cost"] = "cost"
    refused_keys = frozenset({"mutation", "carry_forward"})
    run: Text
    grows: Grows | None = None
    ratio: Positive | None = None
    calls: Annotated[int, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def check_some(self) -> Self:
        """Refuse a check that limits nothing."""
        if self.grows is None and self.ratio is None and self.calls is None:
            raise fault("limits no cost", "add `ratio`, `grows` or `calls`")
        return self


_DOTTED = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_SIGNATURE = re.compile(r"[^\W\d]\w*(\([^()\n]*\))?")


def _check_forbidden(name: str) -> str:
    if not _DOTTED.fullmatch(name):
        raise fault(f"{name!r} is not a dotted name", 'write for example "numpy.gradient"')
    return name


def _check_signature(signature: str) -> str:
    if not _SIGNATURE.fullmatch(signature):
        raise fault(f"{signature!r} is not a signature", 'write for example "forward(x, w, b)"')
    return signature


class SourceCheck(CheckSpec):
    """Rules on the syntax tree; nothing is run."""

    kind: Literal["source"] = "source"
    refused_keys = frozenset({"inputs", "scales", "shapes", "mutation", "carry_forward", "seed"})
    forbid: Annotated[Sequence[Annotated[str, AfterValidator(_check_forbidden)]], Distinct] = ()
    define: Annotated[Sequence[Annotated[str, AfterValidator(_check_signature)]], Distinct] = ()

    @model_validator(mode="after")
    def check_some(self) -> Self:
        """Refuse a check without a rule."""
        if not self.forbid and not self.define:
            raise fault("has no rule", "add `forbid` or `define`")
        return self


CHECK_KINDS: dict[str, type[CheckSpec]] = {
    "output": OutputCheck,
    "gradient": GradientCheck,
    "property": PropertyCheck,
    "source": SourceCheck,
    "cost": CostCheck,
}


def read_check(written: Any) -> CheckSpec:
    """Return the check of a table, by its kind."""
    if isinstance(written, CheckSpec):
        return written
    if not isinstance(written, Mapping):
        raise fault("is not a table", "write [[checks]]")
    kind = written.get("kind")
    if kind is None:
        raise fault("the key `kind` is missing", "add one of " + ", ".join(CHECK_KINDS))
    if kind not in CHECK_KINDS:
        raise fault(f"{kind!r} is no kind of check", suggest(str(kind), CHECK_KINDS), at=("kind",))
    return CHECK_KINDS[kind].model_validate(written)


AnyCheck: TypeAlias = Annotated[CheckSpec, PlainValidator(read_check)]


@dataclass(frozen=True, slots=True)
class Variant:
    """A way to meet a check; `name` is empty for the check as it stands."""

    name: str
    when: str | None
    check: CheckSpec


def override(check: CheckSpec, accept: Accept) -> CheckSpec:
    """Return the check with the keys of an accepted variant in place of its own.

    Raises
    ------
    pydantic.ValidationError
        If what comes out is not a check; the loader has excluded this.
    """
    written = {key: value for key, value in check._written.items() if key != "accept"}
    return type(check).model_validate({**written, **accept.overrides})


def variants(check: CheckSpec) -> tuple[Variant, ...]:
    """Return the ways in which a check may be met: as it stands first, then the accepted ones."""
    accepted = (Variant(each.name, each.when, override(check, each)) for each in check.accept)
    return (Variant("", None, check), *accepted)
