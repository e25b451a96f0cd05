"""The inputs of a check: bare values, and tables that say how numbers are drawn.

Only what is asked for; `grader/spec/drawing.py` draws it.
"""

import math
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Self, TypeAlias

from pydantic import (
    AfterValidator,
    AllowInfNan,
    BeforeValidator,
    Field,
    PlainValidator,
    TypeAdapter,
    model_validator,
)
from pydantic import Strict as StrictMode

from grader.spec.dtypes import AnyType, FloatType, IntegerType, holds_range, is_floating_type
from grader.spec.literals import (
    BareValue,
    check_fits,
    check_literal,
    find_array_shape,
    has_float,
)
from grader.spec.names import Identifier
from grader.spec.schema import SpecModel, fault, suggest

LARGEST_ARRAY = 100_000_000
"""Elements of one input: 800 MB in float64, more than the default limit of a box holds."""


def _read_shape(written: Any) -> Any:
    return (written,) if isinstance(written, int) and not isinstance(written, bool) else written


def _check_volume(shape: tuple[int, ...]) -> tuple[int, ...]:
    if math.prod(shape) > LARGEST_ARRAY:
        raise fault(f"has more than {LARGEST_ARRAY} elements", "write a smaller shape")
    return shape


Finite: TypeAlias = Annotated[float, AllowInfNan(allow_inf_nan=False)]
Length: TypeAlias = Annotated[int, Field(ge=1)]
Shape: TypeAlias = Annotated[
    tuple[Length, ...],
    StrictMode(False),
    BeforeValidator(_read_shape),
    AfterValidator(_check_volume),
]
"""`[10, 6]`, or `10` for `[10]`."""


class Generator(SpecModel):
    """A table that says how an input is drawn; `head` is the key that names its kind."""

    head: ClassVar[str]
    geometry: ClassVar[str | None]
    """The key that `shapes` replaces; None where there is none."""
    grows: ClassVar[bool] = True
    """Whether `scales` multiply it where it is floating."""

    @property
    def is_floating(self) -> bool:
        """Whether it draws floating numbers, which `scales` multiply and gradients differentiate."""
        return is_floating_type(getattr(self, "dtype", None))

    def with_shape(self, shape: tuple[int, ...]) -> Self:
        """Return the same generator for another geometry.

        Raises
        ------
        ValueError
            If it has none, or none of this number of axes.
        """
        if self.geometry is None:
            raise ValueError("has no shape")
        return self.model_copy(update={self.geometry: shape})

    @classmethod
    def explain_unknown_key(cls, key: str) -> tuple[str, str]:
        """Tell a second kind of generator from a misspelt key."""
        if key in GENERATORS:
            return f"`{cls.head}` and `{key}` exclude each other", "keep one"
        return super().explain_unknown_key(key)


class Affine(Generator):
    """What is drawn is `shift + scale * numbers`."""

    shift: Finite = 0.0
    scale: Finite = 1.0
    dtype: FloatType = "float64"

    @model_validator(mode="after")
    def check_scale(self) -> Self:
        """Refuse a scale that makes all numbers alike."""
        if self.scale == 0:
            raise fault("a scale of 0 makes all numbers alike", "write another", at=("scale",))
        return self


class AwayFromKink(Affine):
    """Numbers that keep `min_abs` away from 0."""

    min_abs: Annotated[Finite, Field(ge=0)] = 0.0


class Normal(AwayFromKink):
    """Gaussian numbers of mean `shift` and standard deviation `scale`."""

    head = "normal"
    geometry = "normal"
    normal: Shape

    @model_validator(mode="after")
    def check_band(self) -> Self:
        """Refuse a `min_abs` that leaves next to nothing of the distribution."""
        if self.min_abs > abs(self.shift) + 4 * abs(self.scale):
            raise fault(
                "leaves no number: `min_abs` is beyond four standard deviations",
                "write a smaller `min_abs`",
                at=("min_abs",),
            )
        return self


class Interval(AwayFromKink):
    """Numbers between `shift + scale * low` and `shift + scale * high`."""

    @property
    def ends(self) -> tuple[float, float]:
        """Return the least and the greatest number, after shift and scale."""
        low, high = self._written_ends
        ends = self.shift + self.scale * low, self.shift + self.scale * high
        return min(ends), max(ends)

    @property
    def _written_ends(self) -> tuple[float, float]:
        raise NotImplementedError

    def _check_band(self) -> None:
        low, high = self.ends
        if -self.min_abs < low and high < self.min_abs:
            raise fault(
                "leaves no number between the two ends",
                "write a smaller `min_abs`",
                at=("min_abs",),
            )


