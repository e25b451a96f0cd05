# Written from the handout alone.
"""Forward and reverse mode: numbers that remember how they were made, and differentiate."""

import math

import numpy as np


class Node:
    """A number in a graph, with its derivatives in both modes.

    inputs are the nodes that it was made of, and partials the local derivatives by them. tangent is
    for forward mode: that of an input is 0.0 until somebody sets it, before the input is used.
    """

    def __init__(self, value, inputs=(), partials=()):
        # Floats of every kind stay what they are; whole numbers would make trouble in powers.
        self.value = value if isinstance(value, float) else float(value)
        self.grad = 0.0
        self.inputs = inputs
        self.partials = partials
        self.tangent = 0.0
        for node, partial in zip(inputs, partials, strict=True):
            self.tangent += partial * node.tangent

    def __repr__(self):
        return f"Node({self.value}, grad={self.grad})"

    def __add__(self, other):
        other = as_node(other)
        return Node(self.value + other.value, (self, other), (1.0, 1.0))

    def __radd__(self, other):
        return as_node(other) + self

    def __sub__(self, other):
        other = as_node(other)
        return Node(self.value - other.value, (self, other), (1.0, -1.0))

    def __rsub__(self, other):
        return as_node(other) - self

    def __mul__(self, other):
        other = as_node(other)
        return Node(self.value * other.value, (self, other), (other.value, self.value))

    def __rmul__(self, other):
        return as_node(other) * self

    def __truediv__(self, other):
        other = as_node(other)
        quotient = self.value / other.value
        return Node(quotient, (self, other), (1.0 / other.value, -quotient / other.value))

    def __rtruediv__(self, other):
        return as_node(other) / self

    def __pow__(self, other):
        base = self.value
        exponent = other.value if isinstance(other, Node) else other
        power = base**exponent
        # The zeroth power is constant, and 0 ** -1 does not exist.
        by_base = exponent * base ** (exponent - 1) if exponent != 0 else 0.0
        if not isinstance(other, Node):
            return Node(power, (self,), (by_base,))
        return Node(power, (self, other), (by_base, power * math.log(base)))

    def __rpow__(self, other):
        return as_node(other) ** self

    def __neg__(self):
        return Node(-self.value, (self,), (-1.0,))


def as_node(x):
    """Return x if it is a node, else a new node of the plain number x."""
    return x if isinstance(x, Node) else Node(x)


def exp(x):
    """Return e to the power x, a node."""
    x = as_node(x)
    value = math.exp(x.value)
    return Node(value, (x,), (value,))


def log(x):
    """Return the natural logarithm of x, a node."""
    x = as_node(x)
    return Node(math.log(x.value), (x,), (1.0 / x.value,))


def sin(x):
    """Return the sine of x, a node."""
    x = as_node(x)
    return Node(math.sin(x.value), (x,), (math.cos(x.value),))


def maximum(x, y):
    """Return the larger of x and y, a node."""
    x, y = as_node(x), as_node(y)
    # Of equals the first counts alone, so that maximum(x, x) has the derivative of x.
    partials = (1.0, 0.0) if x.value >= y.value else (0.0, 1.0)
    return Node(max(x.value, y.value), (x, y), partials)


def topological_order(node):
    """Return all nodes that node is made of, each once and after its inputs; node is the last."""
    order = []
    seen = set()
    stack = [(node, False)]
    while stack:
        current, inputs_done = stack.pop()
        if inputs_done:
            order.append(current)
        elif current not in seen:
            seen.add(current)
            stack.append((current, True))
            stack.extend((before, False) for before in current.inputs)
    return order


def backward(node):
    """Write the derivative of node with respect to m into m.grad, for every m it is made of."""
    order = topological_order(node)
    for current in order:
        current.grad = 0.0
    node.grad = 1.0
    for current in reversed(order):
        for before, partial in zip(current.inputs, current.partials, strict=True):
            before.grad += partial * current.grad


def gradient_by(inputs, node):
    """Return the derivatives of node with respect to inputs: 0 for those that it does not use."""
    for current in inputs:
        current.grad = 0.0
    backward(node)
    return np.array([current.grad for current in inputs], dtype=float)


def as_list(result):
    """Return what a function has returned as a list of nodes, and whether it was a list."""
    is_list = isinstance(result, list | tuple | np.ndarray)
    return [as_node(output) for output in (result if is_list else [result])], is_list


def gradient(f, x):
    """Return the gradient of f at x by reverse mode, an array of floats of shape (M,)."""
    inputs = [Node(value) for value in x]
    return gradient_by(inputs, as_node(f(list(inputs))))


def jvp(f, x, v):
    """Return (y, dy) by forward mode: y = f(x), and its derivative at x in the direction v."""
    inputs = [Node(value) for value in x]
    for node, tangent in zip(inputs, v, strict=True):
        node.tangent = float(tangent)
    outputs, is_list = as_list(f(inputs))
    if not is_list:
        return outputs[0].value, outputs[0].tangent
    y = np.array([node.value for node in outputs], dtype=float)
    dy = np.array([node.tangent for node in outputs], dtype=float)
    return y, dy


def jacobian(f, x, layout="numerator"):
    """Return the Jacobian of f at x, row by row in reverse mode through one graph."""
    if layout not in ("numerator", "denominator"):
        raise ValueError(f"there is no layout {layout!r}")
    inputs = [Node(value) for value in x]
    outputs, _ = as_list(f(list(inputs)))
    rows = np.zeros((len(outputs), len(inputs)))
    for i, output in enumerate(outputs):
        rows[i] = gradient_by(inputs, output)
    return rows if layout == "numerator" else rows.T


def forward_table(X, W, y, part="A"):
    """Return the three columns of the forward table of a neuron: (values, partials, derivatives)."""
    xi1 = -W * X
    xi2 = math.exp(xi1)
    xi3 = xi2 + 1
    xi4 = 1 / xi3
    values = [xi1, xi2, xi3, xi4]
    partials = [-X, xi2, 1, -1 / xi3**2]
    if part == "A":
        xi5 = math.log(xi4)
        values += [xi5, -y * xi5]
        partials += [1 / xi4, -y]
    elif part == "B":
        xi5 = 1 - xi4
        xi6 = math.log(xi5)
        values += [xi5, xi6, -(1 - y) * xi6]
        partials += [-1, 1 / xi5, -(1 - y)]
    else:
        raise ValueError(f"there is no part {part!r}")
    return np.array(values, dtype=float), np.array(partials, dtype=float), np.cumprod(partials)
