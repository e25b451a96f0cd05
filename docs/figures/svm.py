"""The figures of the handout `svm`: `python -m docs.figures.svm` draws them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from docs.figures.panels import STROKES, picture, write_figures
from reference import SVC, SupportVectorMachine

Floats: TypeAlias = NDArray[np.floating[Any]]
Point: TypeAlias = tuple[float, float]

_WIDTH, _HEIGHT, _TOP, _PLACES = 220, 190, 40, 33
_STYLE = (
    "text{font:12px sans-serif;fill:#1b2026}.small{font-size:11px;fill:#525b66}"
    ".frame{fill:none;stroke:#d4d9df}.middle{fill:none;stroke:#1b2026;stroke-width:2px}"
    ".edge{fill:none;stroke:#525b66;stroke-dasharray:4 3}"
)
_X1, _X2 = (-2.0, 3.0), (-1.7, 2.2)


def draw_figures() -> dict[str, str]:
    """Return the text of every figure, by the name of its file."""
    return {"street.svg": _draw_street(), "plane.svg": _draw_plane()}


def moons(noise: Floats) -> tuple[Floats, Floats]:
    """Return the samples and labels that `cases.py` of the assignment makes of this noise."""
    half = len(noise) // 2
    angles = np.linspace(0, np.pi, half)
    upper = np.stack((np.cos(angles), np.sin(angles)), axis=1)
    lower = np.stack((1 - np.cos(angles), 0.5 - np.sin(angles)), axis=1)
    return np.concatenate((upper, lower)) + noise, np.repeat([1.0, -1.0], half)


def crescents() -> tuple[Floats, Floats, Floats, Floats]:
    """Return 24 samples to learn from and 400 for the test, as in the handout's table."""
    rng = np.random.default_rng(0)
    return (*moons(0.4 * rng.normal(size=(24, 2))), *moons(0.4 * rng.normal(size=(400, 2))))


def train(samples: Floats, labels: Floats, price: float, gamma: float | None = None) -> SVC:
    """Return a machine with C = `price` and the rbf kernel, or the linear one without `gamma`."""
    if gamma is None:
        return SVC(price, kernel="linear").fit(samples, labels)
    return SVC(price, kernel="rbf", gamma=gamma, tolerance=1e-9).fit(samples, labels)


def _draw_street() -> str:
    rng = np.random.default_rng(5)
    labels = np.repeat([1.0, -1.0], 9)
    samples = rng.normal(size=(18, 2)) * 0.6 + np.outer(labels, [0.75, 0.6]) + [0.5, 0.25]
    machines = {
        f"C = {price:g}": train(samples, labels, price).machine for price in (0.05, 1.0, 50.0)
    }
    headings = {
        name: f"street {one.margin:.2f} wide, slack {one.slack.sum():.2f}"
        for name, one in machines.items()
    }
    return _draw_grid("The street of a linear machine", machines, headings, samples, labels)


def _draw_plane() -> str:
    samples, labels, others, right = crescents()
    fitted = {
        f"C = {price:g}, gamma = {gamma:g}": train(samples, labels, price, gamma)
        for price in (1.0, 10.0, 100.0)
        for gamma in (0.3, 3.0, 10.0)
    }
    headings = {
        name: f"train {one.score(samples, labels):.2f}, test {one.score(others, right):.2f}"
        for name, one in fitted.items()
    }
    machines = {name: one.machine for name, one in fitted.items()}
    return _draw_grid("What C and gamma do", machines, headings, samples, labels)


