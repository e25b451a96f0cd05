"""Tables that draw real numbers: random, equally spaced, or constant."""

import math
from typing import Annotated, Self

from pydantic import AfterValidator, Field, Strict, model_validator

from grader.spec.dtypes import EPSILON, AnyType, FloatType
from grader.spec.generator import Finite, Generator, Shape
from grader.spec.literals import check_fits
from grader.spec.schema import fault


class Affine(Generator):
    """What is drawn is `shift + scale * numbers`."""

    shift: Finite = 0.0
    """Added at the end: the mean of Gaussian numbers."""
    scale: Finite = 1.0
    """Multiplies before that: the standard deviation of Gaussian numbers."""
    dtype: FloatType = "float64"
    """A floating one."""

    @model_validator(mode="after")
    def check_scale(self) -> Self:
        """Refuse a scale that makes all numbers alike."""
        if self.scale == 0:
            raise fault("a scale of 0 makes all numbers alike", "write another", at=("scale",))
        return self


class AwayFromKink(Affine):
    """Numbers that keep `min_abs` away from 0."""

    min_abs: Annotated[Finite, Field(ge=0)] = 0.0
    """Least distance from 0; equally spaced numbers leave this gap."""


class Normal(AwayFromKink):
    """Gaussian numbers of mean `shift` and standard deviation `scale`."""

    head = "normal"
    geometry = "normal"
    normal: Shape
    """Shape."""

    @model_validator(mode="after")
    def check_band(self) -> Self:
        """Refuse a `min_abs` that leaves next to nothing of the distribution."""
        if self.min_abs > abs(self.shift) + 3 * abs(self.scale):
            raise fault(
                "leaves no number: `min_abs` is beyond three standard deviations",
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
    """Least number."""
    high: Finite
    """Greatest number."""

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
    """Shape."""
    low: Finite = 0.0
    high: Finite = 1.0
    """Bound that is not reached."""


class Permuted(Bounded):
    """Equally spaced numbers from low to high in random order: no two are alike."""

    head = "permuted"
    geometry = "permuted"
    permuted: Shape
    """Shape."""
    low: Finite = -1.0
    high: Finite = 1.0

    @model_validator(mode="after")
    def check_spacing(self) -> Self:
        """Refuse so many numbers that the dtype rounds neighbours to the same one."""
        low, high = self.ends
        step = (high - low) / max(math.prod(self.permuted), 2)
        if step <= 4 * EPSILON[self.dtype] * max(abs(low), abs(high)):
            raise fault(f"{self.dtype} cannot tell so many numbers apart", at=("permuted",))
        return self


class Linspace(Interval):
    """Equally spaced numbers from start to stop, both included, in order."""

    head = "linspace"
    geometry = "shape"
    linspace: Annotated[tuple[Finite, Finite], Strict(False)]
    """`[start, stop]`, both included."""
    shape: Shape
    """Shape, filled row by row."""

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
    """Added."""
    scale: Finite = 1.0
    """Multiplies."""
    dtype: AnyType = "float64"
    """Any."""

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
    """Shape."""


class Ones(Constant):
    """Ones."""

    head = "ones"
    geometry = "ones"
    ones: Shape
    """Shape."""


def _check_two_axes(shape: tuple[int, ...]) -> tuple[int, ...]:
    if len(shape) not in (1, 2):
        raise fault("the identity is a matrix", "write `eye = 3` or `eye = [3, 4]`")
    return shape


class Eye(Constant):
    """The identity matrix: `eye = 3`, or `eye = [3, 4]` for three rows of four."""

    head = "eye"
    geometry = "eye"
    eye: Annotated[Shape, AfterValidator(_check_two_axes)]
    """Number of rows, or `[rows, columns]`."""

    def with_shape(self, shape: tuple[int, ...]) -> Self:
        """Return an identity matrix of another size."""
        if len(shape) not in (1, 2):
            raise ValueError("is a matrix")
        return super().with_shape(shape)
