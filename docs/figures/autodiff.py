"""The figures of the handout `autodiff`: `python -m docs.figures.autodiff` draws them."""

from __future__ import annotations

from collections.abc import Mapping

from docs.figures.panels import picture, write_figures
from reference.arrays import Array
from reference.graph import Node, backward, forward_mode, sin

_STYLE = (
    "text{font:13px sans-serif;fill:#1b2026;text-anchor:middle}.small{font-size:11px;fill:#525b66}"
    ".forward{fill:#0b5a8f}.reverse{fill:#9c161c;font-style:italic}.edge{fill:none}"
    ".gate{fill:#eef2f6;stroke:#525b66}"
)
_WIDTH, _HEIGHT, _RADIUS = 340, 240, 20
_PLACES = {"x": (50, 126), "z1": (170, 74), "z2": (170, 178), "y": (290, 126)}
_LABELS = {"x": "x", "z1": "sin", "z2": "cube", "y": "*"}
_EDGES = (("x", "z1"), ("x", "z2"), ("z1", "y"), ("z2", "y"))


def product_of_two_paths(number: float) -> dict[str, Node]:
    """Return the nodes of y = z1 z2 with z1 = sin(x) and z2 = x^3, by name."""
    x = Node(number, "x")
    z1, z2 = sin(x).named("z1"), (x**3).named("z2")
    return {"x": x, "z1": z1, "z2": z2, "y": (z1 * z2).named("y")}


def draw_figures() -> dict[str, str]:
    """Return the text of every figure, by the name of its file."""
    nodes = product_of_two_paths(1.0)
    tangents = forward_mode(nodes["y"], {nodes["x"]: 1.0})
    gradients = backward(nodes["y"])
    title = "Both modes on y = sin(x) x^3 at x = 1"
    words = "; ".join(
        f"{name}: value {float(node.value):.4f}, by x {float(tangents[node]):.4f}, "
        f"y by it {float(gradients[node]):.4f}"
        for name, node in nodes.items()
    )
    left = _draw_sweep("forward: derivatives by x", "forward", nodes, tangents)
    right = _draw_sweep("reverse: derivatives of y", "reverse", nodes, gradients)
    drawn = f'{_arrow_heads()}{left}<g transform="translate({_WIDTH} 0)">{right}</g>'
    return {"both-modes.svg": picture(title, words, 2 * _WIDTH, _HEIGHT, drawn, style=_STYLE)}


def _arrow_heads() -> str:
    head = '<marker id="{}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
    head += 'orient="auto"><path d="M0 0L8 4L0 8z" fill="{}"/></marker>'
    return f"<defs>{head.format('forward', '#0b5a8f')}{head.format('reverse', '#9c161c')}</defs>"


def _draw_sweep(
    heading: str, way: str, nodes: Mapping[str, Node], derivatives: Mapping[Node, Array]
) -> str:
    """Return the graph with an arrow along each edge, and at each node the derivative there."""
    colour = "#0b5a8f" if way == "forward" else "#9c161c"
    parts = [f'<text x="{_WIDTH / 2:g}" y="20">{heading}</text>']
    for edge in _EDGES:
        start, end = edge if way == "forward" else edge[::-1]
        (x1, y1), (x2, y2) = _PLACES[start], _PLACES[end]
        length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
        across, down = _RADIUS * (x2 - x1) / length, _RADIUS * (y2 - y1) / length
        ends = f"M{x1 + across:.1f} {y1 + down:.1f}L{x2 - across:.1f} {y2 - down:.1f}"
        parts.append(f'<path class="edge" stroke="{colour}" marker-end="url(#{way})" d="{ends}"/>')
    for name, node in nodes.items():
        x, y = _PLACES[name]
        parts.append(f'<circle class="gate" cx="{x}" cy="{y}" r="{_RADIUS}"/>')
        parts.append(f'<text x="{x}" y="{y + 5}">{_LABELS[name]}</text>')
        parts.append(
            f'<text class="{way}" x="{x}" y="{y + 37}">{float(derivatives[node]):.4f}</text>'
        )
        if name != "x":
            parts.append(f'<text class="small" x="{x}" y="{y - 26}">{name}</text>')
    return "".join(parts)


if __name__ == "__main__":
    write_figures("autodiff", draw_figures())