class Bounded(Interval):
    """An interval of which `low` and `high` are keys."""

    low: Finite
    high: Finite

    @property
    def _written_ends(self) -> tuple[float, float]:
        return self.low, self.high

    @model_validator(mode="after")
    def check_interval(self) -> Self:
        """Refuse an empty interval."""
        if not self.low < self.high:
            raise fault("is not more than `low`", "write low < high", at=("high",))
        self._check_band()
        return self


class Uniform(Bounded):
    """Independent numbers, uniform in [low, high)."""

    head = "uniform"
    geometry = "uniform"
    uniform: Shape
    low: Finite = 0.0
    high: Finite = 1.0


class Permuted(Bounded):
    """Equally spaced numbers from low to high in random order: no two are alike."""

    head = "permuted"
    geometry = "permuted"
    permuted: Shape
    low: Finite = -1.0
    high: Finite = 1.0


class Linspace(Interval):
    """Equally spaced numbers from start to stop, both included, in order."""

    head = "linspace"
    geometry = "shape"
    linspace: Annotated[tuple[Finite, Finite], StrictMode(False)]
    shape: Shape

    @property
    def _written_ends(self) -> tuple[float, float]:
        return self.linspace

    @model_validator(mode="after")
    def check_interval(self) -> Self:
        """Refuse an interval that `min_abs` leaves empty."""
        self._check_band()
        return self


class Constant(Generator):
    """The same numbers for every seed: `shift + scale * pattern`, of any dtype."""

    shift: Finite = 0.0
    scale: Finite = 1.0
    dtype: AnyType = "float64"

    @model_validator(mode="after")
    def check_whole(self) -> Self:
        """Refuse a shift or a scale that the dtype does not hold."""
        if self.dtype != "bool":
            check_fits(self.shift, self.dtype, at=("shift",))
            check_fits(self.scale, self.dtype, at=("scale",))
            check_fits(self.shift + self.scale, self.dtype, at=("scale",))
        elif self.shift or self.scale != 1:
            raise fault("booleans are not shifted or scaled", "remove it", at=("dtype",))
        return self


class Zeros(Constant):
    """Zeros."""

    head = "zeros"
    geometry = "zeros"
    zeros: Shape


class Ones(Constant):
    """Ones."""

    head = "ones"
    geometry = "ones"
    ones: Shape


def _check_two_axes(shape: tuple[int, ...]) -> tuple[int, ...]:
    if len(shape) not in (1, 2):
        raise fault("the identity is a matrix", "write `eye = 3` or `eye = [3, 4]`")
    return shape


class Eye(Constant):
    """The identity matrix: `eye = 3`, or `eye = [3, 4]` for three rows of four."""

    head = "eye"
    geometry = "eye"
    eye: Annotated[Shape, AfterValidator(_check_two_axes)]

    def with_shape(self, shape: tuple[int, ...]) -> Self:
        """Return an identity matrix of another size."""
        if len(shape) not in (1, 2):
            raise ValueError("is a matrix")
        return super().with_shape(shape)


class Integers(Generator):
    """Whole numbers, uniform in low ... high - 1 (`high` is left out, as in numpy)."""

    head = "integers"
    geometry = "integers"
    integers: Shape
    low: int = 0
    high: int
    dtype: IntegerType = "int64"

    @model_validator(mode="after")
    def check_interval(self) -> Self:
        """Refuse an empty interval, and numbers that the dtype cannot hold."""
        if not self.low < self.high:
            raise fault("is not more than `low`; `high` itself is never drawn", at=("high",))
        if not holds_range(self.dtype, self.low, self.high - 1):
            raise fault(f"{self.dtype} does not hold these numbers", at=("dtype",))
        return self


class Labels(Generator):
    """Classes 0 ... labels - 1, uniform; `size = 10` or a shape."""

    head = "labels"
    geometry = "size"
    labels: Length
    size: Shape
    dtype: IntegerType = "int64"

    @model_validator(mode="after")
    def check_classes(self) -> Self:
        """Refuse more classes than the dtype can hold."""
        if not holds_range(self.dtype, 0, self.labels - 1):
            raise fault(f"{self.dtype} does not hold these labels", at=("dtype",))
        return self


