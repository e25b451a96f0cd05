"""The forward table of a single neuron: "Idea 1" of the course's lecture on training a network.

Row by row from the top: a variable, its value, its partial derivative with respect to the variable
before it, and its derivative with respect to the weight, which is the product of the partials so
far. That is forward mode done by hand, and `forward_table` makes it of any graph.

The lecture splits the binary cross-entropy of one sample, p = 1 / (1 + exp(-W^T X)),

    L = -y log p - (1 - y) log(1 - p) = L_A + L_B,

and needs seven functions with a derivative each, "that everybody can do": `basic_functions`.

References
----------
Bishop (2006), "Pattern Recognition and Machine Learning", eq. 4.90 and 4.91 (the cross-entropy and
its gradient); Baydin et al. (2018), "Automatic differentiation in machine learning: a survey",
table 2 (a forward table).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import Array, as_float_array, as_number
from reference.graph import gates
from reference.graph.gates import Arrays, Gate, elementwise
from reference.graph.jacobians import basis
from reference.graph.modes import forward_mode, local_gradients, topological_order
from reference.graph.node import Node, apply, expression
from reference.graph.printing import align, brief, labels

_DIGITS = 8
_MOST = (14, 24, 14)
"""A name may stand behind a partial derivative."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One variable of a forward table.

    Attributes
    ----------
    variable : str
        Its name.
    expression : str
        How it is computed.
    value : ndarray
    partials : tuple of (str, ndarray)
        The name of each variable that it is computed from and that moves with the weight, and the
        partial derivative with respect to it. Empty for a gate that mixes entries (a sum, a matrix
        product), which has no derivative entry by entry.
    derivative : ndarray
        The derivative with respect to the weight W; its shape is that of the value followed by
        that of W.
    """

    variable: str
    expression: str
    value: Array
    partials: tuple[tuple[str, Array], ...]
    derivative: Array


def forward_table(output: Node, variable: Node) -> tuple[TableRow, ...]:
    """Return value, partial derivative and derivative of everything between a weight and a loss.

    Parameters
    ----------
    output : Node
        The loss; any node.
    variable : Node
        The weight W, an input of its graph. Forward mode needs one sweep for each of its entries.

    Returns
    -------
    tuple of TableRow
        In the order of computation; the last row is that of `output`, and its derivative is the
        answer. Variables that do not depend on W have no row.

    Raises
    ------
    ValueError
        If `variable` is no input of the graph.
    """
    order = topological_order(output)
    if variable not in order or variable.gate is not None:
        raise ValueError(f"variable must be an input that the output depends on, got {variable}")
    names = labels(order)
    sweeps = [forward_mode(output, {variable: direction}) for direction in basis(variable)]
    moving = {variable}
    rows = []
    for node in order:
        if moving.isdisjoint(node.inputs):
            continue
        partials: dict[Node, Array] = {}
        for one, local in zip(node.inputs, local_gradients(node), strict=False):
            # of w * w, w is both inputs
            partials[one] = partials[one] + local if one in partials else local
        rows.append(
            TableRow(
                variable=names[node],
                expression=expression(node, names),
                value=node.value.copy(),
                partials=tuple((names[one], p) for one, p in partials.items() if one in moving),
                derivative=np.stack([sweep[node] for sweep in sweeps], axis=-1).reshape(
                    node.shape + variable.shape
                ),
            )
        )
        moving.add(node)
    return tuple(rows)


def format_table(rows: Sequence[TableRow]) -> str:
    """Return a forward table as text of at most 80 columns, with eight digits.

    Parameters
    ----------
    rows : sequence of TableRow
        As `forward_table` returned them.

    Returns
    -------
    str
        A variable that depends on several others takes a line for each of them. An array is shown
        by its entries if they are few and short, else by its shape.
    """
    lines = [("variable", "value", "partial", "derivative")]
    for row in rows:
        partials = [brief(partial, _DIGITS) for _, partial in row.partials] or ["-"]
        if len(partials) > 1:
            partials = [f"{brief(partial, _DIGITS)} ({name})" for name, partial in row.partials]
        variable = f"{row.variable} = {row.expression}"
        value, derivative = brief(row.value, _DIGITS), brief(row.derivative, _DIGITS)
        lines.append((variable, value, partials[0], derivative))
        lines += [("", "", partial, "") for partial in partials[1:]]
    return "\n".join(align(lines, _MOST))


def _negative_product(W: Array, X: Array) -> Array:
    if W.shape != X.shape or W.ndim > 1:
        raise ValueError(
            f"W and X must be numbers or vectors of one length, got {W.shape} and {X.shape}"
        )
    return np.asarray(-(W * X).sum())


def _negative_product_jvp(_: Array, inputs: Arrays, tangents: Arrays) -> Array:
    (W, X), (dW, dX) = inputs, tangents
    return np.asarray(-(dW * X + W * dX).sum())


NEGATIVE_PRODUCT = Gate(
    "-{} {}",
    _negative_product,
    jvp=_negative_product_jvp,
    vjp=lambda _, inputs, upstream: (-inputs[1] * upstream, -inputs[0] * upstream),
    partials=lambda _, W, X: (-X, -W),
)


def basic_functions(y: float) -> dict[str, Gate]:
    """Return the seven functions of the lecture, each with its derivative, as gates.

    Parameters
    ----------
    y : float
        The label of the sample, in [0, 1].

    Returns
    -------
    dict of str to Gate
        "x0" is X itself, "x1" is -W^T X, "x2" is exp, "x3" is 1 + x, "x4" is 1 / x, "x5" is log
        and "L_A" is -y x: their names on the slide. There the derivative of x1 is -a, where its own
        table says d xi1 / d W = -X, which is -x; and three of the functions are all called der1.

    Raises
    ------
    ValueError
        If y is outside [0, 1].
    """
    y = as_number("y", y, least=0.0, most=1.0)
    return {
        "x0": elementwise("{}", np.copy, lambda *_: (1.0,)),
        "x1": NEGATIVE_PRODUCT,
        "x2": gates.EXP,
        "x3": gates.shift(1.0),
        "x4": gates.RECIPROCAL,
        "x5": gates.LOG,
        "L_A": gates.scale(-y),
    }


def loss_part_a(X: ArrayLike, y: float, W: Node) -> Node:
    """Return L_A = -y log p of one sample, with every variable of the lecture's table named.

    Parameters
    ----------
    X : array_like, number or shape (n_features,)
        The features of the sample.
    y : float
        Its label, 0 or 1.
    W : Node, shape of X
        The weights.

    Returns
    -------
    Node
        A scalar, computed by the gates of `basic_functions`.

    Raises
    ------
    ValueError
        If the shapes of X and W differ, or y is outside [0, 1]; also if exp(-W^T X) overflows.

    Notes
    -----
    d L_A / d W = -y X exp(-W^T X) / (1 + exp(-W^T X)) = -y X (1 - p). At X = 3, W = 3, y = 1 it is
    -0.00037018372796. The slide prints +0.00037018372: its table lost the minus of
    d xi4 / d xi3 = -1 / xi3^2. The slide before it squares the denominator of the formula.
    """
    functions = basic_functions(y)
    p = _probability(functions, X, W)
    log_p = apply(functions["x5"], p).named("xi5")
    return apply(functions["L_A"], log_p).named("L_A")


def loss_part_b(X: ArrayLike, y: float, W: Node) -> Node:
    """Return L_B = -(1 - y) log(1 - p) of one sample, with every variable of the table named.

    Parameters
    ----------
    X, y, W
        As in `loss_part_a`.

    Returns
    -------
    Node
        A scalar.

    Raises
    ------
    ValueError
        As `loss_part_a`; also if 1 - p is 0 in floating point, which it is for W^T X > 37. A loss
        computed from the logit W^T X itself has no such limit.

    Notes
    -----
    d L_B / d W = (1 - y) X / (1 + exp(-W^T X)) = (1 - y) X p, as the slide's last line says. Its
    table lost the minus of L_B, writes log(1 / (1 + exp(-W^T X))) for the logarithm of
    1 - p = exp(-W^T X) / (1 + exp(-W^T X)), and "d xi3 / d 2".
    """
    functions = basic_functions(y)
    p = _probability(functions, X, W)
    rest = apply(gates.subtract_from(1.0), p).named("xi5")
    log_rest = apply(functions["x5"], rest).named("xi6")
    return apply(gates.scale(y - 1.0), log_rest).named("L_B")


def _probability(functions: dict[str, Gate], X: ArrayLike, W: Node) -> Node:
    """Return xi4 = p = 1 / (1 + exp(-W^T X)), by way of xi1, xi2 and xi3."""
    W.name = W.name or "W"
    X_node = Node(as_float_array("X", X), "X")
    xi = apply(functions["x1"], W, X_node).named("xi1")
    for i in (2, 3, 4):
        xi = apply(functions[f"x{i}"], xi).named(f"xi{i}")
    return xi
