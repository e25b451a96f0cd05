"""Forward and reverse mode: numbers that remember how they were made, and differentiate.

The handout (README.md) has the mathematics, the conventions, and worked examples.
"""

import math

import numpy as np


class Node:
    """A number in a graph.

    value is the number. grad is 0.0 until `backward` writes the derivative of its output there.

    The operators + - * / ** and the minus in front make new nodes. On one side of an operator there
    may be a plain number, an int or a float: 2 * x, x / 3, 2 ** x. What else a node remembers is up
    to you; so are the names, the defaults and the number of further arguments of __init__.
    """

    def __init__(self, value, inputs=(), partials=()):
        # BEGIN SOLUTION
        self.value = value
        self.grad = 0.0
        self.inputs = inputs
        self.partials = partials
        # a dual number, too: an input has the tangent that jvp gives it, everything else the sum
        self.tangent = 0.0
        for one, partial in zip(inputs, partials, strict=True):
            self.tangent += partial * one.tangent
        # END SOLUTION

    def __add__(self, other):
        # BEGIN SOLUTION
        other = as_node(other)
        return Node(self.value + other.value, (self, other), (1.0, 1.0))
        # END SOLUTION

    def __radd__(self, other):
        # BEGIN SOLUTION
        return as_node(other) + self
        # END SOLUTION

    def __sub__(self, other):
        # BEGIN SOLUTION
        other = as_node(other)
        return Node(self.value - other.value, (self, other), (1.0, -1.0))
        # END SOLUTION

    def __rsub__(self, other):
        # BEGIN SOLUTION
        return as_node(other) - self
        # END SOLUTION

    def __mul__(self, other):
        # BEGIN SOLUTION
        other = as_node(other)
        return Node(self.value * other.value, (self, other), (other.value, self.value))
        # END SOLUTION

    def __rmul__(self, other):
        # BEGIN SOLUTION
        return as_node(other) * self
        # END SOLUTION

    def __truediv__(self, other):
        # BEGIN SOLUTION
        other = as_node(other)
        quotient = self.value / other.value
        return Node(quotient, (self, other), (1.0 / other.value, -quotient / other.value))
        # END SOLUTION

    def __rtruediv__(self, other):
        # BEGIN SOLUTION
        return as_node(other) / self
        # END SOLUTION

    def __pow__(self, other):
        # BEGIN SOLUTION
        if not isinstance(other, Node):
            # no logarithm here: the base may be negative
            return Node(self.value**other, (self,), (other * self.value ** (other - 1),))
        power = self.value**other.value
        to_base = other.value * self.value ** (other.value - 1)
        return Node(power, (self, other), (to_base, power * math.log(self.value)))
        # END SOLUTION

    def __rpow__(self, other):
        # BEGIN SOLUTION
        return as_node(other) ** self
        # END SOLUTION

    def __neg__(self):
        # BEGIN SOLUTION
        return Node(-self.value, (self,), (-1.0,))
        # END SOLUTION


def as_node(x):
    """Return x if it is a node, else a new node of the plain number x. You may use it."""
    return x if isinstance(x, Node) else Node(x)


def exp(x):
    """Return e to the power x, for a node or a plain number."""
    # BEGIN SOLUTION
    x = as_node(x)
    power = math.exp(x.value)
    return Node(power, (x,), (power,))
    # END SOLUTION


def log(x):
    """Return the natural logarithm of x, for a node or a plain number."""
    # BEGIN SOLUTION
    x = as_node(x)
    return Node(math.log(x.value), (x,), (1.0 / x.value,))
    # END SOLUTION


def sin(x):
    """Return the sine of x, for a node or a plain number."""
    # BEGIN SOLUTION
    x = as_node(x)
    return Node(math.sin(x.value), (x,), (math.cos(x.value),))
    # END SOLUTION


def maximum(x, y):
    """Return the larger of x and y: two nodes, or a node and a plain number in either place."""
    # BEGIN SOLUTION
    x, y = as_node(x), as_node(y)
    if x.value >= y.value:
        return Node(x.value, (x, y), (1.0, 0.0))
    return Node(y.value, (x, y), (0.0, 1.0))
    # END SOLUTION


