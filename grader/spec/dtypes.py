"""The dtypes an input may have, by numpy's names; without importing numpy."""

from typing import Annotated, TypeAlias

from pydantic import AfterValidator

from grader.spec.schema import fault, suggest

LARGEST_FLOAT = {"float16": 65504.0, "float32": (2 - 2**-23) * 2.0**127}
EPSILON = {"float64": 2.0**-52, "float32": 2.0**-23, "float16": 2.0**-10}
FLOATS = ("float64", "float32", "float16")
SIGNED = {"int8": 8, "int16": 16, "int32": 32, "int64": 64}
UNSIGNED = {"uint8": 8, "uint16": 16, "uint32": 32, "uint64": 64}
INTEGERS = (*SIGNED, *UNSIGNED)
ALL = (*FLOATS, *INTEGERS, "bool")


def is_floating_type(dtype: str | None) -> bool:
    """Return whether `dtype` is one of the floating ones."""
    return dtype in FLOATS


def holds_range(dtype: str, low: int, high: int) -> bool:
    """Return whether an integer dtype holds all of low ... high."""
    if dtype in SIGNED:
        half = 1 << (SIGNED[dtype] - 1)
        return -half <= low and high < half
    return low >= 0 and high < 1 << UNSIGNED[dtype]


def _one_of(known: tuple[str, ...]) -> AfterValidator:
    def check(dtype: str) -> str:
        if dtype not in known:
            raise fault(f"{dtype!r} is no dtype for this input", suggest(dtype, known))
        return dtype

    return AfterValidator(check)


FloatType: TypeAlias = Annotated[str, _one_of(FLOATS)]
IntegerType: TypeAlias = Annotated[str, _one_of(INTEGERS)]
AnyType: TypeAlias = Annotated[str, _one_of(ALL)]
