"""The fast twin's step, beside PyTorch's network and optimizer."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from reference.network.fast_training import FlatAdam, FlatNetwork
from reference.network.mlp import MLP

SIZES = (7, 6, 5, 4)
HIDDEN = {"relu": torch.nn.ReLU, "sigmoid": torch.nn.Sigmoid, "tanh": torch.nn.Tanh}


@pytest.mark.parametrize("hidden", HIDDEN)
def test_fifty_steps_of_adam_are_those_of_pytorch(hidden, rng):
    network = MLP.initialise(SIZES, rng, hidden=hidden)
    flat = FlatNetwork(network)
    adam = FlatAdam(flat.parameters.size, flat.parameters.dtype, learning_rate=0.01)
    layers: list[torch.nn.Module] = []
    for W, b in zip(network.weights, network.biases, strict=True):
        layer = torch.nn.Linear(*W.shape).double()
        layer.weight.data[:] = torch.from_numpy(W.T)
        layer.bias.data[:] = torch.from_numpy(b)
        layers += [layer, HIDDEN[hidden]()]
    theirs = torch.nn.Sequential(*layers[:-1])
    optimizer = torch.optim.Adam(theirs.parameters(), lr=0.01)
    for _ in range(50):
        X = rng.normal(size=(9, SIZES[0]))
        y = rng.integers(SIZES[-1], size=9)
        loss, gradient = flat.loss_and_gradient(X, y)
        adam.step(flat.parameters, gradient)
        optimizer.zero_grad()
        their_loss = torch.nn.functional.cross_entropy(
            theirs(torch.from_numpy(X)), torch.from_numpy(y)
        )
        their_loss.backward()
        optimizer.step()
        assert their_loss.item() == pytest.approx(loss, rel=1e-11)
    for W, layer in zip(flat.to_network().weights, layers[::2], strict=True):
        np.testing.assert_allclose(W, layer.weight.detach().numpy().T, rtol=1e-9, atol=1e-11)
