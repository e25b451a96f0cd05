"""The worked examples of the lectures, with values of 17 digits (computed with 40).

`worked_examples.json` says what each slide prints and what is wrong with it. A number that the
file writes as a string has all its digits; here it is a float.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).with_name("worked_examples.json")


def worked_example(slug: str) -> Any:
    """Return the values of an example, every number a float or an int."""
    return _values()[slug]


@functools.cache
def _values() -> dict[str, Any]:
    return {one["slug"]: _as_numbers(one["value"]) for one in json.loads(EXAMPLES.read_text())}


def _as_numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _as_numbers(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_as_numbers(one) for one in value]
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return value
    return value
