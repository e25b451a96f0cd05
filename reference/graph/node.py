"""A node of a computational graph: a value, and the gate and the nodes it was computed from.

The graph is built by ordinary expressions, ``f = (x + y) * z``, and each value is computed and
kept as its node is made: that is the forward pass. Nothing else happens to a node later. What the
backward pass needs it finds there, and so a value is read-only: were it changed in between, the
local gradients would be those of another point.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias, TypeGuard

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import Array, as_float_array
from reference.graph import array_gates, gates
from reference.graph.gates import Gate


class Node:
    """A variable of a computational graph, scalar or array.

    ``Node(3.0)`` and ``Node([[1, 2], [3, 4]])`` are inputs. Operators and the functions of
    `reference.graph` make new nodes of them: ``+ - * / ** @``, ``-x``, ``x[index]``, ``x.T``. A
    plain number in an expression is part of the gate (``2 * x`` scales by 2, ``x + 1`` adds a
    constant); a plain array becomes an input without a name. Two nodes are the same only if they
    are one object, so that nodes can be the keys of a dict.

    Parameters
    ----------
    value : array_like, any shape
        Finite real numbers. They are copied.
    name : str, optional
        A label for traces and tables.
    gate : Gate, optional
    inputs : tuple of Node, optional
        Where the value comes from; `apply` says so, an input of the graph has neither.

    Attributes
    ----------
    value : ndarray
        Read-only; a scalar is an array of shape ().
    gate : Gate or None
        The operation it comes from; None for an input.
    inputs : tuple of Node
        What that operation was applied to.
    name : str
        May be changed at any time, for it is no part of the mathematics. Empty if there is none.

    Raises
    ------
    ValueError
        If a number is not finite or not real. An operation also raises it where it has no finite
        value (log of 0, division by zero, an exponential that overflows) or shapes do not fit, and
        says which expression it was.

    Examples
    --------
    >>> x, y, z = Node(-2.0), Node(5.0), Node(-4.0)
    >>> f = (x + y) * z
    >>> float(f.value)
    -12.0
    """

    __array_ufunc__ = None  # so that `array * node` asks the node, not each entry of the array
    __slots__ = ("gate", "inputs", "name", "value")

    def __init__(
        self,
        value: ArrayLike,
        name: str = "",
        *,
        gate: Gate | None = None,
        inputs: tuple[Node, ...] = (),
    ) -> None:
        self.value: Array = as_float_array("value", value).copy()
        self.value.flags.writeable = False
        self.name = name
        self.gate = gate
        self.inputs = inputs

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the value; () for a scalar."""
        return self.value.shape

    def named(self, name: str) -> Node:
        """Give the node a name and return it: ``q = (x + y).named("q")``."""
        self.name = name
        return self

    def __repr__(self) -> str:
        written = "" if self.gate is None else f" = {expression(self)}"
        return f"Node({self.name or '...'}{written}, value {self.value})"

    def __bool__(self) -> bool:
        raise TypeError("a Node is neither true nor false; compare its value")

    def __add__(self, other: Operand) -> Node:
        return _with_constant(gates.ADD, gates.shift, self, other)

    def __radd__(self, other: Operand) -> Node:
        return self + other if _is_number(other) else apply(gates.ADD, other, self)

    def __sub__(self, other: Operand) -> Node:
        return _with_constant(gates.SUBTRACT, lambda c: gates.shift(-c), self, other)

    def __rsub__(self, other: Operand) -> Node:
        if _is_number(other):
            return apply(gates.subtract_from(other), self)
        return apply(gates.SUBTRACT, other, self)

    def __mul__(self, other: Operand) -> Node:
        return _with_constant(gates.MULTIPLY, gates.scale, self, other)

    def __rmul__(self, other: Operand) -> Node:
        return self * other if _is_number(other) else apply(gates.MULTIPLY, other, self)

    def __truediv__(self, other: Operand) -> Node:
        return apply(gates.DIVIDE, self, other)

    def __rtruediv__(self, other: Operand) -> Node:
        if _is_number(other) and other == 1:
            return apply(gates.RECIPROCAL, self)
        return apply(gates.DIVIDE, other, self)

    def __pow__(self, other: Operand) -> Node:
        return _with_constant(gates.POWER, gates.power, self, other)

    def __rpow__(self, other: Operand) -> Node:
        return apply(gates.POWER, other, self)

    def __matmul__(self, other: Operand) -> Node:
        return apply(array_gates.MATMUL, self, other)

    def __rmatmul__(self, other: Operand) -> Node:
        return apply(array_gates.MATMUL, other, self)

    def __neg__(self) -> Node:
        return apply(gates.scale(-1), self)

    def __getitem__(self, index: Any) -> Node:
        return apply(array_gates.part(index), self)

    def __iter__(self) -> Iterator[Node]:
        # without it Python would count up to an IndexError, which `__getitem__` does not raise
        if not self.shape:
            raise TypeError("a scalar Node cannot be iterated over")
        return (self[i] for i in range(self.shape[0]))

    @property
    def T(self) -> Node:  # noqa: N802
        """The transpose: all axes in reverse order."""
        return self.transpose()

    def transpose(self, *axes: int) -> Node:
        """Return the array with its axes in the order given, or all reversed without one.

        Raises
        ------
        ValueError
            If the axes are not those of the array, each once.
        """
        return apply(array_gates.transpose(axes or None), self)

    def reshape(self, *shape: int) -> Node:
        """Return the entries in another shape, in C order; one length may be -1.

        Raises
        ------
        ValueError
            If the shape has another number of entries.
        """
        return apply(array_gates.reshape(shape), self)

    def sum(self, axis: int | tuple[int, ...] | None = None, *, keepdims: bool = False) -> Node:
        """Return the sum along `axis` (one or several), or of all entries.

        Parameters
        ----------
        axis : int or tuple of int, optional
        keepdims : bool, default False
            Leave an axis of length 1 where one was summed away.

        Returns
        -------
        Node

        Raises
        ------
        ValueError
            If there is no such axis.
        """
        return apply(array_gates.summation(axis, keepdims=keepdims), self)

    def mean(self, axis: int | tuple[int, ...] | None = None, *, keepdims: bool = False) -> Node:
        """Return the mean along `axis`, or of all entries; the parameters are those of `sum`.

        Raises
        ------
        ValueError
            If there is no such axis, or no entry.
        """
        return apply(array_gates.mean(axis, keepdims=keepdims), self)


