"""A student's forward and backward pass on one case, run in this process, as checkers take them."""

from __future__ import annotations

import contextlib
import io
import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.checks.gradient import student_code
from grader.sandbox.guest.loading import Rules, load_program
from grader.spec import AssignmentSpec, Case, GradientCheck

Floats = NDArray[np.float64]
_STEP = 1e-5


def load_student(spec: AssignmentSpec, text: str) -> dict[str, Any]:
    """Return the names that a student's file defines, loaded as the sandbox loads it."""
    finders = list(sys.meta_path)
    rules = Rules(tuple(spec.allow), tuple(spec.shims), spec.package)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            namespace = load_program([(spec.files[0], [(text, "")])], [], rules).namespace
    finally:
        sys.meta_path[:] = finders
    del sys.modules[namespace["__name__"]]
    return namespace


@dataclass(frozen=True)
class Passes:
    """Both passes as functions of the inputs that are differentiated, in double precision.

    Every call gets fresh copies and the seed that the sandbox would set, so that no checker is
    blamed for a program that changes its inputs or draws a mask.
    """

    namespace: Mapping[str, Any]
    check: GradientCheck
    case: Case

    @cached_property
    def point(self) -> list[Floats]:
        """The differentiated inputs as they were drawn."""
        return [np.array(self.case.inputs[b], dtype=np.float64) for b in self.check.gradient]

    @cached_property
    def weights(self) -> Floats:
        """The upstream gradient; 1 where the value is a scalar."""
        name = self.check.cotangent
        return np.array(1.0 if name is None else self.case.inputs[name], dtype=np.float64)

    def forward(self, point: Sequence[Floats]) -> Floats:
        """Return the value of the forward pass."""
        scope = self._run(self.check.forward, point, self.weights)
        return np.array(scope[self.check.value], dtype=np.float64)

    def backward(self, point: Sequence[Floats], weights: Floats) -> list[Floats]:
        """Return the gradients that the student claims, as they are shaped."""
        scope = self._run(student_code(self.check), point, weights)
        factor = weights if self.check.cotangent is None else 1.0
        return [
            np.array(scope[name], dtype=np.float64) * factor
            for name in self.check.gradient.values()
        ]

    def height(self, point: Sequence[Floats]) -> float:
        """Return the one number of which the claimed gradients are the derivatives."""
        return float(np.sum(self.forward(point) * self.weights))

    @cached_property
    def relative_error(self) -> float:
        """The largest relative error of CS231n's notebooks: central differences, every entry."""
        errors = []
        claimed = self.backward(self.point, self.weights)
        for number, (block, analytic) in enumerate(zip(self.point, claimed, strict=True)):
            numeric = np.empty(block.shape)
            for index in np.ndindex(block.shape):
                heights = []
                for step in (_STEP, -_STEP):
                    moved = list(self.point)
                    moved[number] = block.copy()
                    moved[number][index] += step
                    heights.append(self.height(moved))
                numeric[index] = (heights[0] - heights[1]) / (2 * _STEP)
            size = np.maximum(1e-8, np.abs(analytic) + np.abs(numeric))
            errors.append(float(np.max(np.abs(analytic - numeric) / size)))
        return float(np.max(errors))

    def _run(self, code: str, point: Sequence[Floats], weights: Floats) -> dict[str, Any]:
        given = {
            name: value.copy() if isinstance(value, np.ndarray) else value
            for name, value in self.case.inputs.items()
        }
        for name, array in zip(self.check.gradient, point, strict=True):
            given[name] = array.copy() if array.ndim else float(array)
        if self.check.cotangent is not None:
            given[self.check.cotangent] = np.array(weights)
        scope = {**self.namespace, "np": np, **given}
        np.random.seed(self.case.seed & 0xFFFF_FFFF)
        random.seed(self.case.seed)
        with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
            exec(code, scope)
        return scope
