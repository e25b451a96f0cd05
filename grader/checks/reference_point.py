"""The solution's gradient at a point, and the numeric derivatives that vouch for it."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from grader.calls import Evaluation, Returned, Value
from grader.checks.ask import Answer, Ask, Side
from grader.checks.asking import ask_solution
from grader.checks.compare import Precision, as_array, precision_of
from grader.checks.probes import (
    Floats,
    Line,
    Sizes,
    as_floats,
    axis_lines,
    derivatives_along,
    gaussian_lines,
    ladder_along,
    move_off,
    stratify,
)
from grader.errors import BrokenSolution
from grader.spec import Case, GradientCheck
from reference.numdiff import Derivative

TRUST = 4.0
"""A numeric derivative is off by more than this many of its error estimates practically never."""
CONCLUSIVE = 0.02
"""A derivative whose uncertainty exceeds this share of the gradient vouches for nothing."""
N_ATTEMPTS = 3
"""How many points are tried beside the given one before the question goes to staff."""
_N_GAUSSIAN_FIRST, _N_AXES_FIRST, _N_GAUSSIAN_LATER = 3, 4, 2
"""Lines for each differentiated input: on the first case, and on each of the others."""
_N_LARGEST_STEPS = 6
_FLOOR_FACTOR = 8.0

Measured: TypeAlias = "tuple[tuple[Line, Derivative], ...]"


@dataclass(frozen=True, slots=True)
class ReferencePoint:
    """One case: the solution's values and the derivatives of its forward pass along some lines."""

    case: Case
    values: Mapping[str, Value]
    measured: Measured
    magnitude: float
    """Size of the terms that the forward pass adds up."""
    precision: Precision
    blocks: Mapping[str, str]
    """Name of each gradient, and the input by which it is the derivative."""
    largest: float
    """Magnitude of the largest entry of any gradient."""

    def gradient(self, name: str) -> Floats:
        """Return the solution's own analytic gradient."""
        return as_floats(self.values[name])

    def floor(self, name: str, precision: Precision) -> float:
        """Return below what a difference in one gradient is rounding.

        A gradient is a sum of products that may cancel, to zero for a bias in front of a batch
        normalisation. What cancelled is not seen; the largest gradient of the check and the
        value per unit of the input stand for it, so that all grow and shrink with the function.
        """
        x = float(np.abs(as_floats(self.case.inputs[self.blocks[name]])).max(initial=0.0))
        floor = _FLOOR_FACTOR * precision.eps * max(self.largest, self.magnitude / max(1.0, x))
        return max(floor, self._flatness(name))

    def _flatness(self, name: str) -> float:
        """Return the steepest slope that a forward pass may hide which stands still on all lines.

        Where a softmax is saturated, the loss is exactly 0 for some way around; its gradient of
        1e-27 can then be told neither from 0 nor from its double.
        """
        derivatives = [d for _, d in self.lines_of(name)]
        if not all(d.is_flat and abs(d.value) <= TRUST * d.error for d in derivatives):
            return 0.0
        return max((TRUST * d.error for d in derivatives), default=0.0)

    def lines_of(self, name: str) -> Measured:
        """Return the lines that judge one gradient."""
        return tuple((line, d) for line, d in self.measured if line.gradient == name)

    def is_contradicted(self, name: str, rtol: float) -> bool:
        """Whether a derivative denies the solution's own gradient."""
        gradient = self.gradient(name)
        scale = float(np.abs(gradient).max(initial=0.0))
        tolerance = rtol * scale + self.floor(name, self.precision)
        return any(
            contradicts(line, derivative, gradient, tolerance)
            for line, derivative in self.lines_of(name)
        )

    def is_conclusive(self, name: str) -> bool:
        """Whether a derivative is certain enough to vouch for the solution's gradient."""
        scale = float(np.abs(self.gradient(name)).max(initial=0.0))
        if scale <= self.floor(name, self.precision):
            return True
        return any(
            not derivative.is_kink
            and TRUST * derivative.error <= CONCLUSIVE * max(scale, abs(derivative.value))
            for _, derivative in self.lines_of(name)
        )


