"""Forward and reverse mode: two orders in which to multiply the same local derivatives.

The chain rule makes a derivative a product of Jacobians, one a gate. Forward mode multiplies from
the inputs on: one sweep gives the derivative of *everything* with respect to one input, or in one
direction. Reverse mode, backpropagation, multiplies from the output back: one sweep gives the
gradient of *one output* with respect to everything. With a million weights and one loss that is a
million sweeps against one.

Both visit every node exactly once, in an order in which inputs come before what is made of them
(reverse mode: after), so their cost is that of evaluating the graph, times a small constant, even
where the number of *paths* through the graph is 2^1000.

Neither writes into the nodes: a sweep returns its derivatives, by node. A `.grad` that lives in the
node must be set to zero before every sweep, and who forgets it adds two gradients up; here a second
call cannot remember the first.

References
----------
Griewank and Walther (2008), "Evaluating Derivatives", chapter 3; Baydin et al. (2018), "Automatic
differentiation in machine learning: a survey".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import Array, as_float_array
from reference.graph.node import Node, expression


def topological_order(output: Node) -> list[Node]:
    """Return `output` and all it depends on, each once, inputs before what is made of them.

    Parameters
    ----------
    output : Node

    Returns
    -------
    list of Node
        `output` is the last.
    """
    order: list[Node] = []
    seen: set[Node] = set()
    # an explicit stack: a recursion would end at a thousand gates in a row
    stack = [(output, False)]
    while stack:
        node, has_inputs_done = stack.pop()
        if has_inputs_done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((one, False) for one in reversed(node.inputs))
    return order


def backward(output: Node, seed: ArrayLike | None = None) -> dict[Node, Array]:
    """Return the gradient of `output` with respect to every node it depends on (reverse mode).

    Each gradient starts at 0 and receives ``+=`` from every gate that uses the node: where a value
    fans out, dJ/dz = sum over the users y of (dJ/dy) (dy/dz), the multivariate chain rule.

    Parameters
    ----------
    output : Node
    seed : array_like, shape of the output, optional
        The gradient that arrives at the output. 1 for a scalar; needed for an array, where the
        result is u^T J for the seed u: the gradient of ``sum(u * output)``.

    Returns
    -------
    dict of Node to ndarray
        For each node an array of its shape, writeable and its own. A node on which the output does
        not depend is absent: its gradient is 0.

    Raises
    ------
    ValueError
        If the seed is missing for an array, is not finite or of another shape; or if a gradient
        overflows.

    Examples
    --------
    >>> x = Node(3.0)
    >>> float(backward(x * x + x)[x])
    7.0
    """
    if seed is None:
        if output.shape != ():
            raise ValueError(
                f"seed must be given where the output is no scalar, got an output of shape "
                f"{output.shape} and no seed"
            )
        seed = 1.0
    seed = as_float_array("seed", seed, shape=output.shape)
    order = topological_order(output)
    gradients = {node: np.zeros_like(node.value) for node in order}
    gradients[output] += seed
    with np.errstate(all="ignore"):
        for node in reversed(order):
            sent = contributions(node, gradients[node])
            for one, contribution in zip(node.inputs, sent, strict=True):
                gradients[one] += contribution
    _require_finite(gradients, "gradient of the output")
    return gradients


def contributions(node: Node, upstream: Array) -> tuple[Array, ...]:
    """Return what a node sends back to each of its inputs: local gradient x upstream gradient.

    Parameters
    ----------
    node : Node
    upstream : ndarray, shape of the node
        The gradient with respect to it.

    Returns
    -------
    tuple of ndarray
        One an input, of its shape; none for a node that has no inputs.
    """
    if node.gate is None:
        return ()
    return node.gate.vjp(node.value, _input_values(node), upstream)


def local_gradients(node: Node) -> tuple[Array, ...]:
    """Return the partial derivatives of a node with respect to each of its inputs.

    Parameters
    ----------
    node : Node

    Returns
    -------
    tuple of ndarray
        None for an input of the graph, and for a gate that mixes entries (a sum, a matrix
        product), which has no derivative entry by entry.
    """
    if node.gate is None or node.gate.partials is None:
        return ()
    return tuple(np.array(one) for one in node.gate.partials(node.value, *_input_values(node)))


def forward_mode(output: Node, tangents: Mapping[Node, ArrayLike]) -> dict[Node, Array]:
    """Return the derivative of every node that `output` depends on, in one direction.

    Parameters
    ----------
    output : Node
    tangents : mapping of Node to array_like
        The direction: how fast each input moves. Inputs that are absent stand still. For d/dW of
        everything, with a scalar W: ``{W: 1.0}``.

    Returns
    -------
    dict of Node to ndarray
        For each node, of its shape: J v for the direction v.

    Raises
    ------
    ValueError
        If a tangent is not finite or not of the shape of its node, a node with a tangent is no
        input but computed, or a derivative overflows.
    """
    derivatives: dict[Node, Array] = {}
    for node, tangent in tangents.items():
        if node.gate is not None:
            raise ValueError(f"tangents must be of inputs, got one of {expression(node)}")
        name = f"tangents[{node.name or '...'}]"
        derivatives[node] = as_float_array(name, tangent, shape=node.shape).astype(node.value.dtype)
    order = topological_order(output)
    with np.errstate(all="ignore"):
        for node in order:
            if node.gate is not None:
                moving = tuple(derivatives[one] for one in node.inputs)
                derivatives[node] = np.array(node.gate.jvp(node.value, _input_values(node), moving))
            elif node not in derivatives:
                derivatives[node] = np.zeros_like(node.value)
    _require_finite(derivatives, "derivative")
    return derivatives


def jvp(f: Callable[..., Node], x: Any, v: Any) -> tuple[Array, Array]:
    """Return f(x) and its derivative at x in the direction v, J v, by forward mode.

    Parameters
    ----------
    f : callable
        Takes nodes, returns a node.
    x : array_like or tuple of array_like
        The point; a tuple has one array for each argument of f.
    v : as x
        The direction, of the shapes of x.

    Returns
    -------
    value, derivative : ndarray
        Both of the shape of the output.

    Raises
    ------
    ValueError
        If x and v differ in shape or number, or f returns no Node.
    """
    inputs = as_inputs(x)
    directions = v if isinstance(v, tuple) else (v,)
    if len(directions) != len(inputs):
        raise ValueError(
            f"v must have one array for each of the {len(inputs)} in x, got {len(directions)}"
        )
    output = call(f, inputs)
    derivatives = forward_mode(output, dict(zip(inputs, directions, strict=True)))
    return output.value.copy(), derivatives[output]


def vjp(f: Callable[..., Node], x: Any) -> tuple[Array, Callable[[ArrayLike], Any]]:
    """Return f(x) and the function u -> u^T J of its Jacobian at x, by reverse mode.

    Parameters
    ----------
    f : callable
        Takes nodes, returns a node.
    x : array_like or tuple of array_like
        The point; a tuple has one array for each argument of f.

    Returns
    -------
    value : ndarray
    pull_back : callable
        Takes u of the shape of the value. Returns the gradient of ``sum(u * f)`` with respect to x,
        as an array, or as a tuple if x is one. The graph is built once, however often it is called.

    Raises
    ------
    ValueError
        If f returns no Node.
    """
    inputs = as_inputs(x)
    output = call(f, inputs)

    def pull_back(u: ArrayLike) -> Any:
        gradients = backward(output, as_float_array("u", u, shape=output.shape))
        found = tuple(gradients.get(one, np.zeros_like(one.value)) for one in inputs)
        return found if isinstance(x, tuple) else found[0]

    return output.value.copy(), pull_back


def as_inputs(x: Any) -> tuple[Node, ...]:
    """Return the arguments of a function as nodes: one an array, or one each of a tuple."""
    arrays = x if isinstance(x, tuple) else (x,)
    names = [f"x[{i}]" for i in range(len(arrays))] if isinstance(x, tuple) else ["x"]
    return tuple(
        Node(as_float_array(name, one), name) for name, one in zip(names, arrays, strict=True)
    )


def call(f: Callable[..., Node], inputs: tuple[Node, ...]) -> Node:
    """Return f of the nodes, which must be a node itself.

    Raises
    ------
    ValueError
        If it is not.
    """
    output = f(*inputs)
    is_node = isinstance(output, Node)
    if not is_node:
        raise ValueError(f"f must return a Node, got {type(output).__name__}")
    return output


def _input_values(node: Node) -> tuple[Array, ...]:
    return tuple(one.value for one in node.inputs)


def _require_finite(derivatives: Mapping[Node, Array], kind: str) -> None:
    for node, derivative in derivatives.items():
        if not np.isfinite(derivative).all():
            raise ValueError(f"the {kind} at {expression(node)} overflows")
