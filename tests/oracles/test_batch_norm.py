"""Batch normalisation against PyTorch's: training, gradients, running moments and prediction."""

from __future__ import annotations

import numpy as np
import torch

from reference.layers.batch_norm import (
    RunningMoments,
    batch_norm_backward,
    batch_norm_forward,
    batch_norm_predict,
    update_running_moments,
)

RNG = np.random.default_rng(0)
D = 5
GAMMA, BETA = RNG.normal(size=D), RNG.normal(size=D)
BATCHES = [3 * RNG.normal(size=(n, D)) + 2 for n in (20, 7, 2)]


def pytorchs_layer():
    """Its momentum is the weight of the new batch, 0.1 for our 0.9."""
    layer = torch.nn.BatchNorm1d(D, eps=1e-5, momentum=0.1, dtype=torch.float64)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(GAMMA))
        layer.bias.copy_(torch.from_numpy(BETA))
    return layer


def test_training_and_gradients():
    for X in BATCHES:
        layer, theirs_in = pytorchs_layer(), torch.tensor(X, requires_grad=True)
        grad_out = RNG.normal(size=X.shape)
        theirs = layer(theirs_in)
        theirs.backward(torch.from_numpy(grad_out))

        ours, cache = batch_norm_forward(X, GAMMA, BETA)
        np.testing.assert_allclose(ours, theirs.detach().numpy(), rtol=1e-12, atol=1e-12)
        expected = (theirs_in.grad, layer.weight.grad, layer.bias.grad)
        for gradient, one in zip(batch_norm_backward(grad_out, cache), expected, strict=True):
            np.testing.assert_allclose(gradient, one, rtol=1e-12, atol=1e-12)


def test_running_moments_and_prediction():
    layer, moments = pytorchs_layer(), RunningMoments(np.zeros(D), np.ones(D))
    for X in BATCHES:
        layer(torch.from_numpy(X))
        moments = update_running_moments(moments, X)
    np.testing.assert_allclose(moments.mean, layer.running_mean, rtol=1e-12)
    np.testing.assert_allclose(moments.variance, layer.running_var, rtol=1e-12)

    layer.eval()
    X = BATCHES[0]
    theirs = layer(torch.from_numpy(X)).detach().numpy()
    np.testing.assert_allclose(
        batch_norm_predict(X, GAMMA, BETA, moments), theirs, rtol=1e-12, atol=1e-12
    )
