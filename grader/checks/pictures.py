"""Pictures of what is wrong: a student's values and how far off they are, entry by entry."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from grader.calls import Array, Value
from grader.checks.compare import Comparison, as_array
from grader.picture import MOST_CELLS, MOST_DECADES, NOT_FINITE, Numbers, Picture

MOST_PICTURES = 3
_MOST_AXES = 4

Floats = NDArray[np.float64]


def draw_pictures(
    case: str,
    student: Mapping[str, Value],
    right: Mapping[str, Value],
    wrong: Mapping[str, Comparison],
) -> tuple[Picture, ...]:
    """Return pictures of the wrong values of a case, the worst first.

    Parameters
    ----------
    case : str
        What is special about the inputs.
    student, right : mappings
        What was returned and what is right, by name.
    wrong : mapping
        What comparing gave, for the values that differ.

    Returns
    -------
    tuple of Picture
        At most three. Of a value with another shape, a single number, text or complex numbers
        there is none.
    """
    worst_first = sorted(wrong, key=lambda name: -wrong[name].relative_error)
    drawn = (_draw(case, name, student[name], right[name], wrong[name]) for name in worst_first)
    return tuple(picture for picture in drawn if picture is not None)[:MOST_PICTURES]


def _draw(
    case: str, name: str, student: Value, right: Value, comparison: Comparison
) -> Picture | None:
    pair = _numbers(student, right)
    if pair is None or comparison.worst is None:
        return None
    with np.errstate(all="ignore"):
        given, expected = (array.astype(np.float64) for array in pair)
    distance = _distance(given, expected, pair[0] == pair[1])
    # A tolerance draws a line through the distances, so the wrong entries are the farthest ones.
    n_wrong = min(comparison.n_wrong, expected.size)
    farthest = np.argpartition(-distance, n_wrong - 1, axis=None)[:n_wrong]
    is_wrong = np.zeros(expected.size, dtype=bool)
    is_wrong[farthest] = True
    n_row_axes = _split(expected.shape)
    n_rows = int(np.prod(expected.shape[:n_row_axes], dtype=int))
    block, chosen = _choose_cells(np.where(is_wrong, distance.ravel(), -1.0).reshape(n_rows, -1))
    decades = np.where(is_wrong, _decades(given, expected, distance).ravel(), MOST_DECADES + 1)
    return Picture(
        name=name,
        case=case,
        shape=expected.shape,
        n_row_axes=n_row_axes,
        block=block,
        n_wrong=comparison.n_wrong,
        worst=comparison.worst,
        student=_round(given.ravel()[chosen]),
        decades=tuple(
            tuple(None if one > MOST_DECADES else int(one) for one in row)
            for row in decades[chosen]
        ),
        reference=_round(expected.ravel()[chosen]),
    )


def _numbers(student: Value, right: Value) -> tuple[Array, Array] | None:
    """Return both as arrays of the right one's shape; None where there is nothing to look at."""
    given, expected = as_array(student), as_array(right)
    if given is None or expected is None or given.size != expected.size:
        return None
    if not 1 <= expected.ndim <= _MOST_AXES or expected.size < 2:
        return None
    if "c" in (given.dtype.kind, expected.dtype.kind):
        return None
    return given.reshape(expected.shape), expected


def _distance(given: Floats, expected: Floats, is_same: NDArray[np.bool_]) -> Floats:
    """Return abs(s - r): 0 where both are the same NaN or infinity, infinite where one is."""
    with np.errstate(all="ignore"):
        distance = np.abs(given - expected)
    # neighbours among integers of 64 bits are one float
    distance = np.where(is_same, 0.0, np.maximum(distance, np.finfo(np.float64).tiny))
    is_nan = np.isnan(given) & np.isnan(expected)
    return np.where(is_nan, 0.0, np.where(np.isfinite(distance), distance, np.inf))


def _decades(given: Floats, expected: Floats, distance: Floats) -> NDArray[np.int64]:
    magnitudes = np.abs(expected[np.isfinite(expected)])
    scale = magnitudes.max(initial=0.0)
    with np.errstate(all="ignore"):
        # of a value that is zero throughout, any distance is more than all of it
        exponents = -np.floor(np.log10(distance / scale))
    exponents = np.nan_to_num(exponents, nan=0.0, posinf=MOST_DECADES, neginf=0.0)
    decades = np.clip(exponents, 0, MOST_DECADES).astype(np.int64)
    is_finite = np.isfinite(given) & np.isfinite(expected)
    return np.where(is_finite, decades, NOT_FINITE)


def _split(shape: tuple[int, ...]) -> int:
    """Return how many axes run down, so that the matrix is as nearly square as it can be."""
    if len(shape) == 1:
        return 0

    def elongation(n_axes: int) -> float:
        down, across = np.prod(shape[:n_axes]), np.prod(shape[n_axes:])
        return float(max(down / across, across / down))

    return min(range(1, len(shape)), key=elongation)


def _choose_cells(badness: Floats) -> tuple[tuple[int, int], NDArray[np.int64]]:
    """Return the size of a block, and the flat index of the worst entry of each."""
    n_rows, n_columns = badness.shape
    down, across = -(-n_rows // MOST_CELLS), -(-n_columns // MOST_CELLS)
    height, width = -(-n_rows // down), -(-n_columns // across)
    padded = np.full((height * down, width * across), -np.inf)
    padded[:n_rows, :n_columns] = badness
    blocks = padded.reshape(height, down, width, across).swapaxes(1, 2)
    within = blocks.reshape(height, width, -1).argmax(axis=-1)
    rows = np.arange(height)[:, None] * down + within // across
    columns = np.arange(width)[None, :] * across + within % across
    return (down, across), rows * n_columns + columns


def _round(values: Floats) -> Numbers:
    return tuple(
        tuple(None if np.isnan(one) else float(f"{one:.3g}") for one in row) for row in values
    )
