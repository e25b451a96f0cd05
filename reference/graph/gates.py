"""The elementary operations, each with its value and with both ways a derivative passes through.

A gate knows nothing of the graph around it. Given its inputs it computes its output; given the
derivatives of its inputs, that of its output (forward mode, the Jacobian-vector product J v);
given the gradient of the loss with respect to its output, those with respect to its inputs
(reverse mode, the vector-Jacobian product u^T J). Whatever is built of gates can then be
differentiated without a derivation of its own.

The gates of this module work entry by entry: their Jacobian is diagonal, and both products are
[local gradient] x [what arrives], as the course's first lecture writes it. Shapes that differ are
broadcast as numpy does; a number that was copied into many entries receives the sum of their
gradients. `reference.graph.array_gates` has those that mix entries.

References
----------
Griewank and Walther (2008), "Evaluating Derivatives", sections 3.1 and 3.2.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from reference.activations.elementwise import (
    relu_derivative,
    sigmoid,
    sigmoid_derivative,
    tanh_derivative,
)
from reference.arrays import Array, as_number

Arrays: TypeAlias = tuple[Array, ...]
Partials: TypeAlias = tuple[Array | float, ...]


@dataclass(frozen=True, slots=True)
class Gate:
    """An elementary operation.

    Attributes
    ----------
    template : str
        How it is written, with ``{}`` for each input: ``"{} + {}"``.
    value : callable
        ``value(*inputs)`` is the output.
    jvp : callable
        ``jvp(output, inputs, tangents)`` is the derivative of the output, where `tangents` are
        those of the inputs.
    vjp : callable
        ``vjp(output, inputs, upstream)`` are the gradients with respect to the inputs, each of the
        shape of its input, where `upstream` is the gradient with respect to the output.
    partials : callable, optional
        ``partials(output, *inputs)`` are the local gradients, one an input, where both products
        are a multiplication by them. `output` is there to be used: exp has itself for derivative.
    rules : tuple of str
        How a gate without `partials` sends the gradient back, for `trace`: one an input, with
        ``{u}`` for the upstream gradient and ``{0}``, ``{1}`` for the inputs.
    """

    template: str
    value: Callable[..., Array]
    jvp: Callable[[Array, Arrays, Arrays], Array]
    vjp: Callable[[Array, Arrays, Array], Arrays]
    partials: Callable[..., Partials] | None = None
    rules: tuple[str, ...] = ()


def elementwise(
    template: str, value: Callable[..., Array], partials: Callable[..., Partials]
) -> Gate:
    """Return the gate of a function that works entry by entry, from its partial derivatives.

    Parameters
    ----------
    template, value, partials
        As in `Gate`.

    Returns
    -------
    Gate
    """

    def jvp(output: Array, inputs: Arrays, tangents: Arrays) -> Array:
        terms = [
            local * tangent
            for local, tangent in zip(partials(output, *inputs), tangents, strict=True)
        ]
        total: Array = sum(terms[1:], start=terms[0])
        return total

    def vjp(output: Array, inputs: Arrays, upstream: Array) -> Arrays:
        return tuple(
            undo_broadcast(local * upstream, x.shape)
            for local, x in zip(partials(output, *inputs), inputs, strict=True)
        )

    return Gate(template, value, jvp, vjp, partials)


def undo_broadcast(gradient: Array, shape: tuple[int, ...]) -> Array:
    """Return the gradient of an array of `shape` that was broadcast, from that of its copies.

    A copy is a branch of the graph, and the gradients of branches add: axes that numpy put in
    front are summed away, axes of length 1 that it stretched are summed back to 1.

    Parameters
    ----------
    gradient : ndarray
        Of a shape that `shape` broadcasts to.
    shape : tuple of int

    Returns
    -------
    ndarray, of `shape`
    """
    n_new = gradient.ndim - len(shape)
    stretched = tuple(
        axis
        for axis, length in enumerate(gradient.shape)
        if axis < n_new or (shape[axis - n_new] == 1 and length != 1)
    )
    total: Array = gradient.sum(axis=stretched, keepdims=True)
    return total.reshape(shape)


ADD = elementwise("{} + {}", np.add, lambda *_: (1.0, 1.0))
SUBTRACT = elementwise("{} - {}", np.subtract, lambda *_: (1.0, -1.0))
MULTIPLY = elementwise("{} * {}", np.multiply, lambda _, x, y: (y, x))


def _divide(x: Array, y: Array) -> Array:
    n_zeros = int(np.count_nonzero(y == 0))
    if n_zeros:
        raise ValueError(f"the denominator must not be 0, got {n_zeros} zeros of {y.size} entries")
    return np.divide(x, y)


DIVIDE = elementwise("{} / {}", _divide, lambda ratio, _, y: (1 / y, -ratio / y))
RECIPROCAL = elementwise("1 / {}", lambda x: _divide(np.ones_like(x), x), lambda r, _: (-r * r,))


def _log(x: Array) -> Array:
    if (x <= 0).any():
        raise ValueError(f"the argument of log must be positive, got {x.min():g}")
    return np.log(x)


EXP = elementwise("exp({})", np.exp, lambda exp_x, _: (exp_x,))
LOG = elementwise("log({})", _log, lambda _, x: (1 / x,))
SIN = elementwise("sin({})", np.sin, lambda _, x: (np.cos(x),))
COS = elementwise("cos({})", np.cos, lambda _, x: (-np.sin(x),))
# from the input and not as p (1 - p), where 1 - p would cancel every digit of a saturated unit
SIGMOID = elementwise("sigmoid({})", sigmoid, lambda _, x: (sigmoid_derivative(x),))
TANH = elementwise("tanh({})", np.tanh, lambda _, x: (tanh_derivative(x),))


def scale(a: float) -> Gate:
    """Return the gate a x of the course's first lecture, with derivative a.

    Parameters
    ----------
    a : float

    Returns
    -------
    Gate

    Raises
    ------
    ValueError
        If a is not finite.
    """
    a = as_number("a", a) + 0.0  # + 0.0: no handout should print -0
    template = "-{}" if a == -1 else f"{a:.6g} * {{}}"
    return elementwise(template, lambda x: a * x, lambda *_: (a,))


def shift(c: float) -> Gate:
    """Return the gate c + x of the course's first lecture, with derivative 1.

    Parameters
    ----------
    c : float

    Returns
    -------
    Gate

    Raises
    ------
    ValueError
        If c is not finite.
    """
    c = as_number("c", c)
    template = f"{{}} - {-c:.6g}" if c < 0 else f"{{}} + {c:.6g}"
    return elementwise(template, lambda x: x + c, lambda *_: (1.0,))


def subtract_from(c: float) -> Gate:
    """Return the gate c - x, with derivative -1.

    Parameters
    ----------
    c : float

    Returns
    -------
    Gate

    Raises
    ------
    ValueError
        If c is not finite.
    """
    c = as_number("c", c)
    return elementwise(f"{c:.6g} - {{}}", lambda x: c - x, lambda *_: (-1.0,))


def power(p: float) -> Gate:
    """Return the gate x^p for a constant exponent p, with derivative p x^(p - 1).

    Parameters
    ----------
    p : float

    Returns
    -------
    Gate
        It refuses an x where it has no value (a root of a negative number, a negative power of 0)
        or no derivative (a root at 0).

    Raises
    ------
    ValueError
        If p is not finite.
    """
    p = as_number("p", p)

    def value(x: Array) -> Array:
        if not p.is_integer() and (x < 0).any():
            raise ValueError(f"the base must not be negative for exponent {p:g}, got {x.min():g}")
        if p < 1 and p != 0 and (x == 0).any():
            raise ValueError(f"the base must not be 0 for exponent {p:g}")
        return x**p

    # x^0 is constant, at x = 0 too, where 0 x^(-1) would be no number
    return elementwise(
        f"{{}} ** {p:.6g}", value, lambda _, x: (p * x ** (p - 1) if p else 0.0 * x,)
    )


def _power(x: Array, y: Array) -> Array:
    if (x <= 0).any():
        raise ValueError(
            f"the base must be positive where the exponent is a variable, got {x.min():g}"
        )
    return np.power(x, y)


POWER = elementwise(
    "{} ** {}", _power, lambda power_xy, x, y: (y * x ** (y - 1), power_xy * np.log(x))
)


def relu(at_zero: float = 0.0) -> Gate:
    """Return the gate max(0, x), with derivative 1 where x > 0 and 0 where x < 0.

    Parameters
    ----------
    at_zero : float, default 0
        The derivative at exactly 0, where any number in [0, 1] is a subgradient;
        `reference.activations.relu_derivative` says who takes which.

    Returns
    -------
    Gate

    Raises
    ------
    ValueError
        If `at_zero` is outside [0, 1].
    """
    at_zero = as_number("at_zero", at_zero, least=0.0, most=1.0)
    return elementwise(
        "relu({})", lambda x: np.maximum(x, 0), lambda _, x: (relu_derivative(x, at_zero),)
    )


def maximum(tie: float = 0.5) -> Gate:
    """Return the gate max(x, y): a router, which sends the whole gradient to the larger input.

    Parameters
    ----------
    tie : float, default 1/2
        The part of the gradient that goes to x where x = y exactly; y receives 1 - tie. There the
        maximum has no derivative, and any number in [0, 1] is a subgradient: 1/2 shares it
        equally, as `torch.maximum` and `jax.numpy.maximum` do, 1 routes it to the first.

    Returns
    -------
    Gate

    Raises
    ------
    ValueError
        If `tie` is outside [0, 1].
    """
    tie = as_number("tie", tie, least=0.0, most=1.0)

    def partials(_: Array, x: Array, y: Array) -> Partials:
        share: Any = np.where(x == y, tie, x > y).astype(np.result_type(x, y))
        return share, 1 - share

    return elementwise("max({}, {})", np.maximum, partials)
