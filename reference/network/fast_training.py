"""The fast twin of `reference.network.training`: the same steps, some three times as many a second.

Nothing here is new mathematics; `train_fast` follows `train` with Adam to the last digits, and a
test holds them equal. What it does otherwise is about the machine:

* All parameters lie in one vector, and so do their gradients. The weights are views of it, so the
  optimizer needs one pass over one vector and not a call for each matrix.
* Every intermediate result has a buffer that is used again. A new array of a megabyte costs as
  much as the multiplication that fills it.
* The logits are kept as (K, N), a class a row: the largest logit of each sample and the sum of its
  exponentials are then operations on whole rows.
* Adam goes over the vector in blocks that stay in the processor's cache.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import Array, Labels, as_count, as_float_array, as_labels, as_number
from reference.losses.cross_entropy import softmax_cross_entropy
from reference.network.mlp import MLP
from reference.network.training import Training
from reference.optimizers.descent import minibatches

BLOCK_BYTES = 1 << 18
"""Of each of the five vectors in Adam: so much stays in a second-level cache of a megabyte."""


class FlatNetwork:
    """A classifier's loss and gradient as functions of one vector of parameters.

    Parameters
    ----------
    network : MLP
        With `softmax_cross_entropy` for a loss and identity for an output unit. It is not changed.
    reg : float, default 0
        Strength of the L2 penalty on the weights, as in `MLP.loss`.

    Attributes
    ----------
    parameters : ndarray, shape (n_parameters,)
        Every W_l row by row, then every b_l. Assign with ``parameters[:] = ...``.
    gradient : ndarray, shape (n_parameters,)
        Of the last call of `loss_and_gradient`.

    Raises
    ------
    ValueError
        If the network has another loss or output unit, or `reg` is negative.
    """

    def __init__(self, network: MLP, reg: float = 0.0) -> None:
        if network.loss_function is not softmax_cross_entropy or network.output.name != "identity":
            raise ValueError(
                "network must have the loss softmax_cross_entropy and the output unit identity"
            )
        self.reg = as_number("reg", reg, least=0.0)
        self.sizes = (network.weights[0].shape[0], *(b.size for b in network.biases))
        self.hidden = network.hidden.name
        self.n_weights = sum(W.size for W in network.weights)
        self.parameters: Array = np.concatenate(
            [one.ravel() for one in (*network.weights, *network.biases)]
        )
        self.gradient = np.zeros_like(self.parameters)
        self._weights, self._biases = self._views(self.parameters)
        self._grad_weights, self._grad_biases = self._views(self.gradient)
        self._buffers: dict[int, _Buffers] = {}

    def to_network(self) -> MLP:
        """Return the readable network with copies of the parameters."""
        return MLP(
            [W.copy() for W in self._weights],
            [b.copy() for b in self._biases],
            hidden=self.hidden,
        )

    def loss_and_gradient(self, X: Array, y: Labels) -> tuple[float, Array]:
        """Return what `data_loss_and_gradient` does with the penalty and its gradient added."""
        loss, gradient = self.data_loss_and_gradient(X, y)
        if self.reg > 0:
            gradient[: self.n_weights] += self.reg * self.parameters[: self.n_weights]
        return loss + self.penalty(), gradient

    def penalty(self) -> float:
        """Return reg/2 times the sum of all squared weights."""
        weights = self.parameters[: self.n_weights]
        return 0.5 * self.reg * float(weights @ weights)

    def data_loss_and_gradient(self, X: Array, y: Labels) -> tuple[float, Array]:
        """Return the mean loss of a batch, and `gradient`, which is overwritten.

        Parameters
        ----------
        X : ndarray, shape (N, S_0)
            Of the dtype of the parameters. Not looked at for NaN, as the arguments of the readable
            version are: this is called thousands of times on rows of the same array.
        y : ndarray of int, shape (N,)
            Labels in 0 .. S_L - 1.
        """
        buffers = self._buffers.get(len(X))
        if buffers is None:
            buffers = self._buffers[len(X)] = _Buffers(len(X), self.sizes, self.parameters.dtype)
        inputs = X
        activate = _ACTIVATE[self.hidden]
        below_top = zip(
            self._weights, self._biases, buffers.activations, buffers.slopes, strict=False
        )
        for W, b, activation, slope in below_top:
            np.matmul(inputs, W, out=activation)
            activation += b
            activate(activation, slope)
            inputs = activation
        logits = buffers.logits
        np.matmul(self._weights[-1].T, inputs.T, out=logits)
        logits += self._biases[-1][:, np.newaxis]
        loss = _softmax_cross_entropy_in_place(logits, buffers.first + y * len(X))
        self._propagate_back(X, buffers)
        return loss, self.gradient

    def _propagate_back(self, X: Array, buffers: _Buffers) -> None:
        delta = buffers.logits.T
        for layer in reversed(range(len(self._weights))):
            inputs = buffers.activations[layer - 1] if layer else X
            np.matmul(inputs.T, delta, out=self._grad_weights[layer])
            np.matmul(buffers.ones, delta, out=self._grad_biases[layer])
            if layer:
                below = buffers.deltas[layer - 1]
                np.matmul(delta, self._weights[layer].T, out=below)
                below *= buffers.slopes[layer - 1]
                delta = below

    def _views(self, vector: Array) -> tuple[list[Array], list[Array]]:
        weights, biases = [], []
        start = 0
        for n_in, n_out in pairwise(self.sizes):
            weights.append(vector[start : start + n_in * n_out].reshape(n_in, n_out))
            start += n_in * n_out
        for n_out in self.sizes[1:]:
            biases.append(vector[start : start + n_out])
            start += n_out
        return weights, biases


class _Buffers:
    """Room for what a batch of `n_samples` leaves in each layer."""

    def __init__(self, n_samples: int, sizes: tuple[int, ...], dtype: np.dtype[Any]) -> None:
        hidden = [(n_samples, size) for size in sizes[1:-1]]
        self.activations = [np.empty(shape, dtype) for shape in hidden]
        self.slopes = [np.empty(shape, dtype) for shape in hidden]
        self.deltas = [np.empty(shape, dtype) for shape in hidden]
        self.logits = np.empty((sizes[-1], n_samples), dtype)
        self.ones = np.ones(n_samples, dtype)
        self.first = np.arange(n_samples)


def _softmax_cross_entropy_in_place(logits: Array, places: Labels) -> float:
    """Return the mean loss of (K, N) logits, and put its gradient in their place.

    `places` says where in the flat array the logit of each sample's own class lies.
    """
    logits -= np.maximum.reduce(logits, axis=0)
    flat = logits.reshape(-1)
    own = flat.take(places)
    np.exp(logits, out=logits)
    total = np.add.reduce(logits, axis=0)
    n_samples = len(total)
    loss = float((np.log(total) - own).sum()) / n_samples
    total *= n_samples
    logits /= total
    flat[places] -= 1 / n_samples
    return loss


def _relu(z: Array, slope: Array) -> None:
    np.greater(z, 0, out=slope)
    z *= slope


def _tanh(z: Array, slope: Array) -> None:
    np.tanh(z, out=z)
    np.multiply(z, z, out=slope)
    np.subtract(1, slope, out=slope)


def _sigmoid(z: Array, slope: Array) -> None:
    z *= 0.5
    np.tanh(z, out=z)
    z += 1
    z *= 0.5
    np.subtract(1, z, out=slope)
    slope *= z


def _identity(z: Array, slope: Array) -> None:  # noqa: ARG001
    slope.fill(1)


_ACTIVATE: dict[str, Callable[[Array, Array], None]] = {
    "relu": _relu,
    "tanh": _tanh,
    "sigmoid": _sigmoid,
    "identity": _identity,
}
"""Each turns z into its activation in place, and writes the derivative at z into the slope."""


class FlatAdam:
    """Adam with bias correction on one vector, in place; `reference.optimizers.Adam` says how.

    The two averages are kept without their factors 1 - beta, which go into the step's size: two
    multiplications a parameter fewer. The first `n_decayed` parameters get `weight_decay` times
    themselves added to their gradient, the L2 penalty's, while they are in the cache.
    """

    def __init__(
        self,
        n_parameters: int,
        dtype: np.dtype[Any],
        *,
        learning_rate: float = 1e-3,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        n_decayed: int = 0,
    ) -> None:
        self.learning_rate, self.beta1, self.beta2, self.eps = learning_rate, beta1, beta2, eps
        self.weight_decay, self.n_decayed = weight_decay, n_decayed
        self.n_steps = 0
        self._first = np.zeros(n_parameters, dtype)
        self._second = np.zeros(n_parameters, dtype)
        block = BLOCK_BYTES // dtype.itemsize
        self._room = np.empty(min(block, n_parameters), dtype)
        self._blocks = [slice(start, start + block) for start in range(0, n_parameters, block)]

    def step(self, parameters: Array, gradient: Array) -> None:
        """Change `parameters` by one step; `gradient` is used up."""
        self.n_steps += 1
        # sqrt(v / (1 - beta2^t)) = sqrt(second) / scale
        scale = math.sqrt((1 - self.beta2**self.n_steps) / (1 - self.beta2))
        size = self.learning_rate * scale * (1 - self.beta1) / (1 - self.beta1**self.n_steps)
        for block in self._blocks:
            p, g = parameters[block], gradient[block]
            first, second = self._first[block], self._second[block]
            room = self._room[: len(p)]
            if self.weight_decay > 0 and block.start < self.n_decayed:
                n = min(self.n_decayed - block.start, len(p))
                np.multiply(p[:n], self.weight_decay, out=room[:n])
                g[:n] += room[:n]
            first *= self.beta1
            first += g
            second *= self.beta2
            np.multiply(g, g, out=g)
            second += g
            np.sqrt(second, out=room)
            room += self.eps * scale
            np.divide(first, room, out=room)
            room *= size
            p -= room


def train_fast(
    network: MLP,
    X: ArrayLike,
    y: ArrayLike,
    *,
    n_epochs: int,
    batch_size: int = 200,
    learning_rate: float = 1e-3,
    reg: float = 0.0,
    rng: np.random.Generator,
) -> Training:
    """Train a classifier as `train` does with `Adam(learning_rate)`, and much faster.

    Parameters, result and errors are those of `train`.
    """
    flat = FlatNetwork(network, reg)
    n_epochs = as_count("n_epochs", n_epochs)
    batch_size = as_count("batch_size", batch_size)
    learning_rate = as_number("learning_rate", learning_rate, above=0.0)
    dtype = flat.parameters.dtype
    X = as_float_array("X", X, shape=("N", flat.sizes[0])).astype(dtype, copy=False)
    y = as_labels("y", y, size=len(X), n_classes=flat.sizes[-1])
    adam = FlatAdam(
        flat.parameters.size,
        dtype,
        learning_rate=learning_rate,
        weight_decay=flat.reg,
        n_decayed=flat.n_weights,
    )
    batch = np.empty((min(batch_size, len(X)), X.shape[1]), dtype)
    losses = []
    for _ in range(n_epochs):
        total = 0.0
        for rows in minibatches(len(X), min(batch_size, len(X)), rng):
            inputs = batch[: len(rows)]
            # Rows are in range; told so, `take` writes into the buffer without one of its own.
            np.take(X, rows, axis=0, out=inputs, mode="clip")
            loss, gradient = flat.data_loss_and_gradient(inputs, y[rows])
            total += (loss + flat.penalty()) * len(rows)
            adam.step(flat.parameters, gradient)
        losses.append(total / len(X))
    return Training(flat.to_network(), tuple(losses))
