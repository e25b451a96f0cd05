"""Curves on linear axes, as SVG that stands alone and is white in a dark page, too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 330, 240
LEFT, RIGHT, TOP, BOTTOM = 40, 12, 26, 24
STYLE = (
    "text{font:12px sans-serif;fill:#1b2026}.small{font-size:11px;fill:#525b66}"
    ".grid{fill:none;stroke:#d4d9df}.axis{fill:none;stroke:#8b95a1}"
    ".curve{fill:none;stroke-width:2px}"
)
STROKES = (("#0b5a8f", ""), ("#9c161c", "6 4"), ("#2b6b2f", "2 3"))
"""Colour and dashes: no curve is told by its colour alone."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A line through points, in pieces where it jumps, and its name at a place of the panel.

    A point outside of the panel ends the piece: what is infinite is not drawn.
    """

    name: str
    x: NDArray[np.floating[Any]]
    y: NDArray[np.floating[Any]]
    name_at: tuple[float, float]
    stroke: int = 0


@dataclass(frozen=True, slots=True)
class Panel:
    """Curves above one pair of axes; ticks are drawn as a grid, the first and last are the ends."""

    heading: str
    x_ticks: Sequence[float]
    y_ticks: Sequence[float]
    curves: Sequence[Curve]


def draw_panels(title: str, description: str, panels: Sequence[Panel], columns: int) -> str:
    """Return a picture of panels, row by row."""
    rows = -(-len(panels) // columns)
    parts = [
        f'<g transform="translate({place % columns * WIDTH} {place // columns * HEIGHT})">'
        f"{_draw_panel(panel)}</g>"
        for place, panel in enumerate(panels)
    ]
    return picture(title, description, columns * WIDTH, rows * HEIGHT, "".join(parts))


def picture(
    title: str, description: str, width: int, height: int, drawn: str, *, style: str = STYLE
) -> str:
    """Return a picture on a white ground with the words that a screen reader says."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}"><title>{escape(title)}</title>'
        f"<desc>{escape(description)}</desc><style>{style}</style>"
        f'<rect width="{width}" height="{height}" fill="#fff"/>{drawn}</svg>\n'
    )


def write_figures(slug: str, figures: Mapping[str, str]) -> None:
    """Write figures into the folder of an assignment."""
    folder = Path(__file__).parents[2] / "assignments" / slug / "figures"
    folder.mkdir(exist_ok=True)
    for name, text in figures.items():
        (folder / name).write_text(text, encoding="utf-8")


def _draw_panel(panel: Panel) -> str:
    x_low, x_high = panel.x_ticks[0], panel.x_ticks[-1]
    y_low, y_high = panel.y_ticks[0], panel.y_ticks[-1]

    def x(number: float) -> float:
        return round(LEFT + (number - x_low) / (x_high - x_low) * (WIDTH - LEFT - RIGHT), 1)

    def y(number: float) -> float:
        share = (number - y_low) / (y_high - y_low)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)

    parts = [f'<text x="{LEFT}" y="14">{escape(panel.heading)}</text>']
    for tick in panel.y_ticks:
        kind = "axis" if tick == 0 else "grid"
        parts.append(f'<path class="{kind}" d="M{LEFT} {y(tick)}H{WIDTH - RIGHT}"/>')
        place = f'x="{LEFT - 6}" y="{y(tick) + 4:.1f}" text-anchor="end"'
        parts.append(f'<text class="small" {place}>{tick:g}</text>')
    for tick in panel.x_ticks:
        kind = "axis" if tick == 0 else "grid"
        parts.append(f'<path class="{kind}" d="M{x(tick)} {TOP}V{HEIGHT - BOTTOM}"/>')
        place = f'x="{x(tick)}" y="{HEIGHT - 8}" text-anchor="middle"'
        parts.append(f'<text class="small" {place}>{tick:g}</text>')
    for curve in panel.curves:
        colour, dashes = STROKES[curve.stroke]
        for piece in _pieces(curve, x_low, x_high, y_low, y_high):
            points = " ".join(f"{x(curve.x[i])},{y(curve.y[i])}" for i in piece)
            line = f'stroke="{colour}" stroke-dasharray="{dashes}" points="{points}"'
            parts.append(f'<polyline class="curve" {line}/>')
        name_x, name_y = curve.name_at
        place = f'x="{x(name_x)}" y="{y(name_y)}" style="fill:{colour}"'
        parts.append(f"<text {place}>{escape(curve.name)}</text>")
    return "".join(parts)


def _pieces(
    curve: Curve, x_low: float, x_high: float, y_low: float, y_high: float
) -> list[list[int]]:
    """Return runs of points that lie in the panel; two at one x are the ends of a jump."""
    pieces: list[list[int]] = [[]]
    for i, (x, y) in enumerate(zip(curve.x, curve.y, strict=True)):
        is_inside = x_low <= x <= x_high and y_low <= y <= y_high
        if not is_inside or (i > 0 and x == curve.x[i - 1]):
            pieces.append([])
        if is_inside:
            pieces[-1].append(i)
    return [piece for piece in pieces if len(piece) > 1]
