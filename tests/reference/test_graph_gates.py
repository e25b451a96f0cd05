"""Every gate in both directions, against numeric differentiation; and what happens at its kinks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference import graph, numdiff
from reference.graph import array_gates, gates
from reference.graph.modes import backward, forward_mode
from reference.graph.node import Node

A = np.array([[0.7, -1.3, 0.4], [1.9, 0.2, -0.6]])
B = np.array([[1.1, 0.3, -0.8], [0.5, -2.0, 1.7]])
POSITIVE = np.exp(A)
COLUMN = np.array([[0.9], [2.1]])

CASES: dict[str, tuple[Any, ...]] = {
    "add": (gates.ADD, A, B),
    "add, broadcast": (gates.ADD, A, COLUMN),
    "subtract": (gates.SUBTRACT, A, B),
    "subtract, broadcast": (gates.SUBTRACT, COLUMN, B[0]),
    "multiply": (gates.MULTIPLY, A, B),
    "multiply, broadcast": (gates.MULTIPLY, B[0], COLUMN),
    "multiply, scalar": (gates.MULTIPLY, np.array(1.5), A),
    "divide": (gates.DIVIDE, A, B),
    "divide, broadcast": (gates.DIVIDE, COLUMN, B),
    "reciprocal": (gates.RECIPROCAL, A),
    "exp": (gates.EXP, A),
    "log": (gates.LOG, POSITIVE),
    "sin": (gates.SIN, A),
    "cos": (gates.COS, A),
    "tanh": (gates.TANH, A),
    "sigmoid": (gates.SIGMOID, A),
    "scale": (gates.scale(-1.5), A),
    "shift": (gates.shift(2.5), A),
    "subtract from": (gates.subtract_from(2.5), A),
    "power 3": (gates.power(3), A),
    "power 1": (gates.power(1), A),
    "power 0": (gates.power(0), A),
    "power -2": (gates.power(-2), A),
    "power 1/2": (gates.power(0.5), POSITIVE),
    "variable power": (gates.POWER, POSITIVE, B),
    "relu": (gates.relu(), A),
    "maximum": (gates.maximum(), A, B),
    "maximum, broadcast": (gates.maximum(), A, COLUMN),
    "matrix @ matrix": (array_gates.MATMUL, A, B.T),
    "matrix @ vector": (array_gates.MATMUL, A, B[0]),
    "vector @ matrix": (array_gates.MATMUL, B[:, 0], A),
    "vector @ vector": (array_gates.MATMUL, A[0], B[1]),
    "sum": (array_gates.summation(), A),
    "sum of columns": (array_gates.summation(0), A),
    "sum of rows, kept": (array_gates.summation(-1, keepdims=True), A),
    "sum over both axes": (array_gates.summation((0, 1)), A),
    "mean": (array_gates.mean(), A),
    "mean of rows": (array_gates.mean(1), A),
    "mean of columns, kept": (array_gates.mean(0, keepdims=True), A),
    "reshape": (array_gates.reshape((3, -1)), A),
    "transpose": (array_gates.transpose(), A),
    "transpose of three axes": (array_gates.transpose((1, 2, 0)), A.reshape(1, 2, 3)),
    "row": (array_gates.part(1), A),
    "slice": (array_gates.part((slice(None), slice(2, 0, -1))), A),
    "entries, one twice": (array_gates.part(([0, 1, 0], [2, 0, 2])), A),
    "mask": (array_gates.part(A > 0), A),
}


@pytest.mark.parametrize("name", CASES)
def test_the_vector_jacobian_product_is_the_slope_of_the_output(name):
    gate, *values = CASES[name]
    nodes = [Node(value) for value in values]
    output = graph.apply(gate, *nodes)
    u = np.random.default_rng(1).normal(size=output.shape)
    gradients = backward(output, u)
    for i, value in enumerate(values):

        def scalar(x, i=i):
            moved = [x if j == i else other for j, other in enumerate(values)]
            return float((u * gate.value(*moved)).sum())

        expected = numdiff.gradient(scalar, value)
        np.testing.assert_allclose(gradients[nodes[i]], expected, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=5)
@given(seed=st.integers(0, 2**32 - 1))
def test_both_directions_are_transposes_of_each_other(name, seed):
    """<u, J v> = <J^T u, v>."""
    gate, *values = CASES[name]
    rng = np.random.default_rng(seed)
    nodes = [Node(value) for value in values]
    output = graph.apply(gate, *nodes)
    v = [rng.normal(size=value.shape) for value in values]
    u = rng.normal(size=output.shape)
    forwards = (u * forward_mode(output, dict(zip(nodes, v, strict=True)))[output]).sum()
    gradients = backward(output, u)
    backwards = sum((gradients[node] * one).sum() for node, one in zip(nodes, v, strict=True))
    size = sum(np.abs(gradients[node] * one).sum() for node, one in zip(nodes, v, strict=True))
    assert abs(forwards - backwards) <= 1e-13 * max(size, 1e-3)


def test_every_gate_is_among_the_cases():
    tested = {case[0].template for case in CASES.values()}
    written = {one.template for one in vars(gates).values() if isinstance(one, gates.Gate)}
    assert written <= tested


@pytest.mark.parametrize("at_zero", [0.0, 0.5, 1.0])
def test_relu_has_the_derivative_at_zero_that_is_asked_for(at_zero):
    """The course's lecture on training says 0, those on activations 1."""
    x = Node([-1.0, 0.0, 2.0])
    np.testing.assert_array_equal([0, at_zero, 1], backward(graph.relu(x, at_zero).sum())[x])


