# fails: arithmetic, plain-numbers, powers, functions, chain-rule, fan-out, any-graph, backward-again, many-paths, long-chain, gradient, jvp, forward-is-reverse, jacobian, layouts, jacobian-zeros, forward-table, other-half
# diagnosis: not_implemented
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
        # YOUR CODE HERE
        raise NotImplementedError

    def __add__(self, other):
        # YOUR CODE HERE
        raise NotImplementedError

    def __radd__(self, other):
        # YOUR CODE HERE
        raise NotImplementedError

    def __sub__(self, other):
        # YOUR CODE HERE
        raise NotImplementedError

    def __rsub__(self, other):
        # YOUR CODE HERE
        raise NotImplementedError

    def __mul__(self, other):
        # YOUR CODE HERE
        raise NotImplementedError

    def __rmul__(self, other):
        # YOUR CODE HERE
        raise NotImplementedError

    def __truediv__(self, other):
        # YOUR CODE HERE
        raise NotImplementedError

    def __rtruediv__(self, other):
        # YOUR CODE HERE
        raise NotImplementedError

    def __pow__(self, other):
        # YOUR CODE HERE
        raise NotImplementedError

    def __rpow__(self, other):
        # YOUR CODE HERE
        raise NotImplementedError

    def __neg__(self):
        # YOUR CODE HERE
        raise NotImplementedError


def as_node(x):
    """Return x if it is a node, else a new node of the plain number x. You may use it."""
    return x if isinstance(x, Node) else Node(x)


def exp(x):
    """Return e to the power x, for a node or a plain number."""
    # YOUR CODE HERE
    raise NotImplementedError


def log(x):
    """Return the natural logarithm of x, for a node or a plain number."""
    # YOUR CODE HERE
    raise NotImplementedError


def sin(x):
    """Return the sine of x, for a node or a plain number."""
    # YOUR CODE HERE
    raise NotImplementedError


def maximum(x, y):
    """Return the larger of x and y: two nodes, or a node and a plain number in either place."""
    # YOUR CODE HERE
    raise NotImplementedError


def backward(node):
    """Write the derivative of node with respect to m into m.grad, for every m it is made of.

    That is for node itself (1), for the inputs, and for everything in between. What was in grad
    before is forgotten. Nothing is returned.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def gradient(f, x):
    """Return the gradient of f at x by reverse mode, an array of floats of shape (M,).

    f takes a list of M nodes and returns a node; call it once. x has M numbers, floats or whole
    ones, in an array or a list. The derivative with respect to what f does not use is 0.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def jvp(f, x, v):
    """Return (y, dy) by forward mode: y = f(x), and its derivative dy at x in the direction v.

    f takes a list of M nodes and returns one node, or a list of N; call it once. x and v have M
    numbers each. For one node y and dy are numbers, for a list arrays of shape (N,). In the list
    there may be plain numbers; their derivative is 0.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def jacobian(f, x, layout="numerator"):
    """Return the Jacobian of f at x, an array, by the mode that you like.

    f and x are as in jvp, but f may be called as often as you like. In "numerator" layout
    dy_i / dx_k stands in row i, column k: shape (N, M). The "denominator" layout is its transpose:
    shape (M, N). Where f returns one node, N is 1, and there are two axes still.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def forward_table(X, W, y, part="A"):
    """Return the three columns of the forward table of a neuron: (values, partials, derivatives).

    X, W and y are numbers: input, weight and label. Part "A" has the rows xi1 ... xi5 and L_A, part
    "B" the rows xi1 ... xi6 and L_B, so the columns are arrays of shape (6,) or (7,). values has
    the variables, partials the derivative of each with respect to the one before it (of xi1: with
    respect to W), derivatives that of each with respect to W.
    """
    # YOUR CODE HERE
    raise NotImplementedError
