"""Whether a student's value is the solution's: shape, kind, NaN and inf, tolerance.

Messages name the place, the student's own value and the relative error; never the right value.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from grader.calls import Array, Opaque, Value
from grader.report import Verdict
from grader.spec import CompareRule

DOUBLE_RTOL = 1e-6
SINGLE_RTOL = 1e-4
SINGLE_EPS = float(np.finfo(np.float32).eps)
DOUBLE_EPS = float(np.finfo(np.float64).eps)
_INTEGER_SLACK = 1e-3
"""How far a float may lie from the integer asked for; two integers differ by 1 at least."""

Index = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Precision:
    """The arithmetic that a student worked in."""

    eps: float = DOUBLE_EPS
    rtol: float = DOUBLE_RTOL

    @property
    def is_single(self) -> bool:
        """Whether it is coarser than double precision."""
        return self.eps > DOUBLE_EPS


DOUBLE = Precision()
SINGLE = Precision(SINGLE_EPS, SINGLE_RTOL)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What comparing one value with the solution's gave."""

    verdict: Verdict
    message: str = ""
    notes: tuple[str, ...] = ()
    worst: Index | None = None
    """Index of the entry that is furthest off, in the solution's shape."""
    relative_error: float = 0.0
    """Largest abs(student - solution) over the largest abs(solution) of the array."""
    absolute_error: float = 0.0
    n_wrong: int = 0
    student_shape: Index = ()
    expected_shape: Index = ()

    @property
    def is_equal(self) -> bool:
        """Whether the value counts as the solution's."""
        return self.verdict is Verdict.PASSED

    @property
    def is_structural(self) -> bool:
        """Whether it is wrong whatever the tolerance: in shape, in kind, or by a NaN."""
        return not self.is_equal and not (self.n_wrong and np.isfinite(self.absolute_error))


def as_array(value: Value) -> Array | None:
    """Return a number, an array, or nested lists of them as one array; None for anything else."""
    if isinstance(value, np.ndarray | np.generic):
        array = np.asarray(value)
        return array if array.dtype.kind in "biufc" else None
    if isinstance(value, bool | int | float | complex):
        array = np.asarray(value)
        # an integer beyond 64 bits makes an array of objects
        return array if array.dtype.kind in "biufc" else np.asarray(float(value.real))
    if isinstance(value, list):
        try:
            array = np.array(value)
        except (ValueError, TypeError, OverflowError):
            return None
        return array if array.dtype.kind in "biufc" else None
    return None


def precision_of(values: Iterable[Value]) -> Precision:
    """Return the precision that a student worked in, as seen from his returned values.

    It is single where an array is of a smaller float type than double, or where all floats were
    cast back but carry no more digits than single precision has.
    """
    has_digits = False
    is_rounded = True
    for value in values:
        array = as_array(value)
        if array is None or array.dtype.kind != "f":
            continue
        if array.dtype.itemsize < 8:
            return SINGLE
        with np.errstate(all="ignore"):
            finite = array[np.isfinite(array)].astype(np.float64)
            is_rounded &= bool(np.all(finite.astype(np.float32) == finite))
            mantissas = np.frexp(finite)[0] * 2**16
        # 0.5, 3 or 1/1024 are exact in any precision and tell nothing
        has_digits |= bool(np.any(mantissas != np.round(mantissas)))
    return SINGLE if is_rounded and has_digits else DOUBLE