class OneHot(Generator):
    """Random rows of the identity: shape `size` + (one_hot,). Labels, so `scales` leave it."""

    head = "one_hot"
    geometry = "size"
    grows = False
    one_hot: Length
    size: Shape
    dtype: AnyType = "float64"

    @model_validator(mode="after")
    def check_volume(self) -> Self:
        """Refuse an array that no box holds."""
        if self.one_hot * math.prod(self.size) > LARGEST_ARRAY:
            raise fault(f"has more than {LARGEST_ARRAY} elements", at=("size",))
        return self

    def with_shape(self, shape: tuple[int, ...]) -> Self:
        """Return it for another size; the whole shape, classes last, is understood too."""
        if len(shape) == len(self.size) + 1:
            if shape[-1] != self.one_hot:
                raise ValueError(f"has {self.one_hot} classes, not {shape[-1]}")
            shape = shape[:-1]
        return super().with_shape(shape)


class Choice(Generator):
    """Values drawn from a list, with replacement; a single one without `size`."""

    head = "choice"
    geometry = "size"
    choice: Annotated[list[bool | int | float | str], AfterValidator(check_literal)]
    size: Shape | None = None
    dtype: AnyType | None = None

    @property
    def is_floating(self) -> bool:
        """Whether floating numbers are among the values, or it is made so."""
        return is_floating_type(self.dtype) if self.dtype else has_float(self.choice)

    @model_validator(mode="after")
    def check_choices(self) -> Self:
        """Refuse an empty list, and numbers beside strings."""
        if not self.choice:
            raise fault("there is nothing to choose from", "list the values", at=("choice",))
        strings = sum(isinstance(value, str) for value in self.choice)
        if strings not in (0, len(self.choice)):
            raise fault("numbers and strings do not mix", "list one of them", at=("choice",))
        if strings and self.dtype:
            raise fault("strings have no dtype", "leave it out", at=("dtype",))
        if self.dtype:
            check_fits(self.choice, self.dtype, at=("choice",))
        return self

    def with_shape(self, shape: tuple[int, ...]) -> Self:
        """Return it for another size; a single value has none."""
        if self.size is None:
            raise ValueError("is a single value")
        return super().with_shape(shape)


class Fixed(Generator):
    """A value as written; a list of numbers becomes an array.

    Unlike a bare value it is multiplied by `scales` where it is floating.
    """

    head = "value"
    geometry = None
    value: Annotated[BareValue, PlainValidator(check_literal)]
    dtype: AnyType | None = None

    @property
    def is_floating(self) -> bool:
        """Whether floating numbers are among the values, or it is made so."""
        return is_floating_type(self.dtype) if self.dtype else has_float(self.value)

    @model_validator(mode="after")
    def check_array(self) -> Self:
        """Refuse ragged lists, and a dtype for what is no number."""
        shape = find_array_shape(self.value)
        if shape is None and self.dtype:
            raise fault("what is no number has no dtype", "leave it out", at=("dtype",))
        if self.dtype:
            check_fits(self.value, self.dtype, at=("value",))
        return self


GENERATORS: dict[str, type[Generator]] = {
    generator.head: generator
    for generator in (
        Normal, Uniform, Integers, Labels, OneHot, Choice,
        Zeros, Ones, Eye, Linspace, Permuted, Fixed,
    )
}  # fmt: skip
"""Every kind of generator, by the key that names it."""


def read_input(written: Any) -> Generator | BareValue:
    """Return the generator of a table, and a bare value as it is."""
    if isinstance(written, Generator):
        return written
    if not isinstance(written, Mapping):
        return check_literal(written)
    heads = [key for key in written if key in GENERATORS]
    if heads:
        return GENERATORS[heads[0]].model_validate(written)
    nearest = [suggest(key, GENERATORS) for key in written]
    remedy = next((line for line in nearest if line.startswith("did")), "")
    raise fault(
        "does not say how its numbers are drawn", remedy or "use one of " + ", ".join(GENERATORS)
    )


Input: TypeAlias = Annotated[Generator | BareValue, PlainValidator(read_input)]
InputSet: TypeAlias = dict[Identifier, Input]
"""Inputs of a snippet, by the name they have in its scope."""

_INPUT_SET = TypeAdapter(InputSet)


def read_input_set(written: Any) -> InputSet:
    """Return a table of inputs, validated."""
    if not isinstance(written, Mapping):
        raise fault("is not a table of inputs", "write for example {x = {normal = [10, 6]}}")
    return _INPUT_SET.validate_python(dict(written))
