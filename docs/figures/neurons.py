"""The figures of the handout `neurons`: `python -m docs.figures.neurons` draws them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from docs.figures.panels import STROKES, Curve, Panel, draw_panels, picture, write_figures
from reference import (
    AffineModel,
    Perceptron,
    adaline_loss,
    design_xor,
    fit_least_squares,
    fit_perceptron,
    widrow_hoff_step,
)

CORNERS = ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0))
AND, XOR = (-1, -1, -1, 1), (-1, 1, 1, -1)
RATES = (0.05, 0.2, 0.35)
_STYLE = (
    "text{font:13px sans-serif;fill:#1b2026}.small{font-size:11px;fill:#525b66}"
    ".frame{stroke:#8b95a1;fill:none}.curve{fill:none;stroke-width:2px}"
    ".yes{fill:#0b5a8f;stroke:#fff}.no{fill:#fff;stroke:#9c161c;stroke-width:2px}"
)
_LOW, _HIGH, _UNIT, _LEFT, _TOP, _PANEL = -0.5, 1.5, 105, 20, 34, 270
_N_EPOCHS = 12
Place: TypeAlias = tuple[float, float]
Weights: TypeAlias = NDArray[np.floating[Any]]
Bias: TypeAlias = Weights | float


def draw_figures() -> dict[str, str]:
    """Return the text of every figure, by the name of its file."""
    return {"lines.svg": _draw_lines(), "epochs.svg": _draw_epochs()}


def train_on_and(learning_rate: float, n_epochs: int) -> list[tuple[Weights, Bias, float]]:
    """Return w, b and loss of an Adaline on AND, before the first step and after each one."""
    w: Weights = np.zeros(2)
    b: Bias = 0.0
    epochs = [(w, b, adaline_loss(w, b, CORNERS, AND)[0])]
    for _ in range(n_epochs):
        w, b = widrow_hoff_step(w, b, CORNERS, AND, learning_rate)
        epochs.append((w, b, adaline_loss(w, b, CORNERS, AND)[0]))
    return epochs


def _draw_lines() -> str:
    by_mistakes = fit_perceptron(CORNERS, AND)
    by_squares = fit_least_squares(CORNERS, AND)
    net = design_xor()
    parts = [
        f'<text x="{_LEFT}" y="20">AND: one line is enough</text>',
        *_draw_line(by_mistakes, 0, "perceptron", (0.9, 1.38)),
        *_draw_line(by_squares, 1, "least squares", (0.0, 0.7)),
        *_draw_corners(AND),
        f'<g transform="translate({_PANEL} 0)"><text x="{_LEFT}" y="20">XOR: it takes two</text>',
        _draw_band([net.first, net.second]),
        *_draw_line(net.first, 0, "first", (-0.32, 0.55)),
        *_draw_line(net.second, 1, "second", (0.3, 1.36)),
        *_draw_corners(XOR),
        "</g>",
    ]
    title = "The corners of a square, and lines between them"
    words = (
        "AND: the line of the perceptron goes through (1, 1), that of least squares keeps away "
        "from all corners. XOR: two parallel lines, and between them the corners (0, 1) and (1, 0)"
    )
    return picture(title, words, 2 * _PANEL - 20, 258, "".join(parts), style=_STYLE)


def _draw_corners(labels: Sequence[int]) -> list[str]:
    size = round((_HIGH - _LOW) * _UNIT, 1)
    parts = [
        f'<rect class="frame" x="{_LEFT}" y="{_TOP}" width="{size}" height="{size}"/>',
    ]
    for corner, label in zip(CORNERS, labels, strict=True):
        across, down = _at(corner)
        kind = "yes" if label > 0 else "no"
        parts.append(f'<circle class="{kind}" cx="{across}" cy="{down}" r="7"/>')
        text = f"{corner[0]:g}, {corner[1]:g}"
        parts.append(f'<text class="small" x="{across + 11}" y="{down + 4}">{text}</text>')
    return parts


def _draw_line(unit: AffineModel, stroke: int, name: str, name_at: Place) -> list[str]:
    """Return the places where the score is 0, as far as they lie in the square."""
    sides = [_clip(_square(), unit.w, float(unit.b)), _clip(_square(), -unit.w, -float(unit.b))]
    start, end = sorted(set(sides[0]) & set(sides[1]))
    colour, dashes = STROKES[stroke]
    (x1, y1), (x2, y2), (x, y) = _at(start), _at(end), _at(name_at)
    return [
        f'<path class="curve" stroke="{colour}" stroke-dasharray="{dashes}" '
        f'd="M{x1} {y1}L{x2} {y2}"/>',
        f'<text class="small" x="{x}" y="{y}" style="fill:{colour}">{escape(name)}</text>',
    ]


def _draw_band(units: Sequence[Perceptron]) -> str:
    """Return the places where all units say 1."""
    places = _square()
    for unit in units:
        places = _clip(places, unit.w, unit.b)
    written = " ".join(f"{across},{down}" for across, down in map(_at, places))
    return f'<polygon fill="#dfeaf3" points="{written}"/>'


def _square() -> list[Place]:
    return [(_LOW, _LOW), (_HIGH, _LOW), (_HIGH, _HIGH), (_LOW, _HIGH)]


def _clip(places: Sequence[Place], w: Weights, b: float) -> list[Place]:
    """Return the part of a convex polygon where w . x + b is not negative."""
    kept: list[Place] = []
    for start, end in zip(places, [*places[1:], places[0]], strict=True):
        before, after = (float(w[0] * x1 + w[1] * x2 + b) for x1, x2 in (start, end))
        if before >= 0:
            kept.append(start)
        if before * after < 0:
            share = before / (before - after)
            kept.append(
                (
                    round(start[0] + share * (end[0] - start[0]), 6),
                    round(start[1] + share * (end[1] - start[1]), 6),
                )
            )
    return kept


def _at(place: Place) -> Place:
    across = _LEFT + (place[0] - _LOW) * _UNIT
    down = _TOP + (_HIGH - place[1]) * _UNIT
    return round(across, 1), round(down, 1)


def _draw_epochs() -> str:
    epochs = np.arange(_N_EPOCHS + 1.0)
    runs = {rate: [J for _, _, J in train_on_and(rate, _N_EPOCHS)] for rate in RATES}
    panel = Panel(
        "Loss of an Adaline on AND, by epochs",
        (0, 3, 6, 9, 12),
        (0, 2, 4, 6, 8),
        [
            Curve(f"rate {rate:g}", epochs, np.array(runs[rate]), at, stroke)
            for stroke, (rate, at) in enumerate(
                zip(RATES, ((8.6, 2.8), (8.6, 0.4), (2.2, 6.6)), strict=True)
            )
        ],
    )
    words = "; ".join(f"rate {rate:g}: {run[0]:.2f} to {run[-1]:.2f}" for rate, run in runs.items())
    return draw_panels("Small, large and too large learning rates", words, [panel], columns=1)


if __name__ == "__main__":
    write_figures("neurons", draw_figures())
