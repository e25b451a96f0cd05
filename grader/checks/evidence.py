"""What a diagnosis is argued from: one case's inputs, the student's values, the right ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

from grader.calls import Value
from grader.checks.compare import DOUBLE, Precision, as_array, precision_of
from grader.spec import Case

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
    is_right: bool = False
    parameters: Mapping[str, str] = field(default_factory=dict)
    """For a gradient: name of the compared value -> the input it is the gradient with respect to."""
    precision: Precision = DOUBLE

    @classmethod
    def of(
        cls,
        case: Case,
        values: Mapping[str, Value],
        right: Mapping[str, Value],
        names: Sequence[str],
        is_right: bool,
        parameters: Mapping[str, str] | None = None,
    ) -> Self:
        """Gather the numeric part of a case."""
        return cls(
            case.label,
            case.scale,
            _floats(case.inputs),
            _floats({name: values[name] for name in names}),
            _floats({name: right[name] for name in names}),
            is_right,
            parameters or {},
            precision_of(values[name] for name in names),
        )

    def is_wrong(self, name: str) -> bool:
        """Whether a compared value is not the right one here."""
        return not self.agrees(self.student.get(name), name)

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