def test_relu_has_the_derivative_zero_at_zero_unless_asked():
    x = Node(0.0)
    assert backward(graph.relu(x))[x] == 0


@pytest.mark.parametrize("tie", [0.0, 0.5, 1.0])
def test_a_maximum_routes_the_gradient_to_the_larger_and_shares_it_at_a_tie(tie):
    x, y = Node([1.0, 2.0, 3.0]), Node([2.0, 2.0, 2.0])
    gradients = backward(graph.maximum(x, y, tie).sum())
    np.testing.assert_array_equal([0, tie, 1], gradients[x])
    np.testing.assert_array_equal([1, 1 - tie, 0], gradients[y])


def test_a_tie_is_shared_equally_unless_asked():
    x = Node(2.0)
    assert backward(graph.maximum(x, 2.0))[x] == 0.5


def test_the_zeroth_power_of_zero_is_one_with_derivative_zero():
    x = Node(0.0)
    y = x**0
    assert y.value == 1
    assert backward(y)[x] == 0


def test_far_out_the_saturating_gates_keep_the_digits_of_their_derivatives():
    x = Node([-800.0, 40.0, 800.0])
    expected = [0, np.exp(-40.0), 0]
    np.testing.assert_allclose(backward(graph.sigmoid(x).sum())[x], expected, rtol=1e-14)
    assert np.isfinite(backward(graph.tanh(x).sum())[x]).all()


def test_undoing_a_broadcast_sums_over_the_copies():
    gradient = np.arange(24.0).reshape(2, 3, 4)
    for shape in [(), (4,), (1,), (3, 1), (1, 4), (1, 3, 1), (2, 1, 4), (2, 3, 4)]:
        undone = gates.undo_broadcast(gradient, shape)
        assert undone.shape == shape
        copies = np.broadcast_to(np.ones(shape), gradient.shape)
        assert (undone * np.ones(shape)).sum() == (gradient * copies).sum()
    np.testing.assert_array_equal(
        gradient.sum(axis=(0, 2)).reshape(3, 1), gates.undo_broadcast(gradient, (3, 1))
    )


def test_a_gate_of_ones_own_needs_a_value_and_a_derivative():
    softplus = graph.elementwise(
        "softplus({})", lambda x: np.logaddexp(0, x), lambda _, x: (1 / (1 + np.exp(-x)),)
    )
    x = Node(A)
    expected = backward(graph.log(1 + graph.exp(x)).sum())[x]
    np.testing.assert_allclose(backward(graph.apply(softplus, x).sum())[x], expected, rtol=1e-14)
