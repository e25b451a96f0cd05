"""A student's gradient that differs from the solution's: wrong, another subgradient, or noise.

At a kink a program is free to choose, and about zero two right programs differ in their rounding.
So numeric derivatives of the solution are taken along the entries that differ most, and nothing
counts as wrong unless it is wrong at a point moved off the given one too.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

import numpy as np

from grader.calls import Evaluation, Raised, Returned, Value
from grader.checks.ask import Answer, Ask, Interrupted, Side
from grader.checks.compare import SINGLE, SINGLE_RTOL, Precision, as_array, compare
from grader.checks.probes import (
    Floats,
    Sizes,
    as_floats,
    derivatives_along,
    gaussian_lines,
    ladder_along,
    unravel,
)
from grader.checks.reference_point import (
    CONCLUSIVE,
    N_ATTEMPTS,
    TRUST,
    Measured,
    ReferencePoint,
    contradicts,
    move,
    returned_names,
    target_lines,
)
from grader.spec import CompareRule, GradientCheck

_N_DISPUTED = 8
"""Entries, among those that differ most, along which derivatives are taken."""


class Finding(Enum):
    """What is known about one gradient, or one case."""

    RIGHT = auto()
    WRONG = auto()
    UNDECIDED = auto()


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a dispute ended, and where."""

    finding: Finding
    name: str = ""
    """The value that decided it."""
    wrong: tuple[str, ...] = ()
    """Every gradient that disagreed where it ended."""
    notes: tuple[str, ...] = ()
    raised: Raised | None = None
    point: ReferencePoint | None = None
    values: Mapping[str, Value] | None = None
    """The student's values at that point."""
    is_own_gradient: bool = False
    """Whether the student's gradient is that of the student's own forward pass."""


def settle(
    check: GradientCheck,
    rules: Mapping[str, CompareRule],
    point: ReferencePoint,
    values: Mapping[str, Value],
    disputed: Sequence[str],
    precision: Precision,
) -> Generator[Ask, Answer, Settlement]:
    """Find out whether gradients that differ from the solution's are wrong.

    The given point may lie on a kink, so the question is put again at points moved off it. Where
    they agree there, the given one must still be a slope that a kink allows.

    Parameters
    ----------
    check : GradientCheck
    rules : mapping
        Tolerance of each gradient.
    point : ReferencePoint
        Where they differ.
    values : mapping
        The student's values there.
    disputed : sequence of str
        The gradients that differ there.
    precision : Precision
        What the student works in.
    """
    for attempt in range(1, N_ATTEMPTS + 1):
        here = yield from move(check, point.case, attempt)
        answer = yield from _ask_student(check, here)
        if isinstance(answer, Raised):
            return Settlement(Finding.WRONG, disputed[0], raised=answer)
        findings = {}
        for name in _differing(rules, here, answer.values, precision):
            findings[name] = yield from _weigh(
                check, rules[name], here, answer.values, name, precision
            )
        if all(finding is Finding.RIGHT for finding in findings.values()):
            for name in disputed:
                if name not in findings and not (
                    yield from _is_between_slopes(check, rules[name], point, values, name)
                ):
                    return Settlement(Finding.WRONG, name, (name,), point=point, values=values)
            return Settlement(Finding.RIGHT, notes=() if findings else ("kink",))
        wrong = tuple(n for n in disputed if findings.get(n) is Finding.WRONG)
        if wrong:
            return Settlement(Finding.WRONG, wrong[0], wrong, point=here, values=answer.values)
    return Settlement(Finding.UNDECIDED, disputed[0])


def is_own_gradient(
    check: GradientCheck, settlement: Settlement, precision: Precision
) -> Generator[Ask, Answer, bool]:
    """Whether the wrong gradients are those of the student's own forward pass, as it is."""
    point, values = settlement.point, settlement.values
    if point is None or values is None or as_array(values[check.value]) is None:
        return False
    case = point.case
    blocks = {b: n for b, n in check.gradient.items() if n in settlement.wrong}
    rng = np.random.default_rng([case.seed & 0xFFFF_FFFF, 104729])
    lines = gaussian_lines(blocks, case, 2, rng)
    ladder = ladder_along(lines, case, check.forward, check.value, check.cotangent)
    try:
        (answer,) = yield Ask(Side.STUDENT, (ladder,))
    except Interrupted:
        # that it is wrong is known; only how it is told would have depended on this
        return False
    if isinstance(answer, Raised):
        return False
    try:
        sizes = Sizes.of(values[check.value], case, check.cotangent)
        derivatives = derivatives_along(lines, answer, sizes)
    except (TypeError, ValueError):
        # the box may claim anything; then there is nothing to say of the student's own derivative
        return False
    for line, derivative in zip(lines, derivatives, strict=True):
        gradient = _shaped(values[line.gradient], point.gradient(line.gradient))
        scale = float(np.abs(gradient).max(initial=0.0))
        uncertainty = TRUST * derivative.error
        if contradicts(line, derivative, gradient, precision.rtol * scale):
            return False
        if derivative.is_kink or not uncertainty <= CONCLUSIVE * max(scale, 1e-300):
            is_flat = derivative.value == 0 and scale == 0
            if not is_flat:
                return False
    return True


