"""The figures of the handout `mlp-backprop`: `python -m docs.figures.mlp_backprop` draws them."""

from __future__ import annotations

from html import escape

import numpy as np

from docs.figures.panels import Curve, Panel, draw_panels, picture, write_figures
from reference import MLP

_SEED, _HIDDEN, _STEPS, _RATE = 1, 8, 400, 0.2
_INPUTS, _LABELS = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1, 0]
_BOX, _GAP, _TOP = 76, 86, 58
_STEPS_OF_CHAIN = (
    ("affine", "W1, b1", "X^T G, sum of G", "X"),
    ("ReLU", "", "", "Z1"),
    ("affine", "W2, b2", "A1^T G, sum of G", "A1"),
    ("softmax, loss", "y", "", "P"),
)
_FORWARDS = ("X", "Z1", "A1", "logits", "loss")
_SHAPES = ("N x D", "N x H", "N x H", "N x K", "1")
_BACKWARDS = ("", "G where Z1 > 0", "G W2^T", "(P - T) / N", "1")


def draw_figures() -> dict[str, str]:
    """Return the figures by the names of their files."""
    return {"xor.svg": _draw_xor(), "backwards.svg": _draw_backwards()}


def _draw_xor() -> str:
    drawn = MLP.initialise([2, _HIDDEN, 2], np.random.default_rng(_SEED))
    first, second = drawn.weights
    alike = [np.repeat(first[:, :1], _HIDDEN, axis=1), np.repeat(second[:1], _HIDDEN, axis=0)]
    steps = np.arange(_STEPS + 1.0)
    curves = [
        ("ReLU, random weights", _descend(drawn, "relu"), (130, 0.18)),
        ("without ReLU", _descend(drawn, "identity"), (280, 0.72)),
        ("all units alike", _descend(MLP(alike, drawn.biases), "relu"), (280, 0.40)),
    ]
    panel = Panel(
        "Loss of XOR, by steps of gradient descent",
        (0, 100, 200, 300, 400),
        (0, 0.2, 0.4, 0.6, 0.8, 1),
        [Curve(name, steps, y, at, stroke) for stroke, (name, y, at) in enumerate(curves)],
    )
    words = "; ".join(f"{name}: {y[0]:.2f} to {y[-1]:.2f}" for name, y, _ in curves)
    return draw_panels("What ReLUs and random weights are for", words, [panel], columns=1)


def _descend(network: MLP, hidden: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the loss before each step and after the last."""
    weights, biases = list(network.weights), list(network.biases)
    losses = []
    for _ in range(_STEPS + 1):
        gradients = MLP(weights, biases, hidden=hidden).gradients(_INPUTS, _LABELS)
        losses.append(gradients.loss)
        weights = [W - _RATE * g for W, g in zip(weights, gradients.weights, strict=True)]
        biases = [b - _RATE * g for b, g in zip(biases, gradients.biases, strict=True)]
    return np.array(losses)


def _draw_backwards() -> str:
    parts = []
    for place, (forward, shape, back) in enumerate(
        zip(_FORWARDS, _SHAPES, _BACKWARDS, strict=True)
    ):
        x = 12 + place * (_BOX + _GAP)
        parts.append(_arrow(x, x + _GAP - 8, _TOP + 12, "#0b5a8f"))
        parts.append(_text(x + _GAP / 2 - 4, _TOP + 4, forward, "#0b5a8f"))
        parts.append(_text(x + _GAP / 2 - 4, _TOP - 14, shape, "#525b66"))
        if back:
            parts.append(_arrow(x + _GAP - 8, x, _TOP + 42, "#9c161c"))
            parts.append(_text(x + _GAP / 2 - 4, _TOP + 60, back, "#9c161c"))
    for place, (name, given, gradients, cache) in enumerate(_STEPS_OF_CHAIN):
        x = 12 + _GAP + place * (_BOX + _GAP) - 4
        parts.append(
            f'<rect x="{x}" y="{_TOP - 4}" width="{_BOX}" height="58" rx="4" '
            'fill="#eef2f6" stroke="#8b95a1"/>'
        )
        middle = x + _BOX / 2
        parts.append(_text(middle, _TOP + 20, name, "#1b2026"))
        parts.append(_text(middle, _TOP + 40, f"keeps {cache}", "#525b66"))
        if given:
            parts.append(_text(middle, _TOP - 34, given, "#1b2026"))
            parts.append(f'<path d="M{middle} {_TOP - 28}V{_TOP - 6}" stroke="#8b95a1"/>')
        if gradients:
            parts.append(f'<path d="M{middle} {_TOP + 56}V{_TOP + 84}" stroke="#9c161c"/>')
            parts.append(_text(middle, _TOP + 98, gradients, "#9c161c"))
    width = 12 + 5 * _GAP + 4 * _BOX + 12
    words = (
        "Forwards X, Z1, A1, logits, loss through affine, ReLU, affine, softmax and loss. "
        "Backwards G is (P - T) / N, then G W2^T, then G where Z1 is positive. Each affine step "
        "also gives the gradients of its weights, input^T G, and biases, the sum of the rows of G."
    )
    return picture("Backpropagation through two layers", words, width, 170, "".join(parts))


def _text(x: float, y: float, text: str, colour: str) -> str:
    place = f'x="{x:g}" y="{y:g}" text-anchor="middle"'
    return f'<text class="small" {place} style="fill:{colour}">{escape(text)}</text>'


def _arrow(start: float, end: float, y: float, colour: str) -> str:
    back = 5 if end < start else -5
    head = f"M{end:g} {y:g}l{back} -4v8z"
    line = f'<path d="M{start:g} {y:g}H{end:g}" stroke="{colour}" stroke-width="1.5"/>'
    return f'{line}<path d="{head}" fill="{colour}"/>'


if __name__ == "__main__":
    write_figures("mlp-backprop", draw_figures())
