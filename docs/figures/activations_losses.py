"""The figures of the handout `activations-losses`: `python -m docs.figures.activations_losses`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from docs.figures.panels import Curve, Panel, draw_panels, write_figures
from reference import (
    hard_threshold,
    hard_threshold_derivative,
    relu,
    relu_derivative,
    sigmoid,
    sigmoid_cross_entropy,
    sigmoid_derivative,
    tanh,
    tanh_derivative,
)

Numbers = NDArray[np.floating[Any]]
_CLIPPED_AT = 1e-10


def draw_figures() -> dict[str, str]:
    """Return the figures by the names of their files."""
    return {"activations.svg": _draw_activations(), "large-logits.svg": _draw_large_logits()}


def _draw_activations() -> str:
    return draw_panels(
        "Four activations and their derivatives",
        "Over z from -4 to 4: the sigmoid and its derivative, at most 1/4; tanh and its "
        "derivative, 1 at 0; ReLU and its derivative, which jumps from 0 to 1; the hard threshold, "
        "which jumps itself, and its derivative, 0 on both sides.",
        [
            _panel("Sigmoid", sigmoid, sigmoid_derivative, (0.6, 0.95), (1.2, 0.3)),
            _panel("tanh", tanh, tanh_derivative, (1.7, 0.7), (-3.9, 0.25)),
            _panel("ReLU", relu, relu_derivative, (0.3, 1.6), (2.0, 0.82)),
            _panel(
                "Hard threshold",
                hard_threshold,
                hard_threshold_derivative,
                (0.4, 1.1),
                (1.0, 0.12),
            ),
        ],
        columns=2,
    )


def _panel(
    heading: str,
    function: Callable[[Numbers], Numbers],
    derivative: Callable[[Numbers], Numbers],
    name_at: tuple[float, float],
    derivative_at: tuple[float, float],
) -> Panel:
    # Both sides of 0, and nothing at it: two points at one x are the ends of a jump.
    side = np.linspace(0, 4, 81)
    near = side.copy()
    near[0] = 1e-9
    x = np.concatenate([-side[::-1], side])
    z = np.concatenate([-near[::-1], near])
    return Panel(
        heading,
        (-4, -2, 0, 2, 4),
        (-1, -0.5, 0, 0.5, 1, 1.5, 2),
        (
            Curve("value", x, function(z), name_at),
            Curve("derivative", x, derivative(z), derivative_at, stroke=1),
        ),
    )


def _draw_large_logits() -> str:
    z = np.linspace(0, 60, 601)
    logits = np.array([sigmoid_cross_entropy([number], [0.0])[0] for number in z])
    p = sigmoid(z)
    with np.errstate(divide="ignore"):
        probabilities = -np.log(1 - p)
    clipped = -np.log(1 - np.clip(p, _CLIPPED_AT, 1 - _CLIPPED_AT))
    return draw_panels(
        "The loss of a wrong answer",
        "Three ways to compute the binary cross-entropy of y = 0, over z from 0 to 60. From the "
        "logits: a straight line, z. By way of the probability: the same up to 36, with steps "
        "at the end, then infinite. With the probability clipped at 1e-10: flat from 23 on.",
        [
            Panel(
                "Loss of y = 0, by z",
                (0, 10, 20, 30, 40, 50, 60),
                (0, 10, 20, 30, 40, 50, 60),
                (
                    Curve("from the logits", z, logits, (22, 50)),
                    Curve("with p clipped", z, clipped, (40, 18), stroke=1),
                ),
            ),
            Panel(
                "The same near its end: log(1 - p) loses its digits",
                (30, 32, 34, 36, 38, 40),
                (30, 32, 34, 36, 38, 40),
                (
                    Curve("from the logits", *_near_end(z, logits), (32.4, 37)),
                    Curve("from p", *_near_end(z, probabilities), (37.1, 34.5), stroke=2),
                ),
            ),
        ],
        columns=2,
    )


def _near_end(z: Numbers, loss: Numbers) -> tuple[Numbers, Numbers]:
    """Return the part of a curve between 30 and 40."""
    is_near = (z >= 30) & (z <= 40)
    return z[is_near], loss[is_near]


if __name__ == "__main__":
    write_figures("activations-losses", draw_figures())
