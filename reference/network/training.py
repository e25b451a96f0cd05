"""Training a network: epochs of mini-batches, a gradient and a step for each."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import as_count, as_float_array
from reference.network.mlp import MLP
from reference.optimizers.descent import minibatches
from reference.optimizers.optimizer import Optimizer


@dataclass(frozen=True, slots=True)
class Training:
    """A trained network, and how its loss fell.

    Attributes
    ----------
    network : MLP
    losses : tuple of float
        One for each epoch: the mean over its samples of the loss, penalty included, that each batch
        had before its step.
    """

    network: MLP
    losses: tuple[float, ...]


def train(
    network: MLP,
    X: ArrayLike,
    y: ArrayLike,
    *,
    optimizer: Optimizer,
    n_epochs: int,
    batch_size: int = 200,
    reg: float = 0.0,
    rng: np.random.Generator,
) -> Training:
    """Train a network by mini-batches of backpropagation.

    Parameters
    ----------
    network : MLP
        Where to start. It is not changed.
    X : array_like, shape (N, S_0)
    y : array_like
        The targets, one a row of `X`: what the network's loss takes.
    optimizer : Optimizer
        From `reference.optimizers.momentum`, new: its state belongs to this training.
    n_epochs : int
        How often every sample is seen.
    batch_size : int, default 200
        N or more is batch gradient descent, 1 the incremental mode.
    reg : float, default 0
        Strength of the L2 penalty, as in `MLP.loss`.
    rng : numpy.random.Generator
        Reshuffles the samples before each epoch.

    Returns
    -------
    Training

    Raises
    ------
    ValueError
        If an argument does not fit the network, the batch is empty or a number is not finite.

    References
    ----------
    Goodfellow, Bengio and Courville (2016), "Deep Learning", section 8.1.3.
    """
    n_epochs = as_count("n_epochs", n_epochs)
    batch_size = as_count("batch_size", batch_size)
    X = as_float_array("X", X, shape=("N", network.weights[0].shape[0]))
    y = np.asarray(y)
    if y.shape[:1] != (len(X),):
        raise ValueError(f"y must have one target a row of X, {len(X)}, got shape {y.shape}")
    n_layers = len(network.weights)
    losses = []
    for _ in range(n_epochs):
        total = 0.0
        for rows in minibatches(len(X), min(batch_size, len(X)), rng):
            gradients = network.gradients(X[rows], y[rows], reg)
            parameters = optimizer.step(
                [*network.weights, *network.biases], [*gradients.weights, *gradients.biases]
            )
            network = copy.copy(network)
            network.weights = list(parameters[:n_layers])
            network.biases = list(parameters[n_layers:])
            total += gradients.loss * len(rows)
        losses.append(total / len(X))
    return Training(network, tuple(losses))
