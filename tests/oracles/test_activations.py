"""Activation functions, to the last digits of SciPy's and PyTorch's, and so their derivatives."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.special
import torch

from reference.activations.elementwise import (
    relu,
    relu_derivative,
    sigmoid,
    sigmoid_derivative,
    tanh,
    tanh_derivative,
)
from reference.activations.probabilities import (
    log_softmax,
    log_softmax_derivative,
    softmax,
    softmax_derivative,
)

POINTS = np.array([[-800.0, -40.0, -1.5, -1e-9], [0.0, 1e-9, 3.0, 800.0]])
BATCH = np.random.default_rng(0).normal(scale=20, size=(200, 5))


@pytest.mark.parametrize("z", [POINTS, BATCH], ids=["points", "batch"])
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (sigmoid, scipy.special.expit),
        (tanh, np.tanh),
        (softmax, lambda z: scipy.special.softmax(z, axis=-1)),
    ],
)
def test_same_values_as_scipy(ours, theirs, z):
    np.testing.assert_allclose(ours(z), theirs(z), rtol=1e-15, atol=0)


def test_same_log_softmax_as_scipy():
    """SciPy's has no digits left of a logarithm that is almost 0, so those are absolute there."""
    theirs = scipy.special.log_softmax
    np.testing.assert_allclose(log_softmax(POINTS), theirs(POINTS, axis=-1), rtol=1e-15, atol=0)
    np.testing.assert_allclose(log_softmax(BATCH), theirs(BATCH, axis=-1), rtol=1e-15, atol=1e-15)


def test_log_softmax_has_all_digits_that_the_logistic_function_has():
    """With two classes it is log sigmoid(z), which SciPy has on its own."""
    z = np.linspace(-800, 800, 401)
    log_p = log_softmax(np.stack([z, np.zeros_like(z)], axis=1))[:, 0]
    np.testing.assert_allclose(log_p, scipy.special.log_expit(z), rtol=1e-15, atol=0)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (sigmoid, torch.sigmoid),
        (tanh, torch.tanh),
        (relu, torch.relu),
        (softmax, lambda z: torch.softmax(z, dim=-1)),
        (log_softmax, lambda z: torch.log_softmax(z, dim=-1)),
    ],
)
def test_same_values_as_pytorch(ours, theirs):
    expected = theirs(torch.from_numpy(BATCH))
    np.testing.assert_allclose(ours(BATCH), expected, rtol=1e-15, atol=1e-15)


@pytest.mark.parametrize(
    ("derivative", "function"),
    [
        (sigmoid_derivative, torch.sigmoid),
        (tanh_derivative, torch.tanh),
        (relu_derivative, torch.relu),
    ],
)
def test_same_derivatives_as_pytorchs_autograd(derivative, function):
    z = torch.tensor([-3.0, -0.1, 0.0, 1e-9, 2.0], dtype=torch.float64, requires_grad=True)
    function(z).sum().backward()
    np.testing.assert_allclose(derivative(z.detach().numpy()), z.grad, rtol=1e-14)


@pytest.mark.parametrize(
    ("derivative", "function"),
    [(softmax_derivative, torch.softmax), (log_softmax_derivative, torch.log_softmax)],
)
def test_same_jacobians_as_pytorchs_autograd(derivative, function):
    logits = torch.from_numpy(BATCH[0])
    expected = torch.autograd.functional.jacobian(lambda z: function(z, dim=-1), logits)
    np.testing.assert_allclose(derivative(BATCH[0]), expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize(
    ("at_zero", "function"),
    [
        (0.0, torch.relu),
        (1.0, lambda z: torch.clamp(z, min=0)),
        (0.5, lambda z: torch.maximum(z, torch.zeros_like(z))),
    ],
)
def test_pytorch_has_each_of_the_subgradients_at_zero(at_zero, function):
    z = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    function(z).sum().backward()
    assert relu_derivative(0.0, at_zero) == z.grad.item()
