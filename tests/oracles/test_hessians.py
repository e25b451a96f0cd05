"""Numeric Hessians against JAX's exact ones: the error estimate covers the difference."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from reference.hessians import hessian, hessian_of_gradient

X = np.random.default_rng(0).normal(size=(6, 2))
Y = np.random.default_rng(1).normal(size=6)


def loss(theta, lib=np):
    """A 2-2-1 network with tanh units and squared error, of 9 weights and biases."""
    hidden = lib.tanh(X @ theta[:4].reshape(2, 2) + theta[4:6])
    return ((hidden @ theta[6:8] + theta[8] - Y) ** 2).mean()


EXACT = jax.jit(jax.hessian(lambda theta: loss(theta, jnp)))
GRADIENT = jax.jit(jax.grad(lambda theta: loss(theta, jnp)))


@pytest.mark.parametrize("seed", range(5))
def test_the_hessian_of_a_network_is_that_of_jax(seed):
    theta = np.random.default_rng([seed, 2]).normal(size=9)
    expected = np.asarray(EXACT(theta))
    for result in (
        hessian(lambda t: float(loss(t)), theta),
        hessian_of_gradient(lambda t: np.asarray(GRADIENT(t)), theta),
    ):
        assert (np.abs(result.value - expected) <= 4 * result.error).all()
        assert result.error.max() <= 1e-7
