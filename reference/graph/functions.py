"""Functions of nodes by their usual names: ``log(1 + exp(-x))`` builds a graph."""

from __future__ import annotations

from reference.graph import gates
from reference.graph.node import Node, Operand, apply


def exp(x: Operand) -> Node:
    """Return e^x, entry by entry; its derivative is itself.

    Parameters
    ----------
    x : Node or array_like, any shape

    Returns
    -------
    Node

    Raises
    ------
    ValueError
        If e^x overflows.
    """
    return apply(gates.EXP, x)


def log(x: Operand) -> Node:
    """Return the natural logarithm, entry by entry; its derivative is 1/x.

    Parameters
    ----------
    x : Node or array_like, any shape

    Returns
    -------
    Node

    Raises
    ------
    ValueError
        If an entry is not positive.
    """
    return apply(gates.LOG, x)


def sin(x: Operand) -> Node:
    """Return the sine of x in radians, entry by entry; its derivative is the cosine.

    Parameters
    ----------
    x : Node or array_like, any shape

    Returns
    -------
    Node
    """
    return apply(gates.SIN, x)


def cos(x: Operand) -> Node:
    """Return the cosine of x in radians, entry by entry; its derivative is minus the sine.

    Parameters
    ----------
    x : Node or array_like, any shape

    Returns
    -------
    Node
    """
    return apply(gates.COS, x)


def tanh(x: Operand) -> Node:
    """Return the hyperbolic tangent, entry by entry; its derivative is 1 - tanh(x)^2.

    Parameters
    ----------
    x : Node or array_like, any shape

    Returns
    -------
    Node
    """
    return apply(gates.TANH, x)


def sigmoid(x: Operand) -> Node:
    """Return 1 / (1 + exp(-x)), entry by entry, as one gate with derivative p (1 - p).

    Parameters
    ----------
    x : Node or array_like, any shape

    Returns
    -------
    Node

    Notes
    -----
    Written out as four gates, as in the course's first lecture, it is the same up to rounding, but
    its exponential overflows where x < -709.
    """
    return apply(gates.SIGMOID, x)


def relu(x: Operand, at_zero: float = 0.0) -> Node:
    """Return max(0, x), entry by entry; its derivative at exactly 0 is `at_zero`.

    Parameters
    ----------
    x : Node or array_like
    at_zero : float, default 0
        A subgradient, in [0, 1]; `reference.activations.relu_derivative` says who takes which.

    Returns
    -------
    Node

    Raises
    ------
    ValueError
        If `at_zero` is outside [0, 1].
    """
    return apply(gates.relu(at_zero), x)


def maximum(x: Operand, y: Operand, tie: float = 0.5) -> Node:
    """Return the larger of x and y, entry by entry; the gradient goes to the larger.

    Parameters
    ----------
    x, y : Node or array_like
    tie : float, default 1/2
        The part of the gradient that x receives where x = y, in [0, 1]; y receives the rest. 1/2
        shares it (`torch.maximum`, `jax.numpy.maximum`), 1 routes all of it to x.

    Returns
    -------
    Node

    Raises
    ------
    ValueError
        If `tie` is outside [0, 1], or the shapes do not broadcast.
    """
    return apply(gates.maximum(tie), x, y)
