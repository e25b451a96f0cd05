"""The figures of the handout `gradcheck`: `python -m docs.figures.gradcheck` draws them."""

from __future__ import annotations

import math

from docs.figures.panels import STROKES, picture, write_figures

RATIO = 0.2
"""Each step of the handout's ladder is five times smaller than the one before."""
_STYLE = (
    "text{font:13px sans-serif;fill:#1b2026}.small{font-size:11px;fill:#525b66;text-anchor:middle}"
    ".grid{stroke:#d4d9df}.curve{fill:none;stroke-width:2px}"
)
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 546, 36, 262
_LOW, _HIGH, _DECADES = -12, 0, 9


def draw_figures() -> dict[str, str]:
    """Return the text of every figure, by the name of its file."""
    return {"steps.svg": _draw_steps()}


def central_slope(x: float, offset: float, h: float) -> float:
    """Return the central difference of x^3 + offset."""

    def f(number: float) -> float:
        return number * number * number + offset

    return (f(x + h) - f(x - h)) / (2 * h)


def errors_of_steps(offset: float, steps: list[float]) -> list[float]:
    """Return how far the central difference of x^3 + offset at 2 is off."""
    return [abs(central_slope(2.0, offset, h) - 12.0) for h in steps]


def _place(h: float, error: float) -> str:
    across = _LEFT - math.log10(h) / _DECADES * (_RIGHT - _LEFT)
    up = (math.log10(max(error, 10.0**_LOW)) - _LOW) / (_HIGH - _LOW)
    return f"{across:.1f},{_BOTTOM - up * (_BOTTOM - _TOP):.1f}"


def _draw_steps() -> str:
    # written as decimals: what rounding does must be the same on every machine
    steps = [float(f"{m}e-{k}") for k in range(1, _DECADES + 1) for m in (10, 5, 2)]
    parts = []
    for decade in range(_LOW, _HIGH + 1, 2):
        level = _BOTTOM - (decade - _LOW) / (_HIGH - _LOW) * (_BOTTOM - _TOP)
        parts.append(f'<path class="grid" d="M{_LEFT} {level:.1f}H{_RIGHT}"/>')
        place = f'x="{_LEFT - 26}" y="{level + 4:.1f}"'
        parts.append(f'<text class="small" {place}>{10.0**decade:g}</text>')
    for k in range(_DECADES + 1):
        across = _LEFT + k / _DECADES * (_RIGHT - _LEFT)
        parts.append(f'<path class="grid" d="M{across:.1f} {_TOP}V{_BOTTOM}"/>')
        place = f'x="{across:.1f}" y="{_BOTTOM + 18}"'
        parts.append(f'<text class="small" {place}>{10.0**-k:g}</text>')
    told = []
    names = ("x^3", "x^3 + 1e3", "x^3 + 1e6")
    for name, offset, (colour, dashes), level in zip(
        names, (0.0, 1e3, 1e6), STROKES, (205, 165, 116), strict=True
    ):
        errors = errors_of_steps(offset, steps)
        told.append(f"{name}: {min(errors):.0e} at best")
        points = " ".join(map(_place, steps, errors))
        line = f'stroke="{colour}" stroke-dasharray="{dashes}" points="{points}"'
        parts.append(f'<polyline class="curve" {line}/>')
        parts.append(f'<text x="468" y="{level}" style="fill:{colour}">{name}</text>')
    parts.append(f'<text class="small" x="303" y="{_BOTTOM + 32}">step h</text>')
    parts.append(f'<text class="small" x="{_LEFT + 66}" y="{_TOP - 14}">error of the slope</text>')
    title = "Error of the central difference of x^3 at 2, alone and beside a constant"
    words = f"From large steps to small ones each error falls and rises again. {'; '.join(told)}."
    return picture(title, words, 560, 300, "".join(parts), style=_STYLE)


if __name__ == "__main__":
    write_figures("gradcheck", draw_figures())
