"""The gates that mix or move entries of an array: products of matrices, sums, shapes, parts.

Their Jacobians are never built. All but the matrix product are linear in one input, so that the
forward mode applies the operation itself to the tangent, and the reverse mode its transpose: what
was summed is copied, what was moved is moved back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from reference.arrays import Array
from reference.graph.gates import Arrays, Gate


def linear(
    template: str,
    value: Callable[[Array], Array],
    transposed: Callable[[Array, Array], Array],
    rule: str,
) -> Gate:
    """Return the gate of a linear function of one array.

    Parameters
    ----------
    template, rule : str
        As in `Gate`.
    value : callable
        The function.
    transposed : callable
        ``transposed(upstream, x)`` is the gradient with respect to x, of its shape.

    Returns
    -------
    Gate
    """
    return Gate(
        template,
        value,
        jvp=lambda _output, _inputs, tangents: value(tangents[0]),
        vjp=lambda _, inputs, upstream: (transposed(upstream, inputs[0]),),
        rules=(rule,),
    )


def _matmul(A: Array, B: Array) -> Array:
    if not {A.ndim, B.ndim} <= {1, 2} or A.shape[-1] != B.shape[0]:
        raise ValueError(
            f"a matrix product needs shapes (M, N) and (N, K), or a vector (N,) on either side, "
            f"got {A.shape} and {B.shape}"
        )
    return np.asarray(A @ B)


def _matmul_vjp(_: Array, inputs: Arrays, upstream: Array) -> Arrays:
    """Return U B^T and A^T U, where a vector is a row on the left and a column on the right."""
    A, B = inputs
    left = A if A.ndim == 2 else A[np.newaxis, :]
    right = B if B.ndim == 2 else B[:, np.newaxis]
    U = upstream.reshape(left.shape[0], right.shape[1])
    return (U @ right.T).reshape(A.shape), (left.T @ U).reshape(B.shape)


MATMUL = Gate(
    "{} @ {}",
    _matmul,
    jvp=lambda _, inputs, tangents: tangents[0] @ inputs[1] + inputs[0] @ tangents[1],
    vjp=_matmul_vjp,
    rules=("{u} @ {1}.T", "{0}.T @ {u}"),
)


def summation(axis: int | tuple[int, ...] | None = None, *, keepdims: bool = False) -> Gate:
    """Return the gate that sums along `axis`, or everything: each term gets the whole gradient.

    Parameters
    ----------
    axis : int or tuple of int, optional
    keepdims : bool, default False

    Returns
    -------
    Gate
    """
    return linear(
        _reduction("sum", axis),
        lambda x: x.sum(axis=axis, keepdims=keepdims),
        lambda upstream, x: _spread(upstream, x, axis, keepdims),
        "{u} to each",
    )


def mean(axis: int | tuple[int, ...] | None = None, *, keepdims: bool = False) -> Gate:
    """Return the gate that averages along `axis`, or everything: each of n terms gets 1/n.

    Parameters
    ----------
    axis : int or tuple of int, optional
    keepdims : bool, default False

    Returns
    -------
    Gate
    """

    def value(x: Array) -> Array:
        if x.size == 0:
            raise ValueError(f"a mean needs at least one entry, got shape {x.shape}")
        return np.asarray(x.mean(axis=axis, keepdims=keepdims))

    def transposed(upstream: Array, x: Array) -> Array:
        n = x.size // upstream.size
        return _spread(upstream / n, x, axis, keepdims)

    return linear(_reduction("mean", axis), value, transposed, "{u} / n to each")


def _reduction(name: str, axis: int | tuple[int, ...] | None) -> str:
    return f"{name}({{}})" if axis is None else f"{name}({{}}, axis={axis})"


def _spread(upstream: Array, x: Array, axis: int | tuple[int, ...] | None, keepdims: bool) -> Array:
    """Return the gradient of a sum, copied to all its terms."""
    if axis is not None and not keepdims:
        upstream = np.expand_dims(upstream, axis)
    return np.broadcast_to(upstream, x.shape)


def reshape(shape: tuple[int, ...]) -> Gate:
    """Return the gate that lays the entries out in another shape, in C order.

    Parameters
    ----------
    shape : tuple of int
        One length may be -1.

    Returns
    -------
    Gate
    """
    return linear(
        f"{{}}.reshape{shape}",
        lambda x: x.reshape(shape),
        lambda upstream, x: upstream.reshape(x.shape),
        "{u}.reshape",
    )


def transpose(axes: tuple[int, ...] | None = None) -> Gate:
    """Return the gate that permutes the axes, or reverses them.

    Parameters
    ----------
    axes : tuple of int, optional
        The axes of the input in the order of the output; all in reverse order without it.

    Returns
    -------
    Gate
    """

    def transposed(upstream: Array, x: Array) -> Array:
        if axes is None:
            return upstream.transpose()
        return upstream.transpose(np.argsort([axis % x.ndim for axis in axes]))

    return linear(
        "{}.T" if axes is None else f"{{}}.transpose{axes}",
        lambda x: x.transpose(axes),
        transposed,
        "{u}.T" if axes is None else "{u}, axes put back",
    )


def part(index: Any) -> Gate:
    """Return the gate x[index]; an entry that is taken twice gets the gradients of both.

    Parameters
    ----------
    index : int, slice, array_like of int or bool, or tuple of them

    Returns
    -------
    Gate
    """

    def transposed(upstream: Array, x: Array) -> Array:
        gradient = np.zeros_like(x)
        np.add.at(gradient, index, upstream)
        return gradient

    return linear(
        f"{{}}[{_written(index)}]", lambda x: np.asarray(x[index]), transposed, "{u} into place"
    )


def _written(index: Any) -> str:
    """Return an index as it stands between the brackets, or dots if it is long."""
    if isinstance(index, tuple):
        return ", ".join(map(_written, index))
    if isinstance(index, slice):
        ends = ["" if end is None else str(end) for end in (index.start, index.stop)]
        return ":".join(ends + ([] if index.step is None else [str(index.step)]))
    return str(index) if isinstance(index, int | np.integer) else "..."