def contradicts(line: Line, derivative: Derivative, gradient: Floats, tolerance: float) -> bool:
    """Whether a numeric derivative denies that this is the gradient.

    At a kink it denies nothing: there a program is free to choose.
    """
    if derivative.is_kink or not np.isfinite(derivative.value):
        return False
    distance = abs(line.along(gradient) - derivative.value)
    return not distance <= TRUST * derivative.error + tolerance


def solution_code(check: GradientCheck) -> str:
    """Return what runs on the solution: the forward pass, and the backward pass if it is apart."""
    return "\n".join(part for part in (check.expect, check.backward) if part)


def returned_names(check: GradientCheck) -> tuple[str, ...]:
    """Return the names that leave the box."""
    return tuple(dict.fromkeys((check.value, *check.compare, *check.gradient.values())))


def examine(
    check: GradientCheck, cases: Sequence[Case]
) -> Generator[Ask, Answer, tuple[ReferencePoint, ...]]:
    """Ask the solution for its values on each case, then for its derivatives.

    The lines are drawn from the case's seed and the solution's gradient, never the student's, so
    both answers serve every submission.

    Raises
    ------
    BrokenSolution
        Where the solution raises, or its value or gradient cannot be differentiated or compared.
    """
    names = returned_names(check)
    code = solution_code(check)
    returned = yield from ask_solution(
        check, [Evaluation(code, case.inputs, names, seed=case.seed) for case in cases]
    )
    drawn = []
    for number, (case, one) in enumerate(zip(cases, returned, strict=True)):
        _reject_unsuitable(check, case, one.values)
        drawn.append(_draw_lines(check, case, one.values, is_first=number == 0))
    derivatives = yield from differentiate(check, cases, drawn, [one.values for one in returned])
    return tuple(
        ReferencePoint(
            case,
            one.values,
            tuple(zip(lines, along, strict=True)),
            _sizes(check, case, one.values).terms,
            precision_of(one.values[name] for name in names),
            {name: block for block, name in check.gradient.items()},
            max(_magnitude(as_floats(one.values[name])) for name in check.gradient.values()),
        )
        for case, one, lines, along in zip(cases, returned, drawn, derivatives, strict=True)
    )


def differentiate(
    check: GradientCheck,
    cases: Sequence[Case],
    lines: Sequence[Sequence[Line]],
    values: Sequence[Mapping[str, Value]],
    *,
    is_cacheable: bool = True,
) -> Generator[Ask, Answer, list[list[Derivative]]]:
    """Ask for the derivatives of the solution's forward pass along the lines of each case."""
    answer: Answer = ()
    for _ in range(2):
        ladders = tuple(
            ladder_along(along, case, check.expect, check.value, check.cotangent)
            for case, along in zip(cases, lines, strict=True)
        )
        answer = yield Ask(Side.SOLUTION, ladders, cacheable=is_cacheable)
        if all(isinstance(one, Returned) for one in answer):
            break
        # a large step may leave the domain of the forward pass, which is no fault of it
        lines = [[_without_largest_steps(line) for line in along] for along in lines]
    else:
        yield from ask_solution(check, ladders)
    return [
        derivatives_along(along, one, _sizes(check, case, given))
        for along, one, case, given in zip(lines, answer, cases, values, strict=True)
        if isinstance(one, Returned)
    ]


def verify(
    check: GradientCheck, points: Sequence[ReferencePoint], rtol: float
) -> Generator[Ask, Answer, tuple[str, ...]]:
    """Hold the solution's gradient against the derivatives of its own forward pass.

    A contradiction counts only if it holds at a point moved off any kink too.

    Returns
    -------
    tuple of str
        Gradients for which no point was conclusive.

    Raises
    ------
    BrokenSolution
        Where a gradient of the solution is not the derivative of its forward pass.
    """
    unsettled: tuple[str, ...] = ()
    for name in dict.fromkeys(check.gradient.values()):
        denied = [point for point in points if point.is_contradicted(name, rtol)]
        if not denied and any(point.is_conclusive(name) for point in points):
            continue
        suspect = denied[0] if denied else points[0]
        for attempt in range(1, N_ATTEMPTS + 1):
            moved = yield from move(check, suspect.case, attempt)
            if moved.is_contradicted(name, rtol):
                raise BrokenSolution(
                    f"`{name}` is not the derivative of `{check.value}`",
                    check=check.id,
                    remedy="correct solution.py, or the snippets of this check",
                )
            if moved.is_conclusive(name):
                break
        else:
            unsettled += (name,)
    return unsettled


