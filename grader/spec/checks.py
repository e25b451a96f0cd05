"""The five kinds of check."""

import difflib
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import (
    AfterValidator,
    AllowInfNan,
    Field,
    PlainValidator,
    ValidationInfo,
    field_validator,
    model_validator,
)

from grader.spec.check import CHECK_KINDS, CheckSpec
from grader.spec.comparison import Compare, CompareRule, NonNegative, ShapeRule
from grader.spec.names import Distinct, Identifier, Identifiers, Some, Text
from grader.spec.schema import Sequence, SpecModel, fault, suggest, suggest_one

Positive: TypeAlias = Annotated[float, Field(gt=0), AllowInfNan(allow_inf_nan=False)]


class ComparingCheck(CheckSpec):
    """A check that compares named values with the solution's."""

    rtol: NonNegative | None = None
    """Relative to the largest value of the array; a stated one holds for every dtype.

    Default: `1e-6`, `1e-4` for float32
    """
    atol: NonNegative = 0.0
    """Absolute tolerance."""
    shape: ShapeRule = "note"
    """`note`: (1, D) passes for (D,), with a note; `strict`: it does not."""
    compare: Compare = Field(default_factory=dict)
    """Values judged along with it.

    Default: none
    """

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
    """The snippet; its scope is the module's names, `np` and the inputs."""
    expect: Text = Field(default="", validate_default=True)
    """What runs on the solution, where it differs.

    Default: as `run`
    """
    compare: Compare
    """Names: `["out"]`, or with rules: `{out = {rtol = 1e-8, atol = 0, shape = "strict"}}`."""

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
    refused_keys = frozenset({"trace", "boundary"})
    forward: Text
    """The snippet that is differentiated."""
    backward: Text | None = None
    """The snippet that returns the gradient, where `forward` does not."""
    expect: Text = Field(default="", validate_default=True)
    """The forward snippet on the solution, where it differs.

    Default: as `forward`
    """
    value: Identifier
    """Name of what is differentiated."""
    cotangent: Identifier | None = None
    """The input that weighs the entries of `value`; left out where it is a scalar."""
    gradient: dict[Identifier, Identifier]
    """`{x = "dx"}`: a floating input and the name of its gradient."""

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
    """The snippet."""
    returns: Annotated[Identifiers, Some]
    """Names that leave the box."""
    holds: Text
    """An expression over inputs, returned values, the solution's names and what the package
    `reference` exports (as `svm_duality_gap`, or `reference.numdiff`): True passes, a string is
    the message."""


class Grows(SpecModel):
    """Growth of the cost as the first axis of an input grows."""

    over: Identifier
    """The input whose first axis grows."""
    from_: Annotated[int, Field(ge=1)] = Field(validation_alias="from")
    """Its length at first."""
    to: Annotated[int, Field(ge=2)]
    """Its length at last."""

    @model_validator(mode="after")
    def check_growth(self) -> Self:
        """Refuse what does not grow."""
        if self.to <= self.from_:
            raise fault("is not more than `from`", "write from < to", at=("to",))
        return self


class CostCheck(CheckSpec):
    """Work against the solution's on the same inputs."""

    kind: Literal["cost"] = "cost"
    refused_keys = frozenset({"mutation", "carry_forward", "trace", "boundary"})
    run: Text
    """The snippet."""
    grows: Grows | None = None
    """See [`grows`](#grows)."""
    ratio: Positive | None = None
    """Largest ratio of time to the solution's."""
    calls: Annotated[int, Field(ge=0)] | None = None
    """Most calls of each function in `count`, in one run of the snippet."""
    count: Identifiers = ()
    """Functions of the solution or of a support file whose calls are counted.

    Default: see below
    """

    @model_validator(mode="after")
    def check_some(self) -> Self:
        """Refuse a check that limits nothing."""
        if self.grows is None and self.ratio is None and self.calls is None:
            raise fault("limits no cost", "add `ratio`, `grows` or `calls`")
        if self.count and self.calls is None:
            raise fault("counts calls without a limit", "add `calls`", at=("count",))
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
    refused_keys = frozenset(
        {"inputs", "scales", "shapes", "mutation", "carry_forward", "seed", "trace", "boundary"}
    )
    forbid: Annotated[Sequence[Annotated[str, AfterValidator(_check_forbidden)]], Distinct] = ()
    """Dotted names that may not be imported or used; a name forbids all below it."""
    define: Annotated[Sequence[Annotated[str, AfterValidator(_check_signature)]], Distinct] = ()
    """Signatures that must be defined: `"affine_forward(x, w, b)"`."""

    @model_validator(mode="after")
    def check_some(self) -> Self:
        """Refuse a check without a rule."""
        if not self.forbid and not self.define:
            raise fault("has no rule", "add `forbid` or `define`")
        return self


def read_check(written: Any) -> CheckSpec:
    """Return the check of a table, by its kind."""
    if isinstance(written, CheckSpec):
        return written
    if not isinstance(written, Mapping):
        raise fault("is not a table", "write [[checks]]")
    kind = written.get("kind")
    if kind is None:
        close = difflib.get_close_matches("kind", map(str, written), n=1, cutoff=0.75)
        if close:
            raise fault("unknown key", suggest_one("kind"), at=(close[0],))
        raise fault("the key `kind` is missing", "add one of " + ", ".join(CHECK_KINDS))
    if not isinstance(kind, str) or kind not in CHECK_KINDS:
        raise fault(f"{kind!r} is no kind of check", suggest(str(kind), CHECK_KINDS), at=("kind",))
    return CHECK_KINDS[kind].model_validate(written)


AnyCheck: TypeAlias = Annotated[CheckSpec, PlainValidator(read_check)]
