"""What a backward pass does, gate by gate, as plain text that a handout can print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from numpy.typing import ArrayLike

from reference.arrays import Array
from reference.graph.modes import backward, contributions, local_gradients, topological_order
from reference.graph.node import Node, expression

WIDTH = 80
_BRIEF = 10
"""An array whose entries take more characters is shown by its shape."""
_MOST = (12, 12, 40)
"""Columns after the first may be this wide; what is longer is cut."""


def trace(output: Node, seed: ArrayLike | None = None) -> str:
    """Return the forward and the backward pass of a graph as text of at most 80 columns.

    First come the named inputs. Then the gates, from the output back: how the value was computed,
    the value, and for each input of the gate how the gradient reaches it, [local gradient] x
    [upstream gradient]. Last come the gradients of the named inputs, as a sum where several gates
    use one.

    Parameters
    ----------
    output : Node
    seed : array_like, shape of the output, optional
        As in `backward`.

    Returns
    -------
    str
        Numbers have four digits, and an array that would take more than ten characters is shown by
        its shape. A gate that mixes entries has a rule in place of the local gradient:
        ``X.T @ [1 -2]``, with the upstream gradient within it. Gates without a name are called n1,
        n2 and so on.

    Raises
    ------
    ValueError
        As `backward`.

    Examples
    --------
    >>> x, y = Node(4.0, "x"), Node(-3.0, "y")
    >>> print(trace((x * y).named("f")))
    x = 4
    y = -3
    <BLANKLINE>
    gate       value  to  local x upstream = gradient
    f = x * y  -12    x   -3 x 1 = -3
                      y   4 x 1 = 4
    <BLANKLINE>
    df/dx = -3
    df/dy = 4
    """
    gradients = backward(output, seed)
    order = topological_order(output)
    names = labels(order)
    arrivals: dict[Node, list[str]] = {node: [] for node in order}
    rows = [("gate", "value", "to", "local x upstream = gradient")]
    for node in reversed(order):
        gate, value = f"{names[node]} = {expression(node, names)}", brief(node.value)
        upstream = gradients[node]
        for i, sent in enumerate(contributions(node, upstream)):
            arrivals[node.inputs[i]].append(brief(sent))
            product = f"{_local(node, i, upstream, names)} = {brief(sent)}"
            rows.append((gate, value, names[node.inputs[i]], product))
            gate = value = ""
    inputs = [node for node in order if node.name and node.gate is None]
    values = [_equation(node.name, [], node.value) for node in inputs]
    totals = [
        _equation(f"d{names[output]}/d{node.name}", arrivals[node], gradients[node])
        for node in inputs
    ]
    return "\n".join([*values, "", *align(rows, _MOST), "", *totals]).strip()


def brief(array: Array, digits: int = 4) -> str:
    """Return a number, the entries of a short vector, or the shape of another array."""
    if array.shape == ():
        return _number(float(array), digits)
    entries = f"[{' '.join(_number(float(one), digits) for one in array.ravel()[:_BRIEF])}]"
    return entries if array.ndim == 1 and len(entries) <= _BRIEF else str(array.shape)


def labels(order: Sequence[Node]) -> dict[Node, str]:
    """Return the names of the nodes; gates without one are n1, n2 ... in the order given."""
    taken = {node.name for node in order}
    fresh = (name for name in (f"n{i}" for i in range(1, 2 * len(order) + 2)) if name not in taken)
    return {
        node: node.name or (expression(node) if node.gate is None else next(fresh))
        for node in order
    }


def align(rows: Sequence[tuple[str, ...]], most: Sequence[int]) -> list[str]:
    """Return rows of cells as lines with aligned columns.

    The columns after the first are cut at the widths `most`; the first has what they leave.
    """
    first, *others = (max(map(len, column)) for column in zip(*rows, strict=True))
    others = [min(width, limit) for width, limit in zip(others, most, strict=True)]
    widths = [min(first, WIDTH - sum(others) - 2 * len(others)), *others]
    return [
        "  ".join(
            _clip(cell, width).ljust(width) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def _local(node: Node, i: int, upstream: Array, names: Mapping[Node, str]) -> str:
    """Return what is done to the upstream gradient on its way to input i."""
    partials = local_gradients(node)
    if partials:
        return f"{brief(partials[i])} x {brief(upstream)}"
    rule = node.gate.rules[i] if node.gate and node.gate.rules else "{u}"
    return rule.format(*(names[one] for one in node.inputs), u=brief(upstream))


def _equation(name: str, terms: list[str], total: Array) -> str:
    """Return a line "name = total", with the terms of the sum if there are several."""
    end = f" = {brief(total)}"
    start = " = ".join([name, " + ".join(terms)]) if len(terms) > 1 else name
    return _clip(start, WIDTH - len(end)) + end


def _number(number: float, digits: int) -> str:
    return f"{number + 0.0:.{digits}g}"  # + 0.0: no handout should print -0


def _clip(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 2] + ".."