def _ask_student(
    check: GradientCheck, point: ReferencePoint
) -> Generator[Ask, Answer, Returned | Raised]:
    code = "\n".join(part for part in (check.forward, check.backward) if part)
    case = point.case
    evaluation = Evaluation(code, case.inputs, returned_names(check), seed=case.seed)
    (answer,) = yield Ask(Side.STUDENT, (evaluation,))
    return answer


def _differing(
    rules: Mapping[str, CompareRule],
    point: ReferencePoint,
    values: Mapping[str, Value],
    precision: Precision,
) -> tuple[str, ...]:
    return tuple(
        name
        for name in point.blocks
        if not compare(
            name,
            values[name],
            point.values[name],
            rules[name],
            precision=precision,
            floor=point.floor(name, precision),
        ).is_equal
    )


def _weigh(
    check: GradientCheck,
    rule: CompareRule,
    point: ReferencePoint,
    values: Mapping[str, Value],
    name: str,
    precision: Precision,
) -> Generator[Ask, Answer, Finding]:
    """Let numeric derivatives of the solution decide about one gradient at one point."""
    right = point.gradient(name)
    theirs = _shaped(values[name], right)
    if theirs.shape != right.shape or not np.isfinite(theirs).all():
        return Finding.WRONG
    difference = np.abs(theirs - right)
    scale = float(np.abs(right).max(initial=0.0))
    rtol = precision.rtol if rule.rtol is None else rule.rtol
    tolerance = rtol * scale + rule.atol + point.floor(name, precision)
    if float(difference.max(initial=0.0)) <= tolerance:
        return Finding.RIGHT
    if any(contradicts(line, d, theirs, tolerance) for line, d in point.lines_of(name)):
        return Finding.WRONG
    worst = np.argsort(difference, axis=None)[::-1][:_N_DISPUTED]
    entries = [unravel(int(i), right.shape) for i in worst if difference.flat[i] > tolerance]
    measured = yield from target_lines(check, point, name, entries)
    if any(contradicts(line, d, theirs, tolerance) for line, d in measured):
        return Finding.WRONG
    if _is_vouched_for(measured, difference):
        return Finding.RIGHT
    if any(d.is_kink for _, d in measured) or not point.is_conclusive(name):
        return Finding.UNDECIDED
    # The derivatives are too coarse for so small a difference, but they vouch for the solution.
    return Finding.WRONG


def _is_between_slopes(
    check: GradientCheck,
    rule: CompareRule,
    point: ReferencePoint,
    values: Mapping[str, Value],
    name: str,
) -> Generator[Ask, Answer, bool]:
    """Whether a gradient at a kink lies about between the slopes on its two sides.

    Kinks may combine, and a chain of free choices need not end up between the slopes of the
    whole: so the interval takes in the solution's own choice, and is widened by its length.
    """
    right = point.gradient(name)
    theirs = _shaped(values[name], right)
    if theirs.shape != right.shape:
        return False
    difference = np.abs(theirs - right)
    scale = float(np.abs(right).max(initial=0.0))
    slack = (rule.rtol or SINGLE_RTOL) * scale + rule.atol + point.floor(name, SINGLE)
    worst = np.argsort(difference, axis=None)[::-1][:_N_DISPUTED]
    entries = [unravel(int(i), right.shape) for i in worst if difference.flat[i] > slack]
    if not entries:
        return True
    measured = yield from target_lines(check, point, name, entries)
    for line, derivative in measured:
        slopes = (derivative.left, derivative.right, line.along(right))
        low, high = min(slopes), max(slopes)
        reach = slack + (high - low if derivative.is_kink else min(TRUST * derivative.error, scale))
        # comparisons with a slope that is not known are false
        if line.along(theirs) < low - reach or line.along(theirs) > high + reach:
            return False
    return True


def _is_vouched_for(measured: Measured, difference: Floats) -> bool:
    """Whether derivatives that contradict nothing could have told the two gradients apart."""
    return bool(measured) and all(
        not d.is_kink and TRUST * d.error <= 0.25 * float(difference[line.index or ()])
        for line, d in measured
    )


def _shaped(value: Value, like: Floats) -> Floats:
    """Return a student's gradient in the shape asked for, where it has that many entries."""
    array = as_array(value)
    if array is None or array.dtype.kind not in "biuf":
        return np.full(like.shape, np.nan)
    floats = as_floats(array)
    return floats.reshape(like.shape) if floats.size == like.size else floats
