"""Plots as the shapes and words of which a template makes SVG.

Nothing is said by colour alone: a band is a surface and lines differ in their dashes; a class has
a sign of its own, and points on the wrong side bear a ring.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass

from grader.plot import Boundary, Cells, Line, Plot, Region, Trace
from grader.plot_words import describe_region, describe_trace
from grader.web.pictures import Mark, Panel, ShownPicture

_WIDTH, _HEIGHT = 420, 220
_PLANE, _SMALL_PLANE = 300, 180
"""Sides of a plane that stands alone, and of one among many."""
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 10, 12, 28
_MOST_TICKS = 6
_LEAST_LOG = 1e-12
"""What is not positive has no logarithm, and is drawn as this."""
_SIGNS = ("●", "▲", "■", "✚", "◆", "★")
_PATHS = (
    "m-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z",
    "m0 -4l4 7h-8z",
    "m-3 -3h6v6h-6z",
    "m-1 -4h2v3h3v2h-3v3h-2v-3h-3v-2h3z",
    "m0 -4l4 4l-4 4l-4 -4z",
    "m0 -4l1.2 2.7l2.8 .3l-2.1 2l.6 3l-2.5 -1.5l-2.5 1.5l.6 -3l-2.1 -2l2.8 -.3z",
)
_RING = "m-7 0a7 7 0 1 0 14 0a7 7 0 1 0 -14 0z"


def show_plot(plot: Plot) -> ShownPicture:
    """Return how a plot is shown."""
    case = f", with {plot.case}" if plot.case else ""
    if isinstance(plot, Trace):
        dashes = "" if plot.reference is None else "; the dashes are its line on these numbers"
        return ShownPicture(
            f"{plot.name} by {plot.along}{case}",
            "The line is this submission's. Grey is where the solution's lie on other numbers of "
            f"the kind{dashes}.",
            (_draw_trace(plot),),
        )
    signs = ", ".join(f"{sign} {name}" for sign, name in zip(_SIGNS, plot.classes, strict=False))
    has_reference = plot.regions[0].reference is not None
    dashes = " Dashes: where the solution's class changes." if has_reference else ""
    return ShownPicture(
        f"What is told of each place of the plane{case}",
        f"Points by class: {signs}; a ring is around one on the wrong side. Lines are where the "
        f"told class changes.{dashes}",
        tuple(_draw_region(plot, region) for region in plot.regions),
    )


@dataclass(frozen=True, slots=True)
class _Axes:
    """A rectangle of the drawing and the numbers at its edges."""

    width: int
    height: int
    x: tuple[float, float]
    y: tuple[float, float]
    left: int = _LEFT
    bottom: int = _BOTTOM

    def across(self, number: float) -> float:
        low, high = self.x
        share = (number - low) / (high - low)
        return round(self.left + share * (self.width - self.left - _RIGHT), 1)

    def down(self, number: float) -> float:
        low, high = self.y
        share = (min(max(number, low), high) - low) / (high - low)
        return round(self.height - self.bottom - share * (self.height - _TOP - self.bottom), 1)

    def write_ticks(self, heights: dict[float, str], places: dict[float, str]) -> list[Mark]:
        """Return the numbers along the two axes, by where they stand."""
        marks = [
            Mark(text, str(self.left - 5), round(self.down(height)), "picture-beside")
            for height, text in heights.items()
        ]
        return marks + [
            Mark(text, f"{self.across(place):g}", self.height - self.bottom // 2, "picture-above")
            for place, text in places.items()
        ]


def _draw_trace(trace: Trace) -> Panel:
    lines = [trace.student, trace.low, trace.high, trace.reference or ()]
    heights = [_raise(one, trace) for line in lines for one in line if one is not None]
    low, high = min(heights, default=0.0), max(heights, default=1.0)
    # powers of ten, where there are two of them
    ticks = _choose_ticks(low, high, 1.0 if trace.is_log and high - low > 1 else 0.0)
    last = max((max(map(len, lines)) - 1) * trace.stride, 1)
    axes = _Axes(_WIDTH, _HEIGHT, (0, last), (ticks[0], ticks[-1]))

    def place(number: int, value: float) -> str:
        return f"{axes.across(number * trace.stride)} {axes.down(_raise(value, trace))}"

    def path(line: Line) -> str:
        return "".join(
            f"{'M' if i == 0 or line[i - 1] is None else 'L'}{place(i, one)}"
            for i, one in enumerate(line)
            if one is not None
        )

    there = [(i, one) for i, one in enumerate(trace.high) if one is not None]
    back = [(i, one) for i, one in enumerate(trace.low) if one is not None]
    band = "L".join(place(i, one) for i, one in (*there, *reversed(back)))
    grid = "".join(f"M{_LEFT} {axes.down(tick)}H{_WIDTH - _RIGHT}" for tick in ticks)
    shapes = [
        ("plot-grid", grid),
        ("plot-band", f"M{band}z" if band else ""),
        ("plot-reference", path(trace.reference or ())),
        ("plot-own", path(trace.student)),
    ]
    labels = {tick: _write_number(10**tick if trace.is_log else tick) for tick in ticks}
    steps = {float(step): f"{step}" for step in sorted({0, last // 2, last})}
    scale = ", logarithmic" if trace.is_log else ""
    return Panel(
        f"{trace.name} by {trace.along}{scale}",
        describe_trace(trace),
        _WIDTH,
        _HEIGHT,
        tuple(shapes),
        tuple(axes.write_ticks(labels, steps)),
    )


def _raise(value: float, trace: Trace) -> float:
    return math.log10(max(value, _LEAST_LOG)) if trace.is_log else value


def _choose_ticks(low: float, high: float, least_step: float) -> list[float]:
    """Return round numbers in equal steps, of which the first and the last enclose all."""
    span = high - low
    if span <= 1e-9 * max(abs(low), abs(high), 1e-300):
        low, high = low - max(abs(low), 1.0) / 2, high + max(abs(high), 1.0) / 2
        span = high - low
    step = 10.0 ** math.floor(math.log10(span / _MOST_TICKS))
    step *= next(one for one in (1, 2, 5, 10) if span / (step * one) <= _MOST_TICKS - 1)
    step = max(step, least_step)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [number * step for number in range(first, last + 1)]


def _write_number(number: float) -> str:
    return f"{number:.3g}".replace("e-0", "e-").replace("e+0", "e").replace("-", "\N{MINUS SIGN}")


def _draw_region(boundary: Boundary, region: Region) -> Panel:
    side = _PLANE if len(boundary.regions) == 1 else _SMALL_PLANE
    is_alone = len(boundary.regions) == 1
    left, bottom = (_LEFT, _BOTTOM) if is_alone else (6, 6)
    width, height = side + left + _RIGHT, side + _TOP + bottom
    axes = _Axes(width, height, boundary.x1, boundary.x2, left, bottom)
    grounds: dict[str, list[str]] = defaultdict(list)
    for row, line in enumerate(region.cells):
        for first, last, letter in _runs(line):
            grounds[letter].append(_rectangle(axes, boundary, region.cells, row, first, last))
    shapes = [
        (f"plot-class-{letter}" if letter.isdigit() else "plot-no-class", "".join(paths))
        for letter, paths in sorted(grounds.items())
    ]
    shapes.append(("plot-edge", _draw_edges(axes, boundary, region.cells)))
    if region.reference is not None:
        shapes.append(("plot-reference", _draw_edges(axes, boundary, region.reference)))
    signs: dict[int, list[str]] = defaultdict(list)
    rings = []
    for number, (x1, x2, label) in enumerate(boundary.points):
        place = f"M{axes.across(x1)} {axes.down(x2)}"
        signs[label].append(place + _PATHS[label])
        if number in region.wrong:
            rings.append(place + _RING)
    shapes += [("plot-point", "".join(paths)) for _, paths in sorted(signs.items())]
    shapes.append(("plot-ring", "".join(rings)))
    marks = []
    if is_alone:
        marks = axes.write_ticks(
            {end: _write_number(end) for end in boundary.x2},
            {end: _write_number(end) for end in boundary.x1},
        )
    title = region.title or "The plane"
    return Panel(
        f"{title}: {region.n_wrong} of {boundary.n_points} on the wrong side",
        describe_region(boundary, region),
        width,
        height,
        tuple(shapes),
        tuple(marks),
    )


def _runs(line: str) -> list[tuple[int, int, str]]:
    """Return the first place, the one after the last, and the letter of each run."""
    starts = [i for i in range(len(line)) if i == 0 or line[i] != line[i - 1]]
    return [
        (start, end, line[start])
        for start, end in zip(starts, [*starts[1:], len(line)], strict=True)
    ]


def _edge(number: float, n: int, ends: tuple[float, float]) -> float:
    """Return where the cell of that number begins: its middle is a place of the grid."""
    low, high = ends
    return min(max(low + (number - 0.5) / (n - 1) * (high - low), low), high)


def _rectangle(
    axes: _Axes, boundary: Boundary, cells: Cells, row: int, first: int, last: int
) -> str:
    n_rows, n_columns = len(cells), len(cells[0])
    left, right = (axes.across(_edge(one, n_columns, boundary.x1)) for one in (first, last))
    bottom, top = (axes.down(_edge(one, n_rows, boundary.x2)) for one in (row, row + 1))
    return f"M{left} {top}H{right}V{bottom}H{left}z"


def _draw_edges(axes: _Axes, boundary: Boundary, cells: Cells) -> str:
    """Return lines between neighbours of different classes."""
    n_rows, n_columns = len(cells), len(cells[0])
    across = [axes.across(_edge(i, n_columns, boundary.x1)) for i in range(n_columns + 1)]
    down = [axes.down(_edge(i, n_rows, boundary.x2)) for i in range(n_rows + 1)]
    parts = []
    for row in range(n_rows):
        for column in range(n_columns):
            letter = cells[row][column]
            if column + 1 < n_columns and cells[row][column + 1] != letter:
                parts.append(f"M{across[column + 1]} {down[row]}V{down[row + 1]}")
            if row + 1 < n_rows and cells[row + 1][column] != letter:
                parts.append(f"M{across[column]} {down[row + 1]}H{across[column + 1]}")
    return "".join(parts)
