"""Weight decay beside PyTorch's, priors beside SciPy's densities."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats
import torch

from reference.regularization.penalties import (
    gaussian_negative_log_prior,
    l1_penalty,
    l2_penalty,
    laplace_negative_log_prior,
    weight_decay_step,
)


def test_the_same_decay_as_pytorchs_sgd(rng):
    """Coupled, as `torch.optim.SGD` has it; AdamW's is decoupled."""
    W = rng.normal(size=(4, 3))
    tensor = torch.tensor(W, requires_grad=True)
    optimizer = torch.optim.SGD([tensor], lr=0.1, weight_decay=0.3)
    for _ in range(50):
        grad_W = rng.normal(size=W.shape)
        W = weight_decay_step(W, grad_W, learning_rate=0.1, alpha=0.3)
        tensor.grad = torch.tensor(grad_W)
        optimizer.step()
        np.testing.assert_allclose(W, tensor.detach().numpy(), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (l2_penalty, lambda W: 0.35 * W.square().sum()),
        (l1_penalty, lambda W: 0.7 * W.abs().sum()),
        (lambda W, alpha: l1_penalty(W, alpha, half=True), lambda W: 0.35 * W.abs().sum()),
    ],
)
def test_the_same_penalty_and_gradient_as_pytorch(ours, theirs, rng):
    W = rng.normal(size=(4, 3))
    W[0, 0] = 0.0
    tensor = torch.tensor(W, requires_grad=True)
    expected = theirs(tensor)
    expected.backward()
    value, gradient = ours(W, 0.7)
    assert expected.item() == pytest.approx(value, rel=1e-12)
    np.testing.assert_allclose(gradient, tensor.grad.numpy(), rtol=1e-12)


def test_the_same_densities_as_scipy(rng):
    W = rng.normal(size=(4, 3))
    gaussian = -scipy.stats.norm.logpdf(W, scale=np.sqrt(1 / 0.7)).sum()
    laplacian = -scipy.stats.laplace.logpdf(W, scale=1 / 0.7).sum()
    assert gaussian == pytest.approx(gaussian_negative_log_prior(W, 0.7)[0], rel=1e-12)
    assert laplacian == pytest.approx(laplace_negative_log_prior(W, 0.7)[0], rel=1e-12)