def backward(node):
    """Write the derivative of node with respect to m into m.grad, for every m it is made of.

    That is for node itself (1), for the inputs, and for everything in between. What was in grad
    before is forgotten. Nothing is returned.
    """
    # BEGIN SOLUTION
    order, seen, stack = [], set(), [(node, False)]
    while stack:
        one, has_inputs_done = stack.pop()
        if has_inputs_done:
            order.append(one)
        elif one not in seen:
            seen.add(one)
            stack.append((one, True))
            stack.extend((source, False) for source in one.inputs)
    for one in order:
        one.grad = 0.0
    node.grad = 1.0
    for one in reversed(order):
        for source, partial in zip(one.inputs, one.partials, strict=True):
            source.grad += partial * one.grad
    # END SOLUTION


def gradient(f, x):
    """Return the gradient of f at x by reverse mode, an array of floats of shape (M,).

    f takes a list of M nodes and returns a node; call it once. x has M numbers, floats or whole
    ones, in an array or a list. The derivative with respect to what f does not use is 0.
    """
    # BEGIN SOLUTION
    inputs = [Node(number) for number in x]
    backward(f(inputs))
    return np.array([one.grad for one in inputs])
    # END SOLUTION


def jvp(f, x, v):
    """Return (y, dy) by forward mode: y = f(x), and its derivative dy at x in the direction v.

    f takes a list of M nodes and returns one node, or a list of N; call it once. x and v have M
    numbers each. For one node y and dy are numbers, for a list arrays of shape (N,). In the list
    there may be plain numbers; their derivative is 0.
    """
    # BEGIN SOLUTION
    inputs = [Node(number) for number in x]
    for one, tangent in zip(inputs, v, strict=True):
        one.tangent = tangent
    output = f(inputs)
    if isinstance(output, Node):
        return output.value, output.tangent
    nodes = [as_node(one) for one in output]
    return np.array([one.value for one in nodes]), np.array([one.tangent for one in nodes])
    # END SOLUTION


def jacobian(f, x, layout="numerator"):
    """Return the Jacobian of f at x, an array, by the mode that you like.

    f and x are as in jvp, but f may be called as often as you like. In "numerator" layout
    dy_i / dx_k stands in row i, column k: shape (N, M). The "denominator" layout is its transpose:
    shape (M, N). Where f returns one node, N is 1, and there are two axes still.
    """
    # BEGIN SOLUTION
    columns = [jvp(f, x, direction)[1] for direction in np.eye(len(x))]
    rows = np.atleast_2d(np.stack(columns, axis=-1))
    return rows if layout == "numerator" else rows.T
    # END SOLUTION


def forward_table(X, W, y, part="A"):
    """Return the three columns of the forward table of a neuron: (values, partials, derivatives).

    X, W and y are numbers: input, weight and label. Part "A" has the rows xi1 ... xi5 and L_A, part
    "B" the rows xi1 ... xi6 and L_B, so the columns are arrays of shape (6,) or (7,). values has
    the variables, partials the derivative of each with respect to the one before it (of xi1: with
    respect to W), derivatives that of each with respect to W.
    """
    # BEGIN SOLUTION
    xi1 = -W * X
    xi2 = math.exp(xi1)
    xi3 = 1.0 + xi2
    xi4 = 1.0 / xi3
    rows = [(xi1, -X), (xi2, xi2), (xi3, 1.0), (xi4, -1.0 / xi3**2)]
    if part == "A":
        xi5 = math.log(xi4)
        rows += [(xi5, 1.0 / xi4), (-y * xi5, -y)]
    else:
        xi5 = 1.0 - xi4
        xi6 = math.log(xi5)
        rows += [(xi5, -1.0), (xi6, 1.0 / xi5), (-(1.0 - y) * xi6, -(1.0 - y))]
    values, partials = np.array(rows).T
    return values, partials, np.cumprod(partials)
    # END SOLUTION
