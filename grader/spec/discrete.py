"""Tables that draw whole numbers, labels and given values."""

import math
from typing import Annotated, Self

from pydantic import AfterValidator, PlainValidator, model_validator

from grader.spec.dtypes import AnyType, IntegerType, holds_range, is_floating_type
from grader.spec.generator import LARGEST_ARRAY, Generator, Length, Shape
from grader.spec.literals import (
    BareValue,
    check_fits,
    check_literal,
    find_array_shape,
    has_float,
)
from grader.spec.schema import fault


class Integers(Generator):
    """Whole numbers, uniform in low ... high - 1 (`high` is left out, as in numpy)."""

    head = "integers"
    geometry = "integers"
    integers: Shape
    """Shape."""
    low: int = 0
    """Least number."""
    high: int
    """Bound that is not reached, as in numpy."""
    dtype: IntegerType = "int64"
    """An integer one."""

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
    """Number of classes K: 0 ... K - 1."""
    size: Shape
    """Number of labels, or a shape."""
    dtype: IntegerType = "int64"
    """An integer one."""

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
    is_scaled = False
    one_hot: Length
    """Number of classes: the last axis."""
    size: Shape
    """Number of rows, or a shape."""
    dtype: AnyType = "float64"
    """Any."""

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
    """Values to draw from, with replacement; strings come as a list, numbers as an array."""
    size: Shape | None = None
    """Number of values, or a shape.

    Default: a single value
    """
    dtype: AnyType | None = None
    """Any.

    Default: as numpy takes them
    """

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
    """A value as written; a list of numbers becomes an array (a bare list stays a list)."""
    dtype: AnyType | None = None
    """Any.

    Default: as numpy takes it
    """

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
