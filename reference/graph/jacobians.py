"""Jacobians and gradients, in the layouts of the course's lecture on matrix calculus."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import Array, as_choice
from reference.graph.modes import as_inputs, backward, call, forward_mode, vjp
from reference.graph.node import Node


def jacobian(
    f: Callable[[Node], Node],
    x: ArrayLike,
    *,
    layout: Literal["numerator", "denominator"] = "numerator",
    mode: Literal["auto", "forward", "reverse"] = "auto",
) -> Array:
    """Return all partial derivatives dy_i/dx_k of y = f(x).

    Parameters
    ----------
    f : callable
        Takes a node, returns a node.
    x : array_like
        The point.
    layout : {"numerator", "denominator"}, default "numerator"
        Which of the two counts the rows; each is the transpose of the other:

        ===================  ==========  ============
        x and y              numerator   denominator
        ===================  ==========  ============
        vector M, vector N   (N, M)      (M, N)
        vector M, scalar     (1, M)      (M, 1)
        scalar, vector N     (N, 1)      (1, N)
        scalar, scalar       (1, 1)      (1, 1)
        matrix, scalar       of the matrix, in both
        ===================  ==========  ============

        The gradient of a scalar is its row (1, M) transposed, the denominator layout. For a matrix
        the lecture keeps the shape of the matrix, so that ``W -= learning_rate * dJ_dW`` fits;
        numerator layout taken at its word would transpose it. With more axes than that, the shape
        is that of y followed by that of x (numerator), or the other way round.
    mode : {"auto", "forward", "reverse"}, default "auto"
        Forward mode takes one sweep for each entry of x, reverse mode one for each entry of y, and
        "auto" what takes fewer. The result is the same up to rounding.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If x is not finite, f returns no Node, or an option is unknown.

    Notes
    -----
    The lecture's slides write "transpose of numerator-layour", and dy_i/dx_k with a straight d
    where the chain rule over several z_j needs partial derivatives.

    References
    ----------
    Minka (2000), "Old and new matrix algebra useful for statistics" (the layouts).
    """
    as_choice("layout", layout, ("numerator", "denominator"))
    as_choice("mode", mode, ("auto", "forward", "reverse"))
    (x_node,) = as_inputs(np.asarray(x))
    y = call(f, (x_node,))
    if mode == "auto":
        mode = "forward" if x_node.value.size < y.value.size else "reverse"
    sweep = _by_columns if mode == "forward" else _by_rows
    matrix = sweep(y, x_node)  # (y.size, x.size), whatever their shapes
    if y.shape == () and len(x_node.shape) == 2:
        return matrix.reshape(x_node.shape)
    if len(y.shape) <= 1 and len(x_node.shape) <= 1:
        return matrix if layout == "numerator" else matrix.T.copy()
    if layout == "numerator":
        return matrix.reshape(y.shape + x_node.shape)
    return matrix.T.reshape(x_node.shape + y.shape)


def gradient(f: Callable[..., Node], x: Any) -> Any:
    """Return the gradient of a scalar function, of the shape of its argument.

    Parameters
    ----------
    f : callable
        Takes nodes, returns a scalar node.
    x : array_like or tuple of array_like
        The point; a tuple has one array for each argument of f.

    Returns
    -------
    ndarray, or tuple of ndarray if x is one
        As an optimiser wants it: a vector of shape (M,), not the column (M, 1) that `jacobian`
        gives in denominator layout.

    Raises
    ------
    ValueError
        If x is not finite, or f returns no scalar Node.
    """
    value, pull_back = vjp(f, x)
    if value.shape != ():
        raise ValueError(f"f must return a scalar Node, got one of shape {value.shape}")
    return pull_back(1.0)


def _by_columns(y: Node, x: Node) -> Array:
    """Return dy_i/dx_k in row i, column k: one forward sweep for each column."""
    columns = [forward_mode(y, {x: one})[y].ravel() for one in basis(x)]
    return np.stack(columns, axis=1) if columns else np.zeros((y.value.size, 0))


def _by_rows(y: Node, x: Node) -> Array:
    """Return the same by one reverse sweep for each row."""
    nothing = np.zeros_like(x.value)
    rows = [backward(y, one).get(x, nothing).ravel() for one in basis(y)]
    return np.stack(rows) if rows else np.zeros((0, x.value.size))


def basis(node: Node) -> list[Array]:
    """Return the arrays of the shape of a node that are 1 in one entry and 0 elsewhere."""
    size = node.value.size
    return list(np.eye(size, dtype=node.value.dtype).reshape((size, *node.shape)))
