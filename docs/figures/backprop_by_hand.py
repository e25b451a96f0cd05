"""The figures of the handout `backprop-by-hand`: `python -m docs.figures.backprop_by_hand`."""

from __future__ import annotations

import math

import numpy as np

from docs.figures.panels import Curve, Panel, draw_panels, picture, write_figures
from reference import MLP, squared_error

_LEARNING_RATE, _EPOCHS = 0.9, 200
_STYLE = (
    "text{font:13px sans-serif;fill:#1b2026;text-anchor:middle}.small{font-size:11px;fill:#525b66}"
    ".value{fill:#2b6b2f}.error{fill:#9c161c;font-style:italic}"
    ".wire{stroke:#525b66;fill:none}.unit{fill:#eef2f6;stroke:#525b66}"
)
_PLACES = {1: (60, 60), 2: (60, 140), 3: (60, 220), 4: (240, 80), 5: (240, 200), 6: (420, 140)}
_BESIDE = {
    (1, 5): (0.24, 16, -2),
    (2, 4): (0.24, 0, -6),
    (2, 5): (0.24, 0, -6),
    (3, 4): (0.24, 16, 8),
}
"""How far along its wire a weight stands, and how far beside it, where the middle is crowded."""
_RADIUS = 20
EXAMPLES = (([1.0, 0.0, 1.0], 1.0), ([0.0, 1.0, 1.0], 0.0), ([1.0, 1.0, 0.0], 1.0))


def lecture() -> MLP:
    """Return the lecture's network: inputs 1, 2, 3, hidden units 4 and 5, output 6."""
    return MLP(
        weights=[[[0.2, -0.3], [0.4, 0.1], [-0.5, 0.2]], [[-0.3], [-0.2]]],
        biases=[[-0.4, 0.2], [0.1]],
        hidden="sigmoid",
        output="sigmoid",
        loss=squared_error,
    )


def draw_figures() -> dict[str, str]:
    """Return the figures by the names of their files."""
    return {"network.svg": _draw_network(), "plateau.svg": _draw_plateau()}


def descend(n_epochs: int) -> tuple[list[float], list[float]]:
    """Return the loss before each epoch of case updating, and the largest move in it."""
    network = lecture()
    losses, moves = [], []
    for _ in range(n_epochs):
        before = [*network.weights, *network.biases]
        losses.append(sum(network.loss([x], [[t]]) for x, t in EXAMPLES))
        for x, t in EXAMPLES:
            found = network.gradients([x], [[t]])
            network.weights = [
                W - _LEARNING_RATE * g for W, g in zip(network.weights, found.weights, strict=True)
            ]
            network.biases = [
                b - _LEARNING_RATE * g for b, g in zip(network.biases, found.biases, strict=True)
            ]
        after = [*network.weights, *network.biases]
        moves.append(max(float(np.abs(a - b).max()) for a, b in zip(after, before, strict=True)))
    return losses, moves


def _draw_network() -> str:
    network = lecture()
    (x, t), units = EXAMPLES[0], (1, 2, 3, 4, 5, 6)
    outputs = np.concatenate([a[0] for a in network.trace([x]).activations])
    found = network.gradients([x], [[t]]).biases
    errors = dict(zip((4, 5, 6), -np.concatenate(found), strict=True))
    wires = {
        (j, k): network.weights[layer][j - first, k - after]
        for layer, first, after, last in ((0, 1, 4, 6), (1, 4, 6, 7))
        for j in range(first, after)
        for k in range(after, last)
    }
    lines, labels = [], []
    for (j, k), w in wires.items():
        (x1, y1), (x2, y2) = _PLACES[j], _PLACES[k]
        lines.append(f'<path class="wire" d="M{x1} {y1}L{x2} {y2}"/>')
        share, right, down = _BESIDE.get((j, k), (0.5, 0, -6))
        at_x, at_y = x1 + share * (x2 - x1) + right, y1 + share * (y2 - y1) + down
        labels.append(f'<text class="small" x="{at_x:.1f}" y="{at_y:.1f}">{w:g}</text>')
    for j in units:
        at_x, at_y = _PLACES[j]
        labels.append(f'<circle class="unit" cx="{at_x}" cy="{at_y}" r="{_RADIUS}"/>')
        labels.append(f'<text x="{at_x}" y="{at_y + 5}">{j}</text>')
        text = f'x="{at_x}" y="{at_y - _RADIUS - 6}">{outputs[j - 1]:.4g}</text>'
        labels.append(f'<text class="value" {text}')
        if j in errors:
            text = f'x="{at_x}" y="{at_y + _RADIUS + 16}">{errors[j]:.4f}</text>'
            labels.append(f'<text class="error" {text}')
    biases = np.concatenate(network.biases)
    for k, b in zip((4, 5, 6), biases, strict=True):
        at_x, at_y = _PLACES[k]
        labels.append(f'<text class="small" x="{at_x + 46}" y="{at_y + 4}">b {b:g}</text>')
    labels.append(
        '<text class="small" x="250" y="282">'
        "outputs above the units, errors below (italic), weights on the wires</text>"
    )
    words = "Outputs: " + ", ".join(
        f"unit {j} {o:.4g}" for j, o in zip(units, outputs, strict=True)
    )
    words += ". Errors: " + ", ".join(f"unit {k} {e:.4f}" for k, e in errors.items())
    drawn = "".join([*lines, *labels])
    return picture("The lecture's network after one example", words, 500, 296, drawn, style=_STYLE)


def _draw_plateau() -> str:
    losses, moves = descend(_EPOCHS)
    epochs = np.arange(1.0, _EPOCHS + 1)
    curves = [
        Curve("loss of the three examples", epochs, np.array(losses), (74, 0.31), 0),
        Curve("largest move", epochs, np.array(moves), (14, 0.075), 1),
    ]
    lowest = int(np.argmin(moves[:60])) + 1
    words = (
        f"The largest move falls to {min(moves[:60]):.4f} in epoch {lowest}, where the loss still "
        f"is {losses[lowest - 1]:.2f}, rises again to {max(moves[40:]):.3f}, and falls for good. "
        f"The loss is {losses[-1]:.3f} at the end."
    )
    top = math.ceil(max(losses) * 10) / 10
    ticks = [0.1 * k for k in range(round(top * 10) + 1)]
    panel = Panel("By epochs of case updating", (0, 50, 100, 150, 200), ticks, curves)
    return draw_panels("Little moves, and nothing is learned yet", words, [panel], columns=1)


if __name__ == "__main__":
    write_figures("backprop-by-hand", draw_figures())
