"""What a diagnosis is argued from: one case's inputs, the student's values, the right ones."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

from grader.calls import Value
from grader.checks.compare import DOUBLE, Precision, as_array, precision_of
from grader.spec import Case

_BIAS = re.compile(r"(?i)(b|.*bias)")

Floats = NDArray[np.float64]

PROOF_RTOL = 1e-6
"""How close corrected values must come to the right ones in double precision."""


@dataclass(frozen=True, slots=True)
class CaseEvidence:
    """One case, with everything numeric as float64 arrays."""

    label: str
    scale: float
    inputs: Mapping[str, Floats]
    student: Mapping[str, Floats]
    """In the student's own shapes."""
    solution: Mapping[str, Floats]
    wrong: frozenset[str] = frozenset()
    """Names of the values that the check found wrong."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """For gradients: name of the value, and the input by which it is the derivative."""
    precision: Precision = DOUBLE
    penalties: Mapping[str, Floats] = field(default_factory=dict)
    """The solution's own term of the regulariser in each value, where it is known."""
    has_cotangent: bool = False
    """For gradients: whether they are those of an array, weighted by an upstream gradient."""

    @classmethod
    def of(
        cls,
        case: Case,
        values: Mapping[str, Value],
        right: Mapping[str, Value],
        names: Sequence[str],
        wrong: Collection[str],
        parameters: Mapping[str, str] | None = None,
        penalties: Mapping[str, Value] | None = None,
        has_cotangent: bool = False,
    ) -> Self:
        """Gather the numeric part of a case."""
        return cls(
            case.label,
            case.scale,
            _floats(case.inputs),
            _floats({name: values[name] for name in names}),
            _floats({name: right[name] for name in names}),
            frozenset(wrong),
            parameters or {},
            precision_of(values[name] for name in names),
            _floats(penalties or {}),
            has_cotangent,
        )

    @property
    def batch_size(self) -> int:
        """Number of samples: rows of the first matrix that is no parameter, 1 without one."""
        parameters = set(self.parameters.values())
        matrices = [
            value
            for name, value in self.inputs.items()
            if value.ndim >= 2 and name not in parameters
        ]
        labels = [value for name, value in self.inputs.items() if name in ("y", "labels", "t")]
        named = [self.inputs[name] for name in ("X", "x") if name in self.inputs]
        for value in (*named, *labels, *matrices, *self.inputs.values()):
            if value.ndim:
                return len(value)
        return 1

    def is_wrong(self, name: str) -> bool:
        """Whether a compared value is not the right one here."""
        return name in self.wrong

    def is_bias(self, name: str) -> bool:
        """Whether a value is the gradient by a bias, as the name of that input says."""
        return bool(_BIAS.match(self.parameters.get(name, "")))

    def has_right_shape(self, name: str) -> bool:
        """Whether a compared value has the shape of the right one."""
        return self.student[name].shape == self.solution[name].shape

    def agrees(self, candidate: Floats | None, name: str) -> bool:
        """Whether a (corrected) value is the right one, shape and all."""
        right = self.solution.get(name)
        if candidate is None or right is None or candidate.shape != right.shape:
            return False
        if not (np.isfinite(candidate).all() and np.isfinite(right).all()):
            return bool(np.array_equal(candidate, right, equal_nan=True))
        rtol = max(PROOF_RTOL, self.precision.rtol if self.precision.is_single else 0.0)
        scale = float(np.abs(right).max(initial=0.0))
        return bool(np.all(np.abs(candidate - right) <= rtol * scale))


def _floats(values: Mapping[str, Value]) -> dict[str, Floats]:
    arrays = {name: as_array(value) for name, value in values.items()}
    return {
        name: array.astype(np.float64)
        for name, array in arrays.items()
        if array is not None and array.dtype.kind in "biuf"
    }
