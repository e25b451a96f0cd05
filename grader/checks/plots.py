"""Pictures of a training run and of a classifier: the student's beside what the solution does."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from grader.calls import Array, Evaluation, Returned, Value
from grader.checks.ask import Answer, Ask, Judging
from grader.checks.asking import ask_solution
from grader.checks.compare import as_array
from grader.checks.context import Context
from grader.checks.heard import Heard
from grader.errors import BrokenSolution
from grader.plot import (
    MOST_CELLS,
    MOST_CLASSES,
    MOST_PANELS,
    MOST_POINTS,
    MOST_STEPS,
    NOT_A_CLASS,
    Boundary,
    Cells,
    Line,
    Plot,
    Region,
    Trace,
)
from grader.report import Verdict
from grader.spec import BoundaryPlot, CheckSpec, TracePlot

N_DRAWS = 8
"""So often the solution is run on other numbers: its band is what lies between them."""
_SHOWN = (Verdict.PASSED, Verdict.WRONG_ANSWER, Verdict.WRONG_SHAPE)

Floats = NDArray[np.float64]
Classes = NDArray[np.int64]


def judge_with_plots(check: CheckSpec, context: Context, judging: Judging) -> Judging:
    """Judge, and draw what the check asks to be drawn of the values that came back.

    Parameters
    ----------
    check : CheckSpec
        `trace` and `boundary`: what is drawn. Of several cases it is the wrong one, else the
        first.
    context : Context
    judging : Judging
        Of the check.

    Yields
    ------
    Ask
        Those of the judging; then, for the band of a trace, to the solution on other numbers.

    Returns
    -------
    Judgement
        that of the judging, with plots. There are none of values that nobody can draw.

    Raises
    ------
    BrokenSolution
        Where not even the solution's values can be drawn.
    """
    if check.trace is None and check.boundary is None:
        return (yield from judging)
    heard = Heard()
    judgement = yield from heard.listen(judging)
    if judgement.verdict not in _SHOWN:
        return judgement
    labels = [case.label for case in context.cases(check)]
    case = str(judgement.measured.get("case", ""))
    place = labels.index(case) if case in labels else 0
    given, right = heard.answer[place], heard.solution_answer[place]
    if not isinstance(given, Returned) or not isinstance(right, Returned):
        return judgement
    plots: list[Plot | None] = []
    if check.trace is not None:
        asked = heard.asked_solution[place]
        band = yield from _draw_band(check, check.trace, context, asked, place)
        name = check.trace.value
        plots.append(
            _draw_trace(check, labels[place], given.values[name], right.values[name], band)
        )
    if check.boundary is not None:
        inputs = heard.asked[place].inputs
        plots.append(
            _draw_boundary(
                check, labels[place], {**inputs, **given.values}, {**inputs, **right.values}
            )
        )
    return replace(judgement, plots=tuple(plot for plot in plots if plot is not None))


def _draw_band(
    check: CheckSpec, trace: TracePlot, context: Context, asked: Evaluation, place: int
) -> Generator[Ask, Answer, list[Floats]]:
    """Return the solution's line on other draws of the inputs."""
    draws = [context.other_cases(check, number)[place] for number in range(N_DRAWS)]
    answers = yield from ask_solution(
        check,
        [Evaluation(asked.code, case.inputs, (trace.value,), seed=case.seed) for case in draws],
    )
    lines = [_line_of(one.values[trace.value]) for one in answers]
    if any(line is None for line in lines):
        raise _reject(check, trace.value, "two numbers or more in a row", "one number a step")
    return [line for line in lines if line is not None]


