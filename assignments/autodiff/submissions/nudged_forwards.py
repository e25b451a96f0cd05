# fails: jvp, forward-is-reverse
"""A directional derivative is (f(x + h v) - f(x - h v)) / 2h."""

import numpy as np

TAPE = []


class Node:
    def __init__(self, value, *arrows):
        """arrows: pairs of a node and the derivative with respect to it"""
        self.value = value
        self.grad = 0.0
        self.arrows = arrows
        self.place = len(TAPE)
        TAPE.append(self)

    def __add__(self, other):
        other = lift(other)
        return Node(self.value + other.value, (self, 1), (other, 1))

    def __sub__(self, other):
        other = lift(other)
        return Node(self.value - other.value, (self, 1), (other, -1))

    def __mul__(self, other):
        other = lift(other)
        return Node(self.value * other.value, (self, other.value), (other, self.value))

    def __truediv__(self, other):
        other = lift(other)
        a, b = self.value, other.value
        return Node(a / b, (self, 1 / b), (other, -a / b ** 2))

    def __pow__(self, other):
        other = lift(other)
        a, n = float(self.value), float(other.value)
        arrows = [(self, n * a ** (n - 1))]
        if a > 0:
            arrows.append((other, a ** n * np.log(a)))
        return Node(a ** n, *arrows)

    def __radd__(self, other):
        return lift(other) + self

    def __rsub__(self, other):
        return lift(other) - self

    def __rmul__(self, other):
        return lift(other) * self

    def __rtruediv__(self, other):
        return lift(other) / self

    def __rpow__(self, other):
        return lift(other) ** self

    def __neg__(self):
        return 0 - self


def lift(x):
    return x if isinstance(x, Node) else Node(x)


def exp(x):
    x = lift(x)
    e = np.exp(x.value)
    return Node(e, (x, e))


def log(x):
    x = lift(x)
    return Node(np.log(x.value), (x, 1 / x.value))


def sin(x):
    x = lift(x)
    return Node(np.sin(x.value), (x, np.cos(x.value)))


def maximum(x, y):
    x, y = lift(x), lift(y)
    lead = np.sign(x.value - y.value)  # at a tie both get half
    return Node(max(x.value, y.value), (x, (1 + lead) / 2), (y, (1 - lead) / 2))


def backward(node):
    """The tape backwards, from node on: what was written later cannot matter."""
    before = TAPE[: node.place]
    for one in before:
        one.grad = 0.0
    node.grad = 1.0
    for one in [node] + before[::-1]:
        for source, slope in one.arrows:
            source.grad += slope * one.grad


def gradient(f, x):
    nodes = [Node(a) for a in x]
    backward(f(nodes))
    return [one.grad for one in nodes]


def forward(f, x, v):
    """Return the nodes of f(x), and their derivatives: the tape forwards, from the inputs on."""
    h = 1e-6
    x, v = np.asarray(x, dtype=float), np.asarray(v)

    def at(place):
        out = f([Node(a) for a in place])
        return [lift(one).value for one in (out if isinstance(out, list) else [out])]

    right, left = at(x + h * v), at(x - h * v)
    is_single = isinstance(f([Node(a) for a in x]), Node)
    return is_single, at(x), [(b - a) / (2 * h) for a, b in zip(left, right)]


def jvp(f, x, v):
    is_single, values, derivatives = forward(f, x, v)
    if is_single:
        return values[0], derivatives[0]
    return np.array(values), np.array(derivatives)


def jacobian(f, x, layout="numerator"):
    """A row for each output, by reverse mode."""
    nodes = [Node(a) for a in x]
    out = f(nodes)
    rows = []
    for one in out if isinstance(out, list) else [out]:
        for node in nodes:
            node.grad = 0.0
        backward(lift(one))
        rows.append([node.grad for node in nodes])
    rows = np.array(rows)
    return rows if layout == "numerator" else rows.T


def forward_table(X, W, y, part="A"):
    """The nodes make the table themselves."""
    w = Node(W)
    start = len(TAPE)
    xi = [w * (-X)]
    xi.append(exp(xi[-1]))
    xi.append(1 + xi[-1])
    xi.append(1 / xi[-1])
    if part == "B":
        xi.append(1 - xi[-1])
    xi.append(log(xi[-1]))
    xi.append((-y if part == "A" else y - 1) * xi[-1])
    values, partials, derivatives = [], [], []
    for before, one in zip([w] + xi, xi):
        values.append(one.value)
        (partial,) = [slope for source, slope in one.arrows if source is before]
        partials.append(partial)
        derivatives.append(partial * (derivatives[-1] if derivatives else 1))
    return np.array(values), np.array(partials), np.array(derivatives)
