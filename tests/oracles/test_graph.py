"""Values, Jacobian-vector and vector-Jacobian products, to the last digits of PyTorch's and JAX's.

Random expressions with fan-out and broadcasting: every node is used by its successor and most
are used again.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch

from reference import graph
from tests.reference.random_graphs import random_program

TOLERANCE = 1e-12


class Jax:
    exp, log, sin, cos, tanh = jnp.exp, jnp.log, jnp.sin, jnp.cos, jnp.tanh
    sigmoid, relu, maximum = jax.nn.sigmoid, jax.nn.relu, jnp.maximum


def assert_close(actual, expected):
    """Equal up to the rounding of numbers of the size of the largest."""
    expected = np.asarray(expected)
    size = max(1.0, float(np.abs(expected).max(initial=0)))
    np.testing.assert_allclose(actual, expected, rtol=0, atol=TOLERANCE * size)


def random_case(seed):
    """A program, a direction for its inputs and a seed for its output."""
    program = random_program(seed)
    rng = np.random.default_rng([seed, 1])
    directions = tuple(rng.normal(size=x.shape) for x in program.inputs)
    value, _ = graph.vjp(lambda *nodes: program.run(graph, *nodes), program.inputs)
    return program, directions, rng.normal(size=value.shape)


@pytest.mark.parametrize("seed", range(60))
def test_same_gradients_as_torch(seed):
    program, _, u = random_case(seed)
    value, pull_back = graph.vjp(lambda *nodes: program.run(graph, *nodes), program.inputs)
    leaves = [torch.tensor(x, requires_grad=True) for x in program.inputs]
    output = program.run(torch, *leaves)
    expected = torch.autograd.grad(
        output, leaves, torch.tensor(u), allow_unused=True, materialize_grads=True
    )
    assert_close(value, output.detach())
    for ours, theirs in zip(pull_back(u), expected, strict=True):
        assert_close(ours, theirs)


@pytest.mark.parametrize("seed", range(12))
def test_same_products_as_jax(seed):
    """Few seeds: JAX compiles every operation of every shape anew."""
    program, directions, u = random_case(seed)

    def ours(*nodes):
        return program.run(graph, *nodes)

    def theirs(*arrays):
        return program.run(Jax, *arrays)

    inputs = tuple(map(jnp.asarray, program.inputs))
    expected_value, expected = jax.jvp(theirs, inputs, tuple(map(jnp.asarray, directions)))
    value, derivative = graph.jvp(ours, program.inputs, directions)
    assert_close(value, expected_value)
    assert_close(derivative, expected)
    gradients = graph.vjp(ours, program.inputs)[1](u)
    for one, expected in zip(gradients, jax.vjp(theirs, *inputs)[1](jnp.asarray(u)), strict=True):
        assert_close(one, expected)


@pytest.mark.parametrize("shape", [(), (3,), (2, 3)])
def test_same_jacobians_as_jax(shape):
    x = np.random.default_rng(0).normal(size=shape)

    def f(lib, z):
        return lib.tanh(z) * z.sum() + lib.exp(-z * z)

    expected = np.asarray(jax.jacfwd(lambda z: f(jnp, z))(jnp.asarray(x)))
    for mode in ("forward", "reverse"):
        actual = graph.jacobian(lambda z: f(graph, z), x, mode=mode)
        assert_close(actual.reshape(expected.shape), expected)


def test_torch_and_jax_share_a_tie_and_stop_relu_at_zero():
    def f(lib, x, y):
        return (lib.maximum(x, y) + lib.relu(x)).sum()

    x, y = np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, -2.0])
    leaves = [torch.tensor(one, requires_grad=True) for one in (x, y)]
    by_torch = torch.autograd.grad(f(torch, *leaves), leaves)
    by_jax = jax.grad(lambda *arrays: f(Jax, *arrays), (0, 1))(jnp.asarray(x), jnp.asarray(y))
    actual = graph.gradient(lambda *nodes: f(graph, *nodes), (x, y))
    np.testing.assert_array_equal(actual, np.stack(by_torch))
    np.testing.assert_array_equal(actual, np.stack(by_jax))
