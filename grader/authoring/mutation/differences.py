"""How far two programs' answers lie apart."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from grader.calls import Opaque, Raised, Returned, Value

Answer: TypeAlias = Returned | Raised

_ROUNDINGS = 4096
"""Units in the last place by which two right formulas may differ."""
_CANCELLED = 64
_NOISES = 64
"""The rounding of the inputs moves an answer by so much; another formula may by this many times."""


def differ(right: Answer, given: Answer, jittered: Answer) -> float:
    """Return the largest relative difference of two answers; 0 for what is only rounding.

    Parameters
    ----------
    right, given
        Of the solution, and of the mutant. Exceptions of one kind are alike.
    jittered
        Of the solution, from inputs that differ in the last place: that much is rounding.

    Returns
    -------
    float
        Infinite where something else than a number differs.
    """
    if isinstance(right, Raised) or isinstance(given, Raised):
        is_alike = isinstance(right, Raised) and isinstance(given, Raised)
        return 0.0 if is_alike and _kind(right) == _kind(given) else math.inf
    noise: Mapping[str, Value] = jittered.values if isinstance(jittered, Returned) else {}
    return max(
        (_differ_value(one, given.values.get(name), noise.get(name, one)))
        for name, one in right.values.items()
    )


def _kind(answer: Answer) -> str:
    return answer.kind if isinstance(answer, Raised) else ""


def has_changed_inputs(right: Answer, given: Answer) -> bool:
    """Whether the mutant has left its inputs as something else than the solution has."""
    if not (isinstance(right, Returned) and isinstance(given, Returned)):
        return False
    return any(
        _differ_value(one, given.inputs_after.get(name), one) > 0
        for name, one in right.inputs_after.items()
    )


def is_opaque(answer: Answer) -> bool:
    """Whether something in an answer cannot be looked at from outside."""
    return isinstance(answer, Returned) and any(map(_is_opaque, answer.values.values()))


def _is_opaque(value: Value) -> bool:
    if isinstance(value, list):
        return any(map(_is_opaque, value))
    return isinstance(value, Opaque)


def _differ_value(right: Value, given: Value, jittered: Value) -> float:
    if isinstance(right, list) and isinstance(given, list):
        if len(right) != len(given):
            return math.inf
        noise = jittered if isinstance(jittered, list) and len(jittered) == len(right) else right
        pairs = zip(right, given, noise, strict=True)
        return max((_differ_value(*one) for one in pairs), default=0.0)
    if isinstance(right, list | str | Opaque) or isinstance(given, list | str | Opaque):
        return 0.0 if type(right) is type(given) and right == given else math.inf
    if right is None or given is None:
        return 0.0 if right is given else math.inf
    a, b = np.asarray(right), np.asarray(given)
    if a.shape != b.shape:
        return math.inf
    if {a.dtype.kind, b.dtype.kind} <= set("biu"):
        return 0.0 if np.array_equal(a, b) else math.inf
    if not {a.dtype.kind, b.dtype.kind} <= set("biufc"):
        return math.inf
    moved = np.asarray(jittered)
    return _differ_numbers(a, b, moved if moved.dtype == a.dtype else a)


def _differ_numbers(a: NDArray[Any], b: NDArray[Any], jittered: NDArray[Any]) -> float:
    """Return the relative difference of two arrays of numbers, of whatever dtypes.

    No check asks for a dtype: what is returned in another one with the same numbers is no mistake.
    """
    # What cancels altogether in one formula may leave the rounding of about 1 in another.
    eps = max(_eps(a), _eps(b))
    wide = np.result_type(a, b, np.float64)
    a, b, jittered = a.astype(wide), b.astype(wide), jittered.astype(wide)
    is_finite = np.isfinite(a)
    if not np.array_equal(a[~is_finite], b[~is_finite], equal_nan=True):
        return math.inf
    if not np.all(np.isfinite(b[is_finite])):
        return math.inf
    size = float(np.abs(a[is_finite]).max(initial=0.0))
    error = float(np.abs(a[is_finite] - b[is_finite]).max(initial=0.0))
    slack = _ROUNDINGS * eps * size if size else _CANCELLED * eps
    if jittered.shape == a.shape:
        with np.errstate(all="ignore"):
            moved = np.abs(a - jittered)[is_finite & np.isfinite(jittered)]
        slack += _NOISES * float(moved.max(initial=0.0))
    if error <= slack:
        return 0.0
    return error / size if size else math.inf


def _eps(array: NDArray[Any]) -> float:
    """Return the rounding of an array's dtype; 0 for whole numbers."""
    if array.dtype.kind not in "fc":
        return 0.0
    return float(np.spacing(array.real.dtype.type(1)))