def compare(
    name: str,
    student: Value,
    solution: Value,
    rule: CompareRule,
    *,
    precision: Precision = DOUBLE,
    floor: float = 0.0,
) -> Comparison:
    """Compare one returned value with the solution's.

    Parameters
    ----------
    name : str
        What the author calls the value; messages begin with it.
    student, solution : Value
        Numbers, arrays, nested lists of numbers, text, booleans, None, or lists of these.
    rule : CompareRule
        rtol (None: the precision's own), atol, and whether shapes are strict.
    precision : Precision
        What the student worked in.
    floor : float
        Rounding noise that the scale of the case explains; it counts only where the solution is
        exactly zero throughout, because then there is nothing to be relative to.

    Returns
    -------
    Comparison
        Equal iff abs(s - r) <= rtol * max(abs(r)) + atol in every entry, the maximum over the
        finite entries of r; NaN and infinities must stand where the solution has them; integers
        and booleans must be exact.
    """
    if isinstance(student, Opaque):
        return _wrong(f"{name} is a {student.type_name}; {_asked_for(solution)} is asked for.")
    if solution is None or isinstance(solution, str):
        return _compare_plain(name, student, solution)
    expected = as_array(solution)
    if expected is None:
        assert isinstance(solution, list)
        return _compare_lists(name, student, solution, rule, precision, floor)
    given = as_array(student)
    if given is None:
        return _wrong(f"{name} is {_kind(student)}; {_asked_for(solution)} is asked for.")
    return _compare_arrays(name, given, expected, rule, precision, floor)


def _compare_plain(name: str, student: Value, solution: str | None) -> Comparison:
    is_equal = student is None if solution is None else student == solution
    if isinstance(student, str) and isinstance(solution, str):
        return Comparison(Verdict.PASSED) if is_equal else _wrong(f"{name} is another text.")
    if isinstance(student, np.ndarray | list) or not is_equal:
        return _wrong(f"{name} is {_kind(student)}; {_asked_for(solution)} is asked for.")
    return Comparison(Verdict.PASSED)


def _compare_lists(
    name: str,
    student: Value,
    solution: list[Value],
    rule: CompareRule,
    precision: Precision,
    floor: float,
) -> Comparison:
    """Compare item by item; the first wrong item speaks for the list."""
    if isinstance(student, np.ndarray) and student.ndim:
        student = list(student)
    if not isinstance(student, list):
        return _wrong(f"{name} is {_kind(student)}; a list is asked for.")
    if len(student) != len(solution):
        return Comparison(
            Verdict.WRONG_SHAPE,
            f"{name} has {len(student)} items; {len(solution)} are asked for.",
            student_shape=(len(student),),
            expected_shape=(len(solution),),
        )
    notes: dict[str, None] = {}
    largest = 0.0
    for i, (item, wanted) in enumerate(zip(student, solution, strict=True)):
        result = compare(f"{name}[{i}]", item, wanted, rule, precision=precision, floor=floor)
        if not result.is_equal:
            return result
        notes.update(dict.fromkeys(result.notes))
        largest = max(largest, result.relative_error)
    return Comparison(Verdict.PASSED, notes=tuple(notes), relative_error=largest)


def _compare_arrays(
    name: str,
    given: Array,
    expected: Array,
    rule: CompareRule,
    precision: Precision,
    floor: float,
) -> Comparison:
    notes: list[str] = []
    if given.shape != expected.shape:
        is_harmless = rule.shape == "note" and (
            _adds_leading_axes(given.shape, expected.shape)
            or _adds_leading_axes(expected.shape, given.shape)
        )
        if not is_harmless:
            return Comparison(
                Verdict.WRONG_SHAPE,
                f"{name} has shape {given.shape}; {expected.shape} is asked for.",
                student_shape=given.shape,
                expected_shape=expected.shape,
            )
        notes.append("shape")
    if given.dtype.kind == "c" and expected.dtype.kind != "c":
        return _wrong(f"{name} is complex; real numbers are asked for.")
    if ("b" in (given.dtype.kind, expected.dtype.kind)) and given.dtype.kind != expected.dtype.kind:
        notes.append("dtype")
    result = _compare_entries(name, given.reshape(expected.shape), expected, rule, precision, floor)
    return replace(
        result, notes=tuple(notes), student_shape=given.shape, expected_shape=expected.shape
    )


def _adds_leading_axes(longer: Index, shorter: Index) -> bool:
    """Whether `longer` is `shorter` with axes of length 1 before it.

    Such arrays broadcast alike; (D, 1) in the place of (D,) does not, and spoils what follows.
    """
    extra = len(longer) - len(shorter)
    return extra > 0 and longer == (1,) * extra + shorter