def _draw_trace(
    check: CheckSpec, case: str, given: Value, right: Value, band: Sequence[Floats]
) -> Trace | None:
    trace = check.trace
    assert trace is not None
    student, reference = _line_of(given), _line_of(right)
    if reference is None:
        raise _reject(check, trace.value, "two numbers or more in a row", "one number a step")
    if student is None:
        return None
    longest = max(map(len, band))
    padded = np.full((len(band), longest), np.nan)
    for row, line in zip(padded, band, strict=True):
        row[: len(line)] = line
    stride = -(-max(longest, len(student), len(reference)) // MOST_STEPS)
    # every step has a number in one of the lines, but it may be no number
    has_number = ~np.isnan(padded).all(axis=0)
    low, high = np.full(longest, np.nan), np.full(longest, np.nan)
    low[has_number] = np.nanmin(padded[:, has_number], axis=0)
    high[has_number] = np.nanmax(padded[:, has_number], axis=0)
    return Trace(
        name=trace.value,
        case=case,
        along=trace.along,
        is_log=trace.log,
        stride=stride,
        n_steps=len(student),
        student=_thin(student, stride),
        low=_thin(low, stride),
        high=_thin(high, stride),
        reference=_thin(reference, stride),
    )


def _line_of(value: Value) -> Floats | None:
    array = as_array(value)
    if array is None or array.ndim != 1 or len(array) < 2 or array.dtype.kind == "c":
        return None
    with np.errstate(all="ignore"):
        return array.astype(np.float64)


def _thin(line: Floats, stride: int) -> Line:
    return tuple(
        float(f"{one:.4g}") if np.isfinite(one) else None for one in line[::stride].tolist()
    )


def _draw_boundary(
    check: CheckSpec, case: str, given: Mapping[str, Value], right: Mapping[str, Value]
) -> Boundary | None:
    boundary = check.boundary
    assert boundary is not None
    grids = _grids_of(right[boundary.scores], boundary)
    points = _points_of(right, boundary)
    if grids is None or points is None:
        raise _reject(
            check,
            boundary.scores,
            "a grid of classes above labelled points",
            f"return (rows, columns) or ({len(boundary.panels) or 1}, rows, columns), and name "
            "points (n, 2) with n whole labels",
        )
    own = _grids_of(given[boundary.scores], boundary)
    if (
        own is None
        or own.shape != grids.shape
        or (own.dtype.kind == "f") != (grids.dtype.kind == "f")
    ):
        return None
    X, labels = points
    classes = _name_classes(grids, own, labels)
    if classes is None:
        return None
    names, regions, references, of_points = classes
    step = -(-len(X) // MOST_POINTS)
    x1, x2 = (_ends_of(ends) for ends in (boundary.x1, boundary.x2))
    return Boundary(
        case=case,
        classes=names,
        x1=x1,
        x2=x2,
        n_points=len(X),
        points=tuple(
            (float(f"{a:.4g}"), float(f"{b:.4g}"), int(label))
            for (a, b), label in zip(X[::step].tolist(), of_points[::step], strict=True)
        ),
        regions=tuple(
            _draw_region(title, region, reference, X, of_points, x1, x2, step)
            for title, region, reference in zip(
                boundary.panels or ("",), regions, references, strict=True
            )
        ),
    )


def _draw_region(
    title: str,
    region: Classes,
    reference: Classes,
    X: Floats,
    labels: Classes,
    x1: tuple[float, float],
    x2: tuple[float, float],
    step: int,
) -> Region:
    n_rows, n_columns = region.shape
    columns = _nearest(X[:, 0], x1, n_columns)
    rows = _nearest(X[:, 1], x2, n_rows)
    is_wrong = region[rows, columns] != labels
    every = max(-(-max(n_rows, n_columns) // MOST_CELLS), 1)
    return Region(
        title=title,
        cells=_write_cells(region[::every, ::every]),
        n_wrong=int(is_wrong.sum()),
        wrong=tuple(np.flatnonzero(is_wrong[::step]).tolist()),
        reference=_write_cells(reference[::every, ::every]),
    )


def _nearest(x: Floats, ends: tuple[float, float], n: int) -> Classes:
    """Return the place of the grid that is nearest to each number."""
    low, high = ends
    return np.clip(np.rint((x - low) / (high - low) * (n - 1)), 0, n - 1).astype(np.int64)


def _grids_of(value: Value, boundary: BoundaryPlot) -> Array | None:
    """Return (panels, rows, columns) of real numbers or of integers."""
    array = as_array(value)
    n_panels = len(boundary.panels) or 1
    if array is not None and array.ndim == 2:
        array = array[None]
    if array is None or array.ndim != 3 or array.dtype.kind == "c":
        return None
    if len(array) != n_panels or n_panels > MOST_PANELS or min(array.shape[1:]) < 2:
        return None
    return array.astype(np.float64 if array.dtype.kind == "f" else np.int64)


def _points_of(values: Mapping[str, Value], boundary: BoundaryPlot) -> tuple[Floats, Array] | None:
    X, labels = as_array(values[boundary.points]), as_array(values[boundary.labels])
    if X is None or labels is None or X.ndim != 2 or X.shape[1] != 2 or X.dtype.kind == "c":
        return None
    if labels.shape != X.shape[:1] or labels.dtype.kind == "c" or not len(X):
        return None
    if not np.isfinite(X).all() or not np.isfinite(labels).all():
        return None
    return X.astype(np.float64), labels


def _name_classes(
    grids: Array, own: Array, labels: Array
) -> tuple[tuple[str, ...], Classes, Classes, Classes] | None:
    """Return names of classes, the student's and the solution's grids by number, the labels'."""
    if grids.dtype.kind == "f":
        regions, references = _signs_of(own), _signs_of(grids)
        is_above = np.asarray(labels, dtype=np.float64) > 0
        return ("below 0", "0 or more"), regions, references, is_above.astype(np.int64)
    whole = np.asarray(labels, dtype=np.int64)
    known = np.union1d(np.unique(grids), np.unique(whole))
    if len(known) > MOST_CLASSES:
        return None
    # a class that nobody has is none
    place = np.searchsorted(known, own)
    is_known = known[np.minimum(place, len(known) - 1)] == own
    regions = np.where(is_known, place, -1)
    names = tuple(str(one) for one in known.tolist())
    return names, regions, np.searchsorted(known, grids), np.searchsorted(known, whole)


def _signs_of(scores: Array) -> Classes:
    numbers = np.asarray(scores, dtype=np.float64)
    return np.where(np.isnan(numbers), -1, numbers >= 0).astype(np.int64)


def _write_cells(region: Classes) -> Cells:
    return tuple("".join(_letters(row)) for row in region.tolist())


def _letters(row: Sequence[int]) -> Iterator[str]:
    return (NOT_A_CLASS if one < 0 else str(one) for one in row)


def _ends_of(ends: Sequence[float]) -> tuple[float, float]:
    low, high = ends
    return low, high


def _reject(check: CheckSpec, name: str, wanted: str, remedy: str) -> BrokenSolution:
    return BrokenSolution(
        f"`{name}` cannot be drawn: the picture is of {wanted}", check=check.id, remedy=remedy
    )
