"""Dropout against PyTorch's with the same mask, and its expectation over many masks."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional

from reference.layers.dropout import (
    dropout_backward,
    dropout_forward,
    dropout_predict,
    monte_carlo_predict,
)

KEEP = 0.7


def test_training_and_gradient_are_pytorchs_with_its_mask():
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    X, grad_out = rng.normal(size=(40, 30)), rng.normal(size=(40, 30))
    theirs_in = torch.tensor(X, requires_grad=True)
    theirs = functional.dropout(theirs_in, p=1 - KEEP, training=True)
    theirs.backward(torch.from_numpy(grad_out))
    mask = theirs.detach().numpy() != 0

    ours, cache = dropout_forward(X, KEEP, mask=mask)
    np.testing.assert_allclose(ours, theirs.detach().numpy(), rtol=1e-12)
    np.testing.assert_allclose(dropout_backward(grad_out, cache), theirs_in.grad, rtol=1e-12)


def test_prediction_is_pytorchs():
    X = np.random.default_rng(1).normal(size=(4, 3))
    theirs = functional.dropout(torch.from_numpy(X), p=1 - KEEP, training=False)
    np.testing.assert_array_equal(theirs, dropout_predict(X, KEEP))


@pytest.mark.parametrize("mode", ["classic", "inverted"])
def test_prediction_is_the_mean_of_a_hundred_thousand_masks(mode):
    """Within four standard errors of the mean, as the spread of the passes gives them."""
    h, n_passes = np.array([1.0, -2.0, 3.0, 0.5]), 100_000
    many = monte_carlo_predict(
        lambda rng: dropout_forward(h, KEEP, rng=rng, mode=mode)[0],
        n_passes,
        np.random.default_rng(2),
    )
    error = np.abs(many.mean - dropout_predict(h, KEEP, mode=mode))
    assert (error <= 4 * many.standard_deviation / np.sqrt(n_passes)).all()
