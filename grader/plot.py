"""What a training run or a classifier did, as numbers few enough to draw.

Nothing in a plot is text of a student's: numbers, classes, and words of the author.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

MOST_STEPS = 120
"""So many points a line has; a longer one is thinned out."""
MOST_CELLS = 48
"""So many cells a region has across, and so many down."""
MOST_PANELS = 12
MOST_CLASSES = 6
MOST_POINTS = 300
NOT_A_CLASS = "!"
"""Stands where a score is NaN."""

Line: TypeAlias = tuple[float | None, ...]
"""Numbers with four significant digits; None is a NaN or an infinity."""
Cells: TypeAlias = tuple[str, ...]
"""A text for each row of a region, from the lowest up; a letter is the number of a class."""


@dataclass(frozen=True, slots=True)
class Trace:
    """A number at each step of a training run, beside those of the solution."""

    name: str
    case: str
    """What is special about the inputs; empty for the plain ones."""
    along: str
    """What is counted: `step`, `epoch`."""
    is_log: bool
    stride: int
    """A line has every so many-th step."""
    n_steps: int
    """How many the student's has."""
    student: Line
    low: Line
    """The least that the solution has at each step, over other draws of the inputs."""
    high: Line
    reference: Line | None = None
    """The solution's on the student's own numbers: for staff only."""

    def for_student(self) -> Trace:
        """Return what a student may see of it."""
        return replace(self, reference=None)


@dataclass(frozen=True, slots=True)
class Region:
    """The class of each place of a plane, as one classifier sees it."""

    title: str
    cells: Cells
    n_wrong: int
    """How many of all points lie where another class is told."""
    wrong: tuple[int, ...]
    """Which of the points that are drawn do."""
    reference: Cells | None = None
    """As the solution sees it: for staff only."""


@dataclass(frozen=True, slots=True)
class Boundary:
    """Classifiers of a plane: the points that they learned from, and what they tell of the rest."""

    case: str
    classes: tuple[str, ...]
    """Their names, by number."""
    x1: tuple[float, float]
    """The least and the largest of the first axis."""
    x2: tuple[float, float]
    n_points: int
    points: tuple[tuple[float, float, int], ...]
    """x1, x2 and class of those that are drawn."""
    regions: tuple[Region, ...]

    def for_student(self) -> Boundary:
        """Return what a student may see of it."""
        return replace(self, regions=tuple(replace(one, reference=None) for one in self.regions))


Plot: TypeAlias = Trace | Boundary


def write_plot(plot: Plot) -> dict[str, object]:
    """Return a plot as plain JSON."""
    if isinstance(plot, Trace):
        return _write_trace(plot)
    return {
        "kind": "boundary",
        "case": plot.case,
        "classes": list(plot.classes),
        "x1": list(plot.x1),
        "x2": list(plot.x2),
        "n_points": plot.n_points,
        "points": [list(point) for point in plot.points],
        "regions": [_write_region(region) for region in plot.regions],
    }


def read_plot(written: Mapping[str, Any]) -> Plot:
    """Return the plot that `write_plot` wrote.

    Raises
    ------
    KeyError, TypeError, ValueError
        Where it was written in another way.
    """
    if written["kind"] == "trace":
        trace = _read_trace(written)
        if not trace.student or not trace.high or len(trace.low) != len(trace.high):
            raise ValueError("a line of a trace is empty")
        return trace
    if written["kind"] != "boundary":
        raise ValueError(f"{written['kind']!r} is no kind of plot")
    boundary = Boundary(
        case=str(written["case"]),
        classes=tuple(map(str, written["classes"])),
        x1=_read_range(written["x1"]),
        x2=_read_range(written["x2"]),
        n_points=int(written["n_points"]),
        points=tuple((float(x1), float(x2), int(of)) for x1, x2, of in written["points"]),
        regions=tuple(_read_region(region) for region in written["regions"]),
    )
    for region in boundary.regions:
        planes = [region.cells] if region.reference is None else [region.cells, region.reference]
        if len({len(row) for plane in planes for row in plane if plane}) != 1:
            raise ValueError("the rows of a plane differ in length")
    if not all(0 <= of < len(boundary.classes) for _, _, of in boundary.points):
        raise ValueError("a point is of no class")
    return boundary


def _write_trace(trace: Trace) -> dict[str, object]:
    written: dict[str, object] = {
        "kind": "trace",
        "name": trace.name,
        "case": trace.case,
        "along": trace.along,
        "log": trace.is_log,
        "stride": trace.stride,
        "n_steps": trace.n_steps,
        "student": list(trace.student),
        "low": list(trace.low),
        "high": list(trace.high),
    }
    if trace.reference is not None:
        written["reference"] = list(trace.reference)
    return written


def _read_trace(written: Mapping[str, Any]) -> Trace:
    reference = written.get("reference")
    return Trace(
        name=str(written["name"]),
        case=str(written["case"]),
        along=str(written["along"]),
        is_log=bool(written["log"]),
        stride=int(written["stride"]),
        n_steps=int(written["n_steps"]),
        student=_read_line(written["student"]),
        low=_read_line(written["low"]),
        high=_read_line(written["high"]),
        reference=None if reference is None else _read_line(reference),
    )


def _write_region(region: Region) -> dict[str, object]:
    written: dict[str, object] = {
        "title": region.title,
        "cells": list(region.cells),
        "n_wrong": region.n_wrong,
        "wrong": list(region.wrong),
    }
    if region.reference is not None:
        written["reference"] = list(region.reference)
    return written


def _read_region(written: Mapping[str, Any]) -> Region:
    reference = written.get("reference")
    return Region(
        title=str(written["title"]),
        cells=tuple(map(str, written["cells"])),
        n_wrong=int(written["n_wrong"]),
        wrong=tuple(map(int, written["wrong"])),
        reference=None if reference is None else tuple(map(str, reference)),
    )


def _read_line(numbers: Sequence[Any]) -> Line:
    return tuple(None if one is None else float(one) for one in numbers)


def _read_range(ends: Sequence[Any]) -> tuple[float, float]:
    low, high = map(float, ends)
    return low, high
