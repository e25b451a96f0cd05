"""Values written out in assignment.toml: numbers, strings, booleans and lists of them."""

import math
from collections.abc import Iterator
from typing import Any, TypeAlias

from grader.spec.dtypes import INTEGERS, LARGEST_FLOAT, holds_range
from grader.spec.schema import Path, fault

BareValue: TypeAlias = bool | int | float | str | list[Any]

INT64_MIN, INT64_MAX = -(1 << 63), (1 << 63) - 1


def check_literal(written: Any) -> Any:
    """Return the value as it is.

    Raises
    ------
    PydanticCustomError
        If a date or a table is among it, or an integer that 64 bits do not hold.
    """
    for value in _walk(written):
        if not isinstance(value, bool | int | float | str):
            raise fault(
                f"{type(value).__name__} is no value of an input",
                "write numbers, strings, booleans, or lists of them",
            )
        if isinstance(value, int) and not INT64_MIN <= value <= INT64_MAX:
            raise fault(f"{value} does not fit into 64 bits", "write a float: 1e20")
    return written


def check_fits(value: BareValue, dtype: str | None, at: Path) -> None:
    """Refuse numbers that a dtype would round, wrap round or not hold.

    Raises
    ------
    PydanticCustomError
        Located at the path `at`.
    """
    for number in _walk(value):
        if dtype in INTEGERS:
            is_held = float(number).is_integer() and holds_range(dtype, int(number), int(number))
        elif dtype == "bool":
            is_held = isinstance(number, bool)
        else:
            largest = LARGEST_FLOAT.get(dtype or "", math.inf)
            is_held = not math.isfinite(number) or abs(number) <= largest
        if not is_held:
            raise fault(f"{dtype} does not hold {number}", "change one of the two", at=at)


def has_float(value: BareValue) -> bool:
    """Return whether a floating number is among the values."""
    return any(isinstance(number, float) for number in _walk(value))


def find_array_shape(value: BareValue) -> tuple[int, ...] | None:
    """Return the shape of the array that a list of numbers makes.

    Returns
    -------
    tuple of int, or None
        `()` for a number, None for strings.

    Raises
    ------
    PydanticCustomError
        If its rows differ in length, or strings stand beside numbers.
    """
    strings = [isinstance(scalar, str) for scalar in _walk(value)]
    if strings and all(strings):
        return None
    if any(strings):
        raise fault("numbers and strings do not mix", "write a bare list", at=("value",))
    return _shape_of(value)


def _shape_of(value: BareValue) -> tuple[int, ...]:
    if not isinstance(value, list):
        return ()
    shapes = {_shape_of(row) for row in value}
    if len(shapes) > 1:
        raise fault("its rows differ in length", "write rows of one length", at=("value",))
    return (len(value), *shapes.pop()) if shapes else (0,)


def _walk(value: Any) -> Iterator[Any]:
    if isinstance(value, list | tuple):
        for item in value:
            yield from _walk(item)
    else:
        yield value
