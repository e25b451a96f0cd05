"""The figures of the handout `graph-basics`: `python -m docs.figures.graph_basics` draws them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from docs.figures.panels import picture, write_figures
from reference.graph import Node, backward, sigmoid
from reference.graph.modes import topological_order

_STYLE = (
    "text{font:13px sans-serif;fill:#1b2026;text-anchor:middle}.small{font-size:11px;fill:#525b66}"
    ".value{fill:#2b6b2f}.gradient{fill:#9c161c;font-style:italic}"
    ".edge{stroke:#525b66;fill:none}.gate{fill:#eef2f6;stroke:#525b66}.grid{stroke:#d4d9df}"
    ".curve{fill:none;stroke-width:2px}"
)
_COLUMN, _ROW, _RADIUS, _MARGIN = 104, 70, 22, 40
Place = tuple[float, float]


def draw_figures() -> dict[str, str]:
    """Return the text of every figure, by the name of its file."""
    return {
        "add-multiply.svg": _draw_add_multiply(),
        "neuron.svg": _draw_neuron(),
        "difference-error.svg": _draw_errors(),
    }


def _draw_add_multiply() -> str:
    x, y, z = Node(-2.0, "x"), Node(5.0, "y"), Node(-4.0, "z")
    q = (x + y).named("+")
    f = (q * z).named("*")
    places: dict[Node, Place] = {x: (0, 0), y: (0, 1), z: (0, 2), q: (1, 0.5), f: (2, 1.25)}
    return _draw_graph("(x + y) z at x = -2, y = 5, z = -4", f, places)


def _draw_neuron() -> str:
    w0, x0 = Node(2.0, "w0"), Node(-1.0, "x0")
    w1, x1, w2 = Node(-3.0, "w1"), Node(-2.0, "x1"), Node(-3.0, "w2")
    first, second = (w0 * x0).named("*"), (w1 * x1).named("*")
    both = (first + second).named("+")
    z = (both + w2).named("+")
    p = sigmoid(z).named("sigma")
    places: dict[Node, Place] = {
        w0: (0, 0), x0: (0, 1), w1: (0, 2), x1: (0, 3), w2: (0, 4),
        first: (1, 0.5), second: (1, 2.5), both: (2, 1.5), z: (3, 2.75), p: (4, 2.75),
    }  # fmt: skip
    return _draw_graph("A sigmoid neuron at w = (2, -3, -3), x = (-1, -2)", p, places)


def _draw_graph(title: str, output: Node, places: dict[Node, Place]) -> str:
    """Return a graph from left to right, each value above its edge and its gradient below."""
    gradients = backward(output)
    order = topological_order(output)
    at = {
        node: (_MARGIN + column * _COLUMN, 48 + row * _ROW)
        for node, (column, row) in places.items()
    }
    users = {one: node for node in order for one in node.inputs}
    lines, labels = [], []
    for node in order:
        x, y = at[node]
        ends = at[users[node]] if node in users else (x + _COLUMN, y)
        lines.append(f'<path class="edge" d="M{x} {y:g}L{ends[0]} {ends[1]:g}"/>')
        # near the inputs, where the edges are still apart, but clear of a gate's circle
        share = 0.36 if node.gate is None else 0.56
        middle, level = x + share * (ends[0] - x), y + share * (ends[1] - y)
        value, gradient = (f"{float(one) + 0.0:.4g}" for one in (node.value, gradients[node]))
        labels.append(f'<text class="value" x="{middle:g}" y="{level - 7:g}">{value}</text>')
        labels.append(f'<text class="gradient" x="{middle:g}" y="{level + 17:g}">{gradient}</text>')
        shape = (
            "" if node.gate is None else f'<circle class="gate" cx="{x}" cy="{y:g}" r="{_RADIUS}"/>'
        )
        shift = -12 if node.gate is None else 0
        labels.append(f'{shape}<text x="{x + shift}" y="{y + 5:g}">{escape(node.name)}</text>')
    width = round(max(x for x, _ in at.values()) + _COLUMN + 12)
    height = round(max(y for _, y in at.values()) + 34)
    legend = '<text class="small" x="{}" y="{}">values above, gradients below (italic)</text>'
    words = f"{title}: " + ", ".join(f"{node.name} {float(node.value):.4g}" for node in order)
    drawn = "".join([*lines, *labels, legend.format(width / 2, height - 6)])
    return picture(title, words, width, height, drawn, style=_STYLE)


def _draw_errors() -> str:
    """Return the errors of both differences of x^3 at 1.1, from large steps to tiny ones."""
    x = 1.1
    right = 3 * x * x
    steps = [10.0**-k for k in range(14)]

    def cube(number: float) -> float:
        return number * number * number

    forward = [abs((cube(x + h) - cube(x)) / h - right) for h in steps]
    central = [abs((cube(x + h) - cube(x - h)) / (2 * h) - right) for h in steps]
    width, height, left, top, right_edge, bottom = 560, 300, 60, 36, 546, 262
    low, high = -12, 1

    def place(h: float, error: float) -> str:
        across = left + (0 - math.log10(h)) / 13 * (right_edge - left)
        up = (math.log10(max(error, 10.0**low)) - low) / (high - low)
        return f"{across:.1f},{bottom - up * (bottom - top):.1f}"

    parts = []
    for decade in range(low, high + 1, 2):
        level = bottom - (decade - low) / (high - low) * (bottom - top)
        parts.append(f'<path class="grid" d="M{left} {level:.1f}H{right_edge}"/>')
        parts.append(
            f'<text class="small" x="{left - 26}" y="{level + 4:.1f}">{10.0**decade:g}</text>'
        )
    for k in range(0, 14, 2):
        across = left + k / 13 * (right_edge - left)
        parts.append(f'<path class="grid" d="M{across:.1f} {top}V{bottom}"/>')
        parts.append(f'<text class="small" x="{across:.1f}" y="{bottom + 18}">{10.0**-k:g}</text>')
    curves: Sequence[tuple[str, str, list[float], Place]] = (
        ("forward", 'stroke="#0b5a8f"', forward, (250, 92)),
        ("central", 'stroke="#9c161c" stroke-dasharray="6 4"', central, (158, 196)),
    )
    for name, stroke, errors, (across, level) in curves:
        points = " ".join(place(h, error) for h, error in zip(steps, errors, strict=True))
        parts.append(f'<polyline class="curve" {stroke} points="{points}"/>')
        parts.append(f'<text x="{across}" y="{level}">{name}</text>')
    parts.append(f'<text class="small" x="{width / 2}" y="{height - 6}">step h</text>')
    parts.append(
        f'<text class="small" x="{left + 60}" y="{top - 14}">error of the derivative</text>'
    )
    title = "Error of forward and central differences of x^3 at 1.1"
    words = (
        f"With h from 1 to 1e-13, the forward error falls to {min(forward):.1g}, the central one "
        f"to {min(central):.1g}; with smaller steps both rise again."
    )
    return picture(title, words, width, height, "".join(parts), style=_STYLE)


if __name__ == "__main__":
    write_figures("graph-basics", draw_figures())