Operand: TypeAlias = Node | ArrayLike


def apply(gate: Gate, *operands: Operand) -> Node:
    """Return the node that a gate makes of its operands: how every operation enters the graph.

    Parameters
    ----------
    gate : Gate
        One of `reference.graph.gates` or your own.
    operands : Node or array_like
        What is no node becomes an input of the graph.

    Returns
    -------
    Node

    Raises
    ------
    ValueError
        If the gate has no finite value there, or the shapes do not fit.
    """
    inputs = tuple(_as_node(one, operands) for one in operands)
    try:
        with np.errstate(all="ignore"):
            value = gate.value(*(one.value for one in inputs))
        return Node(value, gate=gate, inputs=inputs)
    except (ValueError, IndexError) as error:
        written = gate.template.format(*map(label, inputs))
        raise ValueError(f"{written}: {error}") from error


def expression(node: Node, labels: dict[Node, str] | None = None) -> str:
    """Return how a node was computed from its inputs, ``"x + y"``; of an input, its label.

    Parameters
    ----------
    node : Node
    labels : dict of Node to str, optional
        What to call the nodes; by default their names, and dots for those that have none.

    Returns
    -------
    str
    """
    labels = labels or {}
    if node.gate is None:
        return label(node)
    return node.gate.template.format(*(labels.get(one) or label(one) for one in node.inputs))


def label(node: Node) -> str:
    """Return the name of a node; of a nameless input its value or shape; else dots."""
    if node.name:
        return node.name
    if node.gate is not None:
        return "..."
    return f"{node.value:.6g}" if node.shape == () else f"array{node.shape}"


def _as_node(operand: Operand, operands: tuple[Operand, ...]) -> Node:
    if isinstance(operand, Node):
        return operand
    if _is_number(operand):
        # a plain number takes the precision of what it stands beside, as in numpy
        number = as_float_array("value", operand)
        dtypes = [one.value.dtype for one in operands if isinstance(one, Node)]
        return Node(number.astype(np.result_type(*dtypes)) if dtypes else number)
    return Node(operand)


def _is_number(operand: Operand) -> TypeGuard[float]:
    return not isinstance(operand, Node) and np.ndim(operand) == 0


def _with_constant(
    gate: Gate, constant_gate: Callable[[float], Gate], x: Node, other: Operand
) -> Node:
    """Apply the gate of two inputs, or where the other is a plain number the one it is part of."""
    return apply(constant_gate(other), x) if _is_number(other) else apply(gate, x, other)
