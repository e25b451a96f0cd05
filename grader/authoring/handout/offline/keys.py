"""Names for questions to the solution that stay the same where arithmetic differs by a rounding.

A handout is made on one machine and used on another, whose numpy may add in another order. So a
question is known by all in it but its floating numbers, and these by sums that may differ a little.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grader.calls import Question
from grader.sandbox import messages
from grader.sandbox.guest import wire

_SLACK = 1e-9
"""Of the sum of magnitudes: far more than roundings, far less than a step of a derivative."""
_N_SUMS = 3


@dataclass(frozen=True, slots=True)
class Key:
    """What is asked, and the sums of the floating numbers that are asked about."""

    name: str
    sums: tuple[float, ...]

    def is_near(self, sums: Sequence[float]) -> bool:
        """Whether these are the sums of the same numbers, but for roundings."""
        if len(sums) != len(self.sums):
            return False
        ours = np.reshape(self.sums, (-1, _N_SUMS))
        theirs = np.reshape(np.asarray(sums, dtype=float), (-1, _N_SUMS))
        slack = _SLACK * np.maximum(ours[:, :1], theirs[:, :1])
        return bool(np.all(np.abs(ours - theirs) <= slack))


def key_of(questions: Sequence[Question]) -> Key:
    """Return the key of what is asked at once."""
    reader = _Reader()
    skeleton = [reader.read(messages.request_of(one)) for one in questions]
    body = wire.encode(skeleton, wire.INTO_BOX)
    return Key(hashlib.sha256(body).hexdigest(), tuple(reader.sums))


@dataclass(slots=True)
class _Reader:
    """Goes over a question, and takes the floating numbers out of it."""

    sums: list[float] = field(default_factory=list)

    def read(self, value: Any) -> Any:
        """Return what stands for a value: itself, or for floating numbers their type and shape."""
        if isinstance(value, list | tuple):
            return [self.read(one) for one in value]
        if isinstance(value, dict):
            return [[key, self.read(one)] for key, one in value.items()]
        if isinstance(value, float | complex | np.floating | np.complexfloating):
            self._add(np.asarray(value))
            return "number"
        if isinstance(value, np.ndarray) and value.dtype.kind in "fc":
            self._add(value)
            return ["array", value.dtype.kind, value.dtype.itemsize, list(value.shape)]
        return value

    def _add(self, array: Any) -> None:
        wide = np.complex128 if array.dtype.kind == "c" else np.float64
        numbers = np.ascontiguousarray(array, dtype=wide).reshape(-1).view(np.float64)
        # Which are not finite counts, and not only how many.
        kept = np.nan_to_num(numbers, nan=math.e, posinf=math.pi, neginf=-math.pi)
        weights = np.cos(1.0 + np.arange(kept.size))
        for sum_ in (np.abs(kept).sum(), kept.sum(), kept @ weights):
            self.sums.append(float(sum_))