def _draw_grid(
    title: str,
    machines: Mapping[str, SupportVectorMachine],
    headings: Mapping[str, str],
    samples: Floats,
    labels: Floats,
) -> str:
    parts = []
    for place, (name, machine) in enumerate(machines.items()):
        corner = f"{place % 3 * _WIDTH} {place // 3 * (_HEIGHT + _TOP)}"
        parts.append(f'<g transform="translate({corner})">')
        parts.append(f'<text x="8" y="16">{escape(name)}</text>')
        parts.append(f'<text class="small" x="8" y="32">{escape(headings[name])}</text>')
        parts.append(
            f'<rect class="frame" x="8" y="{_TOP}" width="{_WIDTH - 16}" height="{_HEIGHT - 8}"/>'
        )
        parts += _draw_machine(machine, samples, labels)
        parts.append("</g>")
    rows = -(-len(machines) // 3)
    words = "; ".join(f"{name}: {said}" for name, said in headings.items())
    return picture(title, words, 3 * _WIDTH, rows * (_HEIGHT + _TOP), "".join(parts), style=_STYLE)


def _draw_machine(machine: SupportVectorMachine, samples: Floats, labels: Floats) -> Iterator[str]:
    x1, x2 = np.linspace(*_X1, _PLACES), np.linspace(*_X2, _PLACES)
    places = np.stack([one.ravel() for one in np.meshgrid(x1, x2)], axis=1)
    scores = machine.decision_function(places).reshape(_PLACES, _PLACES)
    for level in (-1.0, 0.0, 1.0):
        lines = [
            "M" + "L".join(f"{across:.1f} {down:.1f}" for across, down in line)
            for line in _chain(_segments(scores - level, x1, x2))
        ]
        if lines:
            yield f'<path class="{"edge" if level else "middle"}" d="{"".join(lines)}"/>'
    for number, (place, label) in enumerate(zip(samples, labels, strict=True)):
        across, down = _on_paper(float(place[0]), float(place[1]))
        colour = STROKES[0 if label > 0 else 1][0]
        fill = colour if number in machine.support else "#fff"
        look = f'fill="{fill}" stroke="{colour}" stroke-width="1.5"'
        if label > 0:
            yield f'<circle cx="{across:.1f}" cy="{down:.1f}" r="4" {look}/>'
        else:
            yield f'<rect x="{across - 3.5:.1f}" y="{down - 3.5:.1f}" width="7" height="7" {look}/>'


def _on_paper(x1: float, x2: float) -> Point:
    across = 8 + (x1 - _X1[0]) / (_X1[1] - _X1[0]) * (_WIDTH - 16)
    down = _TOP + (_X2[1] - x2) / (_X2[1] - _X2[0]) * (_HEIGHT - 8)
    return round(across, 1), round(down, 1)


def _segments(heights: Floats, x1: Floats, x2: Floats) -> Iterator[tuple[Point, Point]]:
    """Yield pieces of the line where the heights are 0: each triangle of the grid has one or none.

    A square is cut into two triangles, so that a saddle needs no rule of its own.
    """
    for row in range(len(x2) - 1):
        for column in range(len(x1) - 1):
            corner, opposite = (row, column), (row + 1, column + 1)
            for third in ((row + 1, column), (row, column + 1)):
                triangle = (corner, third, opposite)
                ends = []
                for a, b in zip(triangle, (*triangle[1:], corner), strict=True):
                    left, right = float(heights[a]), float(heights[b])
                    if (left > 0) == (right > 0):
                        continue
                    share = left / (left - right)
                    ends.append(
                        _on_paper(
                            float(x1[a[1]] + share * (x1[b[1]] - x1[a[1]])),
                            float(x2[a[0]] + share * (x2[b[0]] - x2[a[0]])),
                        )
                    )
                if len(ends) == 2 and ends[0] != ends[1]:
                    yield ends[0], ends[1]


def _chain(segments: Iterator[tuple[Point, Point]]) -> list[list[Point]]:
    """Return lines made of segments that share an end."""
    neighbours: dict[Point, list[Point]] = {}
    for a, b in segments:
        neighbours.setdefault(a, []).append(b)
        neighbours.setdefault(b, []).append(a)
    # Open lines are walked from an end; what is left then are closed ones.
    starts = sorted(neighbours, key=lambda point: len(neighbours[point]))
    lines = []
    for start in starts:
        while neighbours[start]:
            line = [start]
            while neighbours[line[-1]]:
                here = line[-1]
                following = neighbours[here].pop()
                neighbours[following].remove(here)
                line.append(following)
            lines.append(line)
    return lines


if __name__ == "__main__":
    write_figures("svm", draw_figures())
