"""What all tables that draw an input share, and the register of their kinds."""

import math
from typing import Annotated, Any, ClassVar, Self, TypeAlias

from pydantic import AfterValidator, AllowInfNan, BeforeValidator, Field

from grader.spec.dtypes import is_floating_type
from grader.spec.schema import Sequence, SpecModel, fault

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
    Sequence[Length],
    BeforeValidator(_read_shape),
    AfterValidator(_check_volume),
]
"""`[10, 6]`, or `10` for `[10]`."""


GENERATORS: dict[str, type["Generator"]] = {}
"""Every kind of generator, by the key that names it."""


class Generator(SpecModel):
    """A table that says how an input is drawn; `head` is the key that names its kind."""

    head: ClassVar[str]
    geometry: ClassVar[str | None]
    """The key that `shapes` replaces; None where there is none."""
    is_scaled: ClassVar[bool] = True
    """Whether `scales` multiply it where it is floating."""

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        """Enter a kind of generator by the key that names it."""
        if "head" in vars(cls):
            GENERATORS[cls.head] = cls

    @property
    def is_floating(self) -> bool:
        """Whether it draws floating numbers, which `scales` multiply and gradients take."""
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
