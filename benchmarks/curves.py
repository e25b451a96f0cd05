"""Curves on two logarithmic axes, as SVG that stands alone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT = 330, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 12, 40, 30
_STYLE = (
    "text{font:12px sans-serif;fill:#1b2026}.small{font-size:11px;fill:#525b66}"
    ".grid{fill:none;stroke:#d4d9df}.curve{fill:none;stroke-width:2px}"
)
_STROKES = (("#0b5a8f", ""), ("#9c161c", "6 4"), ("#2b6b2f", "2 3"))
"""Colour and dashes: no curve is told by its colour alone."""


@dataclass(frozen=True, slots=True)
class Curve:
    """What was measured at each size."""

    name: str
    sizes: tuple[int, ...]
    values: tuple[float, ...]

    @property
    def exponent(self) -> float:
        """The slope over the last two doublings."""
        last, before = (self.sizes[-1], self.values[-1]), (self.sizes[-3], self.values[-3])
        return math.log(last[1] / before[1]) / math.log(last[0] / before[0])


def draw_panels(title: str, panels: Mapping[str, Sequence[Curve]]) -> str:
    """Return a picture with one panel beside the other, each with its own axes."""
    drawn = "".join(
        f'<g transform="translate({place * _WIDTH} 0)">{_draw_panel(heading, curves)}</g>'
        for place, (heading, curves) in enumerate(panels.items())
    )
    words = "; ".join(
        f"{heading}: "
        + ", ".join(f"{one.name} {one.values[0]:.2g} to {one.values[-1]:.2g}" for one in curves)
        for heading, curves in panels.items()
    )
    width = _WIDTH * len(panels)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width}" height="{_HEIGHT}" '
        f'viewBox="0 0 {width} {_HEIGHT}"><title>{escape(title)}</title>'
        f"<desc>{escape(words)}</desc><style>{_STYLE}</style>"
        f'<rect width="{width}" height="{_HEIGHT}" fill="#fff"/>{drawn}</svg>\n'
    )


def _draw_panel(heading: str, curves: Sequence[Curve]) -> str:
    sizes = sorted({size for curve in curves for size in curve.sizes})
    low = math.floor(math.log10(min(min(curve.values) for curve in curves)))
    high = math.ceil(math.log10(max(max(curve.values) for curve in curves)))

    def x(size: float) -> float:
        share = math.log(size / sizes[0]) / math.log(sizes[-1] / sizes[0])
        return round(_LEFT + share * (_WIDTH - _LEFT - _RIGHT), 1)

    def y(value: float) -> float:
        share = (math.log10(value) - low) / (high - low)
        return round(_HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM), 1)

    parts = [f'<text x="{_LEFT}" y="14">{escape(heading)}</text>']
    for decade in range(low, high + 1):
        level = y(10.0**decade)
        parts.append(f'<path class="grid" d="M{_LEFT} {level}H{_WIDTH - _RIGHT}"/>')
        label = f"{10.0**decade:g}"
        parts.append(
            f'<text class="small" x="{_LEFT - 6}" y="{level + 4}" text-anchor="end">{label}</text>'
        )
    for size in sizes:
        parts.append(f'<path class="grid" d="M{x(size)} {_TOP}V{_HEIGHT - _BOTTOM}"/>')
        place = f'x="{x(size)}" y="{_HEIGHT - 12}" text-anchor="middle"'
        parts.append(f'<text class="small" {place}>{size}</text>')
    for curve, (colour, dashes) in zip(curves, _STROKES, strict=False):
        points = " ".join(f"{x(s)},{y(v)}" for s, v in zip(curve.sizes, curve.values, strict=True))
        stroke = f'stroke="{colour}" stroke-dasharray="{dashes}"'
        parts.append(f'<polyline class="curve" {stroke} points="{points}"/>')
        # The highest curve bears its name above, the others below, where no other curve is.
        middle = len(curve.sizes) // 2
        is_highest = curve.values[middle] == max(one.values[middle] for one in curves)
        shift, anchor = (-8, "end") if is_highest else (16, "start")
        place = f'x="{x(curve.sizes[middle]) + shift / 2}" y="{y(curve.values[middle]) + shift}"'
        parts.append(f'<text {place} text-anchor="{anchor}">{escape(curve.name)}</text>')
    return "".join(parts)
