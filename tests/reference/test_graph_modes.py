"""Forward and reverse mode agree, on random expressions and in every layout of a Jacobian."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference import graph, numdiff
from reference.graph.modes import backward, forward_mode
from reference.graph.node import Node
from tests.reference.random_graphs import random_program

seeds = st.integers(0, 2**32 - 1)
M, N = 4, 3
MATRIX = np.random.default_rng(0).normal(size=(N, M))


@settings(max_examples=100, deadline=None)
@given(seed=seeds)
def test_forward_mode_is_reverse_mode(seed):
    """<u, J v> = <J^T u, v> for a random graph with fan-out, a direction and a seed."""
    program = random_program(seed)
    rng = np.random.default_rng([seed, 1])
    nodes = tuple(map(Node, program.inputs))
    output = program.run(graph, *nodes)
    v = {node: rng.normal(size=node.shape) for node in nodes}
    u = rng.normal(size=output.shape)
    moved = forward_mode(output, v)
    gradients = backward(output, u)
    forwards = (u * moved[output]).sum()
    terms = [(gradients[node] * v[node]).ravel() for node in nodes if node in gradients]
    backwards = sum(float(term.sum()) for term in terms)
    # what cancels on the way is rounded in proportion to its size
    size = 1 + max(float(np.abs(gradients[node] * moved[node]).sum()) for node in gradients)
    assert abs(forwards - backwards) <= 1e-13 * size


@settings(max_examples=25, deadline=None)
@given(seed=seeds)
def test_reverse_mode_is_the_numeric_derivative(seed):
    program = random_program(seed, is_smooth=True, n_operations=5)
    rng = np.random.default_rng([seed, 1])

    def loss(*nodes):
        return program.run(graph, *nodes).mean()

    gradients = graph.gradient(loss, program.inputs)
    sizes = [x.size for x in program.inputs]

    def of_flat(flat):
        parts = np.split(flat, np.cumsum(sizes)[:-1])
        arrays = (part.reshape(x.shape) for part, x in zip(parts, program.inputs, strict=True))
        return float(loss(*map(Node, arrays)).value)

    x, direction = (
        np.concatenate([one.ravel() for one in program.inputs]),
        rng.normal(size=sum(sizes)),
    )
    numeric = numdiff.directional_derivative(of_flat, x, direction)
    expected = float(np.concatenate([one.ravel() for one in gradients]) @ direction)
    assert abs(numeric.value - expected) <= 4 * numeric.error + 1e-12 * abs(expected)
    assert numeric.error <= 1e-6 * max(1.0, abs(expected))


def test_a_jvp_is_the_derivative_in_a_direction():
    value, derivative = graph.jvp(lambda x, y: x * y, (3.0, [1.0, 2.0]), (1.0, [0.0, 10.0]))
    np.testing.assert_array_equal([3, 6], value)
    np.testing.assert_array_equal([1, 32], derivative)


def test_a_vjp_pulls_several_seeds_back_through_one_graph():
    n_calls = 0

    def f(x):
        nonlocal n_calls
        n_calls += 1
        return MATRIX @ x

    value, pull_back = graph.vjp(f, np.ones(M))
    np.testing.assert_allclose(value, MATRIX.sum(axis=1), rtol=1e-15)
    for u in np.eye(N):
        np.testing.assert_array_equal(u @ MATRIX, pull_back(u))
    assert n_calls == 1


def test_an_argument_that_is_not_used_has_a_zero_derivative():
    x, y = np.ones(2), np.ones((2, 3))
    _, pull_back = graph.vjp(lambda a, _: (a * a).sum(), (x, y))
    np.testing.assert_array_equal([2, 2], pull_back(1.0)[0])
    np.testing.assert_array_equal(np.zeros((2, 3)), pull_back(1.0)[1])
    _, derivative = graph.jvp(lambda a, _: a * a, (x, y), (0 * x, y))
    np.testing.assert_array_equal([0, 0], derivative)
    np.testing.assert_array_equal(
        np.zeros((1, 2)), graph.jacobian(lambda _: Node(1.0), x, mode="reverse")
    )


def test_results_belong_to_the_caller():
    x = np.ones(2)
    v = np.ones(2)
    value, derivative = graph.jvp(lambda a: a.reshape(2), x, v)
    value[0] = derivative[0] = 7
    np.testing.assert_array_equal([1, 1], x)
    np.testing.assert_array_equal([1, 1], v)
    node = Node(x)
    view = node.reshape(2, 1)
    derivatives = forward_mode(view, {node: v})
    derivatives[view][0] = 7
    np.testing.assert_array_equal([1, 1], derivatives[node])


VECTOR = np.array([0.5, -1.0, 2.0, 0.1])
SHAPES: dict[str, tuple[Any, ...]] = {
    "vector in, vector out": (lambda x: graph.tanh(MATRIX @ x), VECTOR, (N, M), (M, N)),
    "vector in, scalar out": (lambda x: graph.sin(x).sum(), VECTOR, (1, M), (M, 1)),
    "scalar in, vector out": (lambda x: graph.exp(x * VECTOR[:N]), 0.3, (N, 1), (1, N)),
    "scalar in, scalar out": (lambda x: x**3, 2.0, (1, 1), (1, 1)),
    "matrix in, scalar out": (lambda X: (X * X).mean(), MATRIX, (N, M), (N, M)),
    "matrix in, vector out": (lambda X: X @ VECTOR, MATRIX, (N, N, M), (N, M, N)),
    "vector in, matrix out": (lambda x: MATRIX * x, VECTOR, (N, M, M), (M, N, M)),
    "no entries": (lambda x: x * x, np.zeros(0), (0, 0), (0, 0)),
}


@pytest.mark.parametrize("mode", ["auto", "forward", "reverse"])
@pytest.mark.parametrize("name", SHAPES)
def test_a_jacobian_has_the_shape_of_the_lecture(name, mode):
    f, x, numerator, denominator = SHAPES[name]
    assert graph.jacobian(f, x, mode=mode).shape == numerator
    assert graph.jacobian(f, x, mode=mode, layout="denominator").shape == denominator


@pytest.mark.parametrize("name", ["matrix in, vector out", "vector in, matrix out"])
def test_the_other_layout_has_the_axes_of_the_argument_first(name):
    f, x, *_ = SHAPES[name]
    n_outer = np.ndim(x)
    expected = np.moveaxis(graph.jacobian(f, x), range(-n_outer, 0), range(n_outer))
    np.testing.assert_array_equal(expected, graph.jacobian(f, x, layout="denominator"))


@pytest.mark.parametrize("name", ["vector in, vector out", "vector in, scalar out"])
def test_the_layouts_are_transposes_of_each_other(name):
    f, x, *_ = SHAPES[name]
    np.testing.assert_array_equal(
        graph.jacobian(f, x).T, graph.jacobian(f, x, layout="denominator")
    )


@pytest.mark.parametrize("name", [name for name in SHAPES if name != "no entries"])
def test_a_jacobian_is_the_same_by_either_mode_and_by_differences(name):
    f, x, *_ = SHAPES[name]
    x = np.asarray(x)
    forwards = graph.jacobian(f, x, mode="forward")
    np.testing.assert_allclose(graph.jacobian(f, x, mode="reverse"), forwards, rtol=1e-13)
    for i, row in enumerate(forwards.reshape(-1, x.size)):

        def entry(z, i=i):
            return float(f(Node(z)).value.ravel()[i])

        numeric = numdiff.gradient(entry, x)
        np.testing.assert_allclose(row, numeric.ravel(), rtol=1e-9, atol=1e-11)


def test_auto_takes_the_mode_with_fewer_sweeps():
    sweeps = []

    def counted(kind):
        def product(*arguments):
            sweeps.append(kind)
            return getattr(graph.gates.SIN, kind)(*arguments)

        return product

    gate = graph.Gate("f({})", np.sin, counted("jvp"), counted("vjp"))
    graph.jacobian(lambda x: graph.apply(gate, x).sum(), VECTOR)
    assert sweeps == ["vjp"]
    sweeps.clear()
    graph.jacobian(lambda x: graph.apply(gate, x) * VECTOR, 1.0)
    assert sweeps == ["jvp"]


def test_a_gradient_has_the_shape_of_its_argument():
    X, w = MATRIX, np.ones(M)
    grad_X, grad_w = graph.gradient(lambda A, b: (A @ b).sum(), (X, w))
    np.testing.assert_array_equal(np.ones((N, M)), grad_X)
    np.testing.assert_allclose(grad_w, X.sum(axis=0), rtol=1e-15)
    assert graph.gradient(lambda b: (b * b).sum(), w).shape == (M,)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: graph.jvp(lambda x: x, 1.0, (1.0, 2.0)), "v must have one array .* 1 in x, got 2"),
        (lambda: graph.jvp(lambda x: x, [1.0], [1.0, 2.0]), r"tangents\[x\] must be a vector"),
        (lambda: graph.jvp(lambda x: x, [np.nan], [1.0]), "x must be finite"),
        (lambda: graph.vjp(lambda x: x.value, 1.0), "f must return a Node, got ndarray"),
        (lambda: graph.vjp(lambda x: x, [1.0, 2.0])[1](1.0), r"u must be a vector of shape \(2,\)"),
        (lambda: graph.gradient(lambda x: x, [1.0]), r"f must return a scalar Node, got .*\(1,\)"),
        (
            lambda: graph.jacobian(lambda x: x, 1.0, layout="row"),  # type: ignore[arg-type]
            "layout must be one of numerator, denominator, got 'row'",
        ),
        (
            lambda: graph.jacobian(lambda x: x, 1.0, mode="fast"),  # type: ignore[arg-type]
            "mode must be one of auto, forward, reverse, got 'fast'",
        ),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_only_inputs_have_a_tangent():
    x = Node(1.0, "x")
    y = x * 2
    with pytest.raises(ValueError, match=r"tangents must be of inputs, got one of 2 \* x"):
        forward_mode(y + x, {y: 1.0})