def _compare_entries(
    name: str,
    given: Array,
    expected: Array,
    rule: CompareRule,
    precision: Precision,
    floor: float,
) -> Comparison:
    is_integer = expected.dtype.kind in "biu"
    if is_integer and given.dtype.kind in "biu" and not rule.atol:
        # exact in 64 bits, where floats would merge neighbours
        wrong = np.asarray(given != expected)
        error = np.abs(_as_float(given) - _as_float(expected))
        return _conclude(
            name, given, wrong, error, _scale(_as_float(expected)), is_discrete=is_integer
        )
    s, r = _as_float(given), _as_float(expected)
    scale = _scale(r)
    rtol = precision.rtol if rule.rtol is None else rule.rtol
    allowed = min(rtol * scale, _INTEGER_SLACK) if is_integer else rtol * scale
    tolerance = rule.atol + (allowed if scale > 0 else floor)
    with np.errstate(all="ignore"):
        error = np.abs(s - r)
        is_same_special = (np.isnan(s) & np.isnan(r)) | (s == r)
        # a NaN compares false, so it is wrong wherever it does not meet a NaN
        is_close = np.isfinite(s) & np.isfinite(r) & (error <= tolerance)
    is_wrong = ~(is_same_special | is_close)
    return _conclude(name, given, is_wrong, error, scale, is_discrete=is_integer)


def _as_float(array: Array) -> NDArray[np.inexact]:
    return array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)


def _scale(expected: NDArray[np.inexact]) -> float:
    """Largest magnitude among the finite entries; 0 where there is none."""
    magnitudes = np.abs(expected[np.isfinite(expected)])
    return float(magnitudes.max()) if magnitudes.size else 0.0


def _conclude(
    name: str,
    given: Array,
    wrong: Array,
    error: NDArray[np.floating],
    scale: float,
    *,
    is_discrete: bool,
) -> Comparison:
    """Find the worst entry and say where it is."""
    ranked = np.where(np.isfinite(error), error, np.where(wrong, np.inf, 0.0))
    n_wrong = int(np.count_nonzero(wrong))
    largest = float(ranked.max()) if ranked.size else 0.0
    relative = largest / scale if scale > 0 else (np.inf if largest > 0 else 0.0)
    if not n_wrong:
        return Comparison(Verdict.PASSED, relative_error=relative, absolute_error=largest)
    flat = int(np.argmax(np.where(wrong, ranked, -1.0)))
    worst = tuple(int(i) for i in np.unravel_index(flat, wrong.shape))
    place = f"{name}[{', '.join(map(str, worst))}]" if worst else name
    value = given[worst].item()
    if not np.isfinite(relative):
        message = f"{place} is {value!r}, which it should not be"
    elif is_discrete:
        message = f"{place} is {value!r}, which is wrong"
    else:
        whole = "largest right value" if worst else "right value"
        message = f"{place} is {value!r}, off by {_share(relative)} the {whole}"
    count = f"; {n_wrong} of {wrong.size} entries are wrong." if wrong.size > 1 else "."
    return Comparison(
        Verdict.WRONG_ANSWER,
        message + count,
        worst=worst,
        relative_error=relative,
        absolute_error=largest,
        n_wrong=n_wrong,
    )


def _share(relative: float) -> str:
    """Say a relative error as a share or a multiple of what follows: 2.5 % of, 7 times."""
    if relative >= 2:
        return f"{relative:.2g} times"
    if relative >= 0.1:
        return f"{100 * relative:.0f} % of"
    if relative >= 1e-5:
        return f"{100 * relative:.2g} % of"
    return f"{relative:.1e} of"


def _wrong(message: str) -> Comparison:
    return Comparison(Verdict.WRONG_ANSWER, message)


def _kind(value: Value) -> str:
    if isinstance(value, Opaque):
        return f"a {value.type_name}"
    if value is None:
        return "None"
    if isinstance(value, str):
        return "text"
    array = as_array(value)
    if array is None:
        return "a list"
    return "an array" if array.ndim else "a number"


def _asked_for(solution: Value) -> str:
    return _kind(solution)
