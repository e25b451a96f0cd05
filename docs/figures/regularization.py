"""The figures of the handout `regularization`: `python -m docs.figures.regularization`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from docs.figures.panels import Curve, Panel, draw_panels, picture, write_figures
from reference.regularization import l1_penalty, weight_decay_step

LEARNING_RATE, ALPHA = 0.1, 0.3
DIGIT_ROWS = (
    "### .#. ### ### #.# ### ### ### ### ###",
    "#.# .#. ..# ..# #.# #.. #.. ..# #.# #.#",
    "#.# .#. ### ### ### ### ### ..# ### ###",
    "#.# .#. #.. ..# ..# ..# #.# ..# #.# ..#",
    "### .#. ### ### ..# ### ### ..# ### ###",
)
"""The digits of the assignment's cases.py, in the same letters."""
Image = NDArray[np.bool_]
TRANSFORMS: dict[str, Callable[[Image], Image]] = {
    "as it is": lambda image: image,
    "mirror": lambda image: image[:, ::-1],
    "upside down": lambda image: image[::-1],
    "half turn": lambda image: image[::-1, ::-1],
}
_STARTS, _N_STEPS = (0.9, 0.6, 0.3), 40
_PIXEL, _COLUMN, _ROW, _LEFT, _TOP = 7, 52, 74, 100, 16
_STYLE = (
    "text{font:13px sans-serif;fill:#1b2026}.small{font-size:11px;fill:#525b66}"
    ".same{fill:#2b6b2f}.other{fill:#9c161c;font-weight:bold}"
)


def draw_figures() -> dict[str, str]:
    """Return the text of every figure, by the name of its file."""
    return {"shrinking.svg": _draw_shrinking(), "digits.svg": _draw_digits()}


def shrink(kind: str, start: float) -> list[float]:
    """Return a weight, step by step, that nothing but a penalty moves."""
    w = np.array([start])
    visited = [start]
    for _ in range(_N_STEPS):
        if kind == "l2":
            w = weight_decay_step(w, np.zeros(1), learning_rate=LEARNING_RATE, alpha=ALPHA)
        else:
            _, slope = l1_penalty(w, ALPHA)
            w = w - LEARNING_RATE * slope
        # the steps end at 0 but for rounding, which would be a step of its own
        w = np.where(np.abs(w) < 1e-12, 0.0, w)
        visited.append(float(w[0]))
    return visited


def digits() -> list[Image]:
    """Return the ten digits, (5, 3) each; True is ink."""
    rows = [row.split() for row in DIGIT_ROWS]
    return [np.array([[pixel == "#" for pixel in row[k]] for row in rows]) for k in range(10)]


def taken_for(name: str) -> list[int]:
    """Return which digit each one is after a transformation, -1 where it is none."""
    known = digits()
    return [
        next((k for k, one in enumerate(known) if np.array_equal(TRANSFORMS[name](image), one)), -1)
        for image in known
    ]


def _draw_shrinking() -> str:
    steps: NDArray[np.floating[Any]] = np.arange(_N_STEPS + 1.0)
    panels, ends = [], []
    for kind, heading, places in (
        ("l2", "L2: a share of the weight", ((14, 0.64), (13, 0.43), (12, 0.10))),
        ("l1", "L1: the same for all weights", ((14, 0.55), (11, 0.32), (7, 0.13))),
    ):
        runs = [shrink(kind, start) for start in _STARTS]
        panels.append(
            Panel(
                f"{heading}, by step",
                [0, 10, 20, 30, 40],
                [0, 0.25, 0.5, 0.75, 1],
                [
                    Curve(f"from {start:g}", steps, np.array(run), place, stroke)
                    for stroke, (start, run, place) in enumerate(
                        zip(_STARTS, runs, places, strict=True)
                    )
                ],
            )
        )
        ends.append(f"{kind.upper()} leaves " + ", ".join(f"{run[-1]:.2f}" for run in runs))
    title = "Three weights that nothing but a penalty moves"
    words = f"{title}: from 0.9, 0.6 and 0.3, after {_N_STEPS} steps {' and '.join(ends)}"
    return draw_panels(title, words, panels, 2)


def _draw_digits() -> str:
    parts, said = [], []
    for row, (name, transform) in enumerate(TRANSFORMS.items()):
        top = _TOP + row * _ROW
        parts.append(f'<text x="8" y="{top + 22}">{name}</text>')
        if row:
            parts.append(f'<text class="small" x="8" y="{top + 52}">is taken for</text>')
        answers = taken_for(name)
        for digit, (image, answer) in enumerate(zip(digits(), answers, strict=True)):
            left = _LEFT + digit * _COLUMN
            kind = "same" if answer == digit else "other"
            ink = "#1b2026" if answer == digit else "#9c161c" if answer >= 0 else "#8b95a1"
            ink_at = "".join(
                f"M{left + _PIXEL * int(x)} {top + _PIXEL * int(y)}h{_PIXEL}v{_PIXEL}h-{_PIXEL}z"
                for y, x in np.argwhere(transform(image))
            )
            parts.append(f'<path fill="{ink}" d="{ink_at}"/>')
            if row:
                word = str(answer) if answer >= 0 else "-"
                parts.append(
                    f'<text class="{kind if answer >= 0 else "small"}" x="{left + 10}" '
                    f'y="{top + 52}" text-anchor="middle">{word}</text>'
                )
        if row:
            changed = [f"{d} for {a}" for d, a in enumerate(answers) if a not in (d, -1)]
            said.append(f"{name} takes {', '.join(changed)}")
    title = "Ten digits, and what they are taken for"
    words = f"{title}: " + "; ".join(said)
    width = _LEFT + 10 * _COLUMN
    return picture(title, words, width, _TOP + 4 * _ROW - 10, "".join(parts), style=_STYLE)


if __name__ == "__main__":
    write_figures("regularization", draw_figures())
