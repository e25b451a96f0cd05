"""Any plain Python value as JSON and back: tuples stay tuples, points stay decimal."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

_TAG = "~"
"""Marks what JSON has no word for; a mapping that has it as a key is written as pairs."""


def pack(value: object) -> Any:
    """Return what `json.dumps` takes, NaN and infinity as Python's own JSON has them."""
    if value is None or isinstance(value, bool | str):
        return value if not isinstance(value, str) else str(value)
    if isinstance(value, int | float):
        return int(value) if isinstance(value, int) else float(value)
    if isinstance(value, Decimal):
        return {_TAG: "decimal", "value": str(value)}
    if isinstance(value, tuple):
        return {_TAG: "tuple", "value": [pack(item) for item in value]}
    if isinstance(value, list):
        return [pack(item) for item in value]
    if isinstance(value, Mapping):
        if all(isinstance(key, str) and key != _TAG for key in value):
            return {str(key): pack(item) for key, item in value.items()}
        return {_TAG: "pairs", "value": [[pack(key), pack(item)] for key, item in value.items()]}
    return str(value)


def unpack(value: Any) -> Any:
    """Return the value that was packed."""
    if isinstance(value, list):
        return [unpack(item) for item in value]
    if not isinstance(value, dict):
        return value
    match value.get(_TAG):
        case "decimal":
            return Decimal(value["value"])
        case "tuple":
            return tuple(unpack(item) for item in value["value"])
        case "pairs":
            return {unpack(key): unpack(item) for key, item in value["value"]}
        case _:
            return {key: unpack(item) for key, item in value.items()}
