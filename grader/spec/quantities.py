"""Durations ("10s", "1h30m") and sizes ("64KiB") as authors write them."""

import re
from decimal import Decimal
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Field

from grader.spec.schema import fault

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB

_SECONDS = {
    "d": Decimal(86400),
    "h": Decimal(3600),
    "m": Decimal(60),
    "s": Decimal(1),
    "ms": Decimal("0.001"),
}
_BYTES = {"B": 1, "KiB": KIB, "MiB": MIB, "GiB": GIB}
_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_DURATION = re.compile("".join(rf"(?:({_NUMBER}){unit}(?![a-z]))?" for unit in _SECONDS))
_SIZE = re.compile(rf"({_NUMBER}) ?({'|'.join(_BYTES)})")

LONGEST_DURATION_S = 366 * 86400.0
LARGEST_SIZE_BYTES = 1024 * GIB


def parse_duration(written: Any) -> float:
    """Return a duration in seconds.

    Parameters
    ----------
    written : str
        Numbers with the units d, h, m, s, ms, the largest first, without blanks: `"1h30m"`.

    Raises
    ------
    PydanticCustomError
        If it is not a string of this form, or is longer than a year.
    """
    match = _DURATION.fullmatch(written) if isinstance(written, str) else None
    if not written or match is None:
        raise fault("is not a duration", 'write for example "10s", "15m", "1h30m" or "500ms"')
    parts = zip(match.groups(), _SECONDS.values(), strict=True)
    seconds = float(sum(Decimal(number) * unit_s for number, unit_s in parts if number))
    if seconds > LONGEST_DURATION_S:
        raise fault("is longer than a year", "write a shorter duration")
    return seconds


def format_duration(seconds: float) -> str:
    """Return a duration as `parse_duration` reads it, to the last digit: `"1h30m"`."""
    parts = []
    left = Decimal(repr(seconds))
    for unit in ("d", "h", "m"):
        count, left = divmod(left, _SECONDS[unit])
        if count:
            parts.append(f"{count:f}{unit}")
    if left or not parts:
        parts.append(f"{left.normalize():f}s")
    return "".join(parts)


def parse_size(written: Any) -> int:
    """Return a size in bytes.

    Parameters
    ----------
    written : str
        A number with one of the units B, KiB, MiB, GiB: `"64KiB"`.

    Raises
    ------
    PydanticCustomError
        If it is not a string of this form, no whole number of bytes, or more than 1 TiB.
    """
    match = _SIZE.fullmatch(written) if isinstance(written, str) else None
    if match is None:
        raise fault("is not a size", 'write for example "64KiB", "512MiB" or "1GiB"')
    size_bytes = Decimal(match[1]) * _BYTES[match[2]]
    if size_bytes != int(size_bytes):
        raise fault("is not a whole number of bytes", "write it in a smaller unit")
    if size_bytes > LARGEST_SIZE_BYTES:
        raise fault("is more than 1024GiB", "write a smaller size")
    return int(size_bytes)


def _reject_zero(quantity: float) -> float:
    if quantity <= 0:
        raise fault("must be more than zero", "write a positive quantity")
    return quantity


DurationS: TypeAlias = Annotated[float, BeforeValidator(parse_duration)]
PositiveDurationS: TypeAlias = Annotated[
    float, BeforeValidator(lambda written: _reject_zero(parse_duration(written)))
]
SizeBytes: TypeAlias = Annotated[
    int, BeforeValidator(lambda written: _reject_zero(parse_size(written))), Field(strict=True)
]