def move(check: GradientCheck, case: Case, attempt: int) -> Generator[Ask, Answer, ReferencePoint]:
    """Examine the solution at a point moved off the given one, alike in every run."""
    (point,) = yield from examine(check, [move_off(case, check.gradient, attempt)])
    return point


def target_lines(
    check: GradientCheck, point: ReferencePoint, name: str, entries: Sequence[tuple[int, ...]]
) -> Generator[Ask, Answer, Measured]:
    """Ask for the derivatives along the axes of the entries that are in dispute."""
    lines = axis_lines(name, point.blocks[name], point.case, entries)
    (along,) = yield from differentiate(
        check, [point.case], [lines], [point.values], is_cacheable=False
    )
    return tuple(zip(lines, along, strict=True))


def _draw_lines(
    check: GradientCheck, case: Case, values: Mapping[str, Value], *, is_first: bool
) -> list[Line]:
    rng = np.random.default_rng([case.seed & 0xFFFF_FFFF, case.shape_index])
    n_gaussian = _N_GAUSSIAN_FIRST if is_first else _N_GAUSSIAN_LATER
    lines = gaussian_lines(check.gradient, case, n_gaussian, rng)
    if is_first:
        for block, name in check.gradient.items():
            entries = stratify(as_floats(values[name]), _N_AXES_FIRST, rng)
            lines += axis_lines(name, block, case, entries)
    return lines


def _without_largest_steps(line: Line) -> Line:
    return replace(line, steps=line.steps[:3] + line.steps[3 + 2 * _N_LARGEST_STEPS :])


def _magnitude(array: Floats) -> float:
    return float(max(array.max(initial=0.0), -array.min(initial=0.0)))


def _sizes(check: GradientCheck, case: Case, values: Mapping[str, Value]) -> Sizes:
    return Sizes.of(values[check.value], case, check.cotangent)


def _reject_unsuitable(check: GradientCheck, case: Case, values: Mapping[str, Value]) -> None:
    """Raise BrokenSolution where the solution's values are no forward pass and its gradients."""

    def reject(problem: str, remedy: str) -> BrokenSolution:
        return BrokenSolution(problem, check=check.id, remedy=remedy)

    value = as_array(values[check.value])
    if value is None or value.dtype.kind not in "biuf":
        raise reject(f"`{check.value}` is not a real number or array", "correct `value`")
    if check.cotangent is None and value.size != 1:
        raise reject(
            f"`{check.value}` has the shape {value.shape}, and there is no `cotangent`",
            "name the upstream gradient in `cotangent`, or differentiate a scalar",
        )
    if check.cotangent is not None:
        cotangent = as_array(case.inputs[check.cotangent])
        if cotangent is None or cotangent.shape != value.shape:
            raise reject(
                f"`{check.cotangent}` does not have the shape {value.shape} of `{check.value}`",
                "correct the input, or `cotangent`",
            )
    for block, name in check.gradient.items():
        gradient, x = as_array(values[name]), as_array(case.inputs[block])
        if x is None or x.dtype.kind not in "iuf":
            raise reject(f"the input `{block}` is not numeric", "correct `gradient`")
        if gradient is None or gradient.dtype.kind not in "biuf" or gradient.shape != x.shape:
            raise reject(
                f"`{name}` does not have the shape {x.shape} of `{block}`",
                "correct solution.py, or `gradient`",
            )
        if not np.isfinite(gradient.astype(np.float64)).all():
            raise reject(f"`{name}` is not finite", "choose smaller inputs or another `scales`")
