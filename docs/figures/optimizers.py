"""The figures of the handout `optimizers`: `python -m docs.figures.optimizers` draws them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape

import numpy as np

from docs.figures.panels import STROKES, picture, write_figures
from reference import SGD, AdaGrad, Adam, Momentum, Nesterov, Optimizer, RMSprop
from reference.schedules import exponential_decay, inverse_time_decay, step_decay

CURVATURE = np.array([1.0, 10.0])
"""The bowl is half the sum of x^2, weighed by these: its gradient is CURVATURE * x."""
_STYLE = (
    "text{font:13px sans-serif;fill:#1b2026}.small{font-size:11px;fill:#525b66}"
    ".grid{stroke:#d4d9df;fill:none}.curve{fill:none;stroke-width:2px}"
)
_PANEL, _HEIGHT, _N_STEPS, _UNIT = 330, 270, 25, 110


def draw_figures() -> dict[str, str]:
    """Return the text of every figure, by the name of its file."""
    return {"paths.svg": _draw_paths(), "schedules.svg": _draw_schedules()}


def walk(optimizer: Optimizer, n_steps: int) -> list[tuple[float, float]]:
    """Return the places that an optimizer visits on the bowl, from (1, 1) on."""
    x = np.array([1.0, 1.0])
    places = [x]
    for _ in range(n_steps):
        places.append(optimizer.step(places[-1], CURVATURE * places[-1]))
    return [(float(x1), float(x2)) for x1, x2 in places]


def _draw_paths() -> str:
    rolling: dict[str, Optimizer] = {
        "sgd": SGD(0.05),
        "momentum": Momentum(0.05),
        "nesterov": Nesterov(0.05),
    }
    scaling: dict[str, Optimizer] = {
        "adagrad": AdaGrad(0.05),
        "rmsprop": RMSprop(0.05),
        "adam": Adam(0.05),
    }
    ends = []
    parts = [
        f'<ellipse class="grid" cx="{_across(0)}" cy="{_down(0)}" '
        f'rx="{radius * _UNIT:.1f}" ry="{radius * _UNIT / math.sqrt(10):.1f}"/>'
        for radius in (0.2, 0.5, 0.9, 1.3)
    ]
    for (name, optimizer), stroke in zip(rolling.items(), STROKES, strict=True):
        visited = walk(optimizer, _N_STEPS)
        ends.append(f"{name} at ({visited[-1][0]:.2f}, {visited[-1][1]:.2f})")
        parts.append(_line([(_across(x1), _down(x2)) for x1, x2 in visited], stroke))
    parts += _legend(list(rolling), 16)
    parts.append(f'<g transform="translate({_PANEL} 0)">')
    left, right, top, bottom = 30, _PANEL - 10, 40, 240
    for share in (0.0, 0.5, 1.0):
        level = bottom - share * (bottom - top)
        parts.append(f'<path class="grid" d="M{left} {level}H{right}"/>')
        parts.append(
            f'<text class="small" x="{left - 6}" y="{level + 4}" text-anchor="end">{share:g}</text>'
        )
    for (name, optimizer), stroke in zip(scaling.items(), STROKES, strict=True):
        heights = [x1 for x1, _ in walk(optimizer, _N_STEPS)]
        ends.append(f"{name} at {heights[-1]:.2f} in both entries")
        points = [
            (left + k / _N_STEPS * (right - left), bottom - x1 * (bottom - top))
            for k, x1 in enumerate(heights)
        ]
        parts.append(_line(points, stroke))
    parts.append(f'<g transform="translate(200 56)">{"".join(_legend(list(scaling), 0))}</g>')
    parts.append(f'<text class="small" x="{left}" y="26">x1 (and x2) by step</text></g>')
    title = f"{_N_STEPS} steps on the bowl from (1, 1), learning rate 0.05"
    words = f"{title}: " + ", ".join(ends)
    return picture(title, words, 2 * _PANEL, _HEIGHT, "".join(parts), style=_STYLE)


def _across(x1: float) -> float:
    return round(150 + _UNIT * x1, 1)


def _down(x2: float) -> float:
    return round(150 - _UNIT * x2, 1)


def _draw_schedules() -> str:
    schedules: dict[str, Callable[[int], float]] = {
        "step_decay, factor 0.5, every 10": step_decay(1.0, factor=0.5, every=10),
        "exponential_decay, decay 0.07": exponential_decay(1.0, decay=0.07),
        "one_over_t, decay 0.2": inverse_time_decay(1.0, decay=0.2),
    }
    n_steps, left, right, top, bottom = 40, 46, 480, 20, 230
    parts = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        level = bottom - share * (bottom - top)
        parts.append(f'<path class="grid" d="M{left} {level}H{right}"/>')
        parts.append(
            f'<text class="small" x="{left - 6}" y="{level + 4}" text-anchor="end">{share:g}</text>'
        )
    for k in range(0, n_steps + 1, 10):
        across = left + k / n_steps * (right - left)
        parts.append(f'<path class="grid" d="M{across} {top}V{bottom}"/>')
        parts.append(
            f'<text class="small" x="{across}" y="{bottom + 16}" text-anchor="middle">{k}</text>'
        )
    for schedule, stroke in zip(schedules.values(), STROKES, strict=True):
        points = [
            (left + k / n_steps * (right - left), bottom - schedule(k) * (bottom - top))
            for k in range(n_steps + 1)
        ]
        parts.append(_line(points, stroke))
    parts.append(
        f'<g transform="translate({left + 190} 22)">{"".join(_legend(list(schedules), 0))}</g>'
    )
    parts.append(f'<text class="small" x="{left}" y="{bottom + 34}">k, steps made before</text>')
    title = "Three schedules that start at 1"
    words = "; ".join(
        f"{name}: {one(10):.2g} at k = 10, {one(40):.2g} at 40" for name, one in schedules.items()
    )
    return picture(title, words, 500, _HEIGHT, "".join(parts), style=_STYLE)


def _legend(names: Sequence[str], top: int) -> list[str]:
    parts = []
    for row, (name, (colour, dashes)) in enumerate(zip(names, STROKES, strict=True)):
        level = top + 17 * row
        parts.append(
            f'<path class="curve" stroke="{colour}" stroke-dasharray="{dashes}" d="M8 {level}h26"/>'
            f'<text x="40" y="{level + 4}">{escape(name)}</text>'
        )
    return parts


def _line(points: Sequence[tuple[float, float]], stroke: tuple[str, str]) -> str:
    colour, dashes = stroke
    written = " ".join(f"{across:.1f},{down:.1f}" for across, down in points)
    return (
        f'<polyline class="curve" stroke="{colour}" stroke-dasharray="{dashes}" '
        f'points="{written}"/>'
    )


if __name__ == "__main__":
    write_figures("optimizers", draw_figures())
