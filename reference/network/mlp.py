"""A multi-layer perceptron, and backpropagation through it: vectorised, and sample by sample."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from reference.activations.elementwise import Activation, activation_named
from reference.arrays import Array, as_count, as_float_array, as_number
from reference.layers.dropout import draw_dropout_mask
from reference.losses.cross_entropy import softmax_cross_entropy
from reference.network.initialisation import Scheme, initial_weights

LossFunction: TypeAlias = Callable[[Array, ArrayLike], tuple[float, Array]]


@dataclass(frozen=True, slots=True)
class Trace:
    """What a forward pass computed, layer by layer.

    Attributes
    ----------
    pre_activations : tuple of ndarray
        Z_1 .. Z_L; Z_l has shape (N, S_l).
    activations : tuple of ndarray
        A_0 = X, A_1 .. A_L; one more than there are layers. With dropout, what is left of them.
    masks : tuple of ndarray or None
        With dropout, what A_0 .. A_{L-1} were multiplied by.
    """

    pre_activations: tuple[Array, ...]
    activations: tuple[Array, ...]
    masks: tuple[Array, ...] | None = None


@dataclass(frozen=True, slots=True)
class Gradients:
    """The loss, and its gradient with respect to every weight matrix and bias vector.

    Attributes
    ----------
    loss : float
        With the regulariser.
    weights, biases : tuple of ndarray
        Shapes of the network's own.
    """

    loss: float
    weights: tuple[Array, ...]
    biases: tuple[Array, ...]


class MLP:
    """A multi-layer perceptron of L layers.

    A_0 = X;  Z_l = A_{l-1} W_l + b_l;  A_l = g(Z_l) below the top, A_L = h(Z_L) at the top.

    Dropout is a choice of each pass: where masks are given, A_0 .. A_{L-1} are multiplied by them,
    entry by entry. Those of `draw_masks` hold 0 and 1/keep (inverted dropout), so that a pass
    without masks is the prediction.

    Parameters
    ----------
    weights : sequence of array_like
        W_l of shape (S_{l-1}, S_l), l = 1 .. L: inputs are rows, outputs are columns.
    biases : sequence of array_like
        b_l of shape (S_l,).
    hidden : str, default "relu"
        Name of g: a key of `ACTIVATIONS`.
    output : str, default "identity"
        Name of h. The softmax is part of `softmax_cross_entropy`, so the output unit of a
        classifier is the identity.
    loss : callable, default `softmax_cross_entropy`
        Takes the output (N, S_L) and the targets, returns the loss and its gradient.

    Raises
    ------
    ValueError
        If the shapes do not chain, a number is not finite or an activation is unknown.

    References
    ----------
    Rumelhart, Hinton and Williams (1986), "Learning representations by back-propagating errors";
    Goodfellow, Bengio and Courville (2016), "Deep Learning", algorithms 6.3 and 6.4.
    """

    def __init__(
        self,
        weights: Sequence[ArrayLike],
        biases: Sequence[ArrayLike],
        *,
        hidden: str = "relu",
        output: str = "identity",
        loss: LossFunction = softmax_cross_entropy,
    ) -> None:
        if not weights or len(weights) != len(biases):
            raise ValueError(
                f"weights and biases must be equally many and at least one, "
                f"got {len(weights)} and {len(biases)}"
            )
        self.weights: list[Array] = []
        self.biases: list[Array] = []
        n_inputs: int | str = "S_0"
        for layer, (weight, bias) in enumerate(zip(weights, biases, strict=True), start=1):
            W = as_float_array(f"weights[{layer - 1}]", weight, shape=(n_inputs, f"S_{layer}"))
            b = as_float_array(f"biases[{layer - 1}]", bias, shape=(W.shape[1],))
            self.weights.append(W)
            self.biases.append(b)
            n_inputs = W.shape[1]
        self.hidden = activation_named("hidden", hidden)
        self.output = activation_named("output", output)
        self.loss_function = loss

    @classmethod
    def initialise(
        cls,
        sizes: Sequence[int],
        rng: np.random.Generator,
        *,
        scheme: Scheme = "he",
        scale: float = 0.01,
        hidden: str = "relu",
        output: str = "identity",
        loss: LossFunction = softmax_cross_entropy,
    ) -> MLP:
        """Return a network with random weights and biases of 0.

        Parameters
        ----------
        sizes : sequence of int
            S_0 .. S_L: inputs, hidden layers, outputs.
        rng : numpy.random.Generator
            Where the weights are drawn from, layer by layer.
        scheme, scale
            How large the weights are, as in `initial_weights`.
        hidden, output, loss
            As in `MLP`.

        Returns
        -------
        MLP

        Raises
        ------
        ValueError
            If there are fewer than two sizes, a size is below 1 or the scheme is unknown.
        """
        weights = initial_weights(sizes, rng, scheme=scheme, scale=scale)
        biases = [np.zeros(n_out) for n_out in sizes[1:]]
        return cls(weights, biases, hidden=hidden, output=output, loss=loss)

    @property
    def parameter_count(self) -> int:
        """Number of weights and biases: the sum of (S_{l-1} + 1) S_l."""
        return sum(W.size + b.size for W, b in zip(self.weights, self.biases, strict=True))

    def draw_masks(
        self, n_samples: int, keep: Sequence[float], rng: np.random.Generator
    ) -> tuple[Array, ...]:
        """Return masks for a batch: 1/keep for a unit that is kept, 0 for one that is left out.

        Parameters
        ----------
        n_samples : int
        keep : sequence of float
            Probability in (0, 1] that a unit is kept, for A_0 .. A_{L-1}: inputs, then each hidden
            layer. 1 where there is no dropout.
        rng : numpy.random.Generator

        Returns
        -------
        tuple of ndarray
            The mask of A_l has shape (n_samples, S_l).

        Raises
        ------
        ValueError
            If `keep` has not one entry for each of these layers, or one outside (0, 1].
        """
        if len(keep) != len(self.weights):
            raise ValueError(
                f"keep must have {len(self.weights)} entries, for the inputs and each hidden "
                f"layer, got {len(keep)}"
            )
        n_samples = as_count("n_samples", n_samples)
        return tuple(
            (draw_dropout_mask((n_samples, W.shape[0]), p, rng) / p).astype(W.dtype)
            for W, p in zip(self.weights, keep, strict=True)
        )

    def feed_forward(self, X: ArrayLike, masks: Sequence[ArrayLike] | None = None) -> Array:
        """Return the output A_L, shape (N, S_L), for a batch `X` of shape (N, S_0).

        Raises
        ------
        ValueError
            If `X` is empty, has another number of columns or is not finite, or a mask does not fit.
        """
        return self.trace(X, masks).activations[-1]

    def trace(self, X: ArrayLike, masks: Sequence[ArrayLike] | None = None) -> Trace:
        """Return all that the forward pass computes; see `Trace`.

        Raises
        ------
        ValueError
            If `X` is empty, has another number of columns or is not finite, or a mask does not fit.
        """
        A = as_float_array("X", X, shape=("N", self.weights[0].shape[0]))
        factors = None if masks is None else self._as_masks(masks, len(A))
        pre_activations, activations = [], []
        layers = zip(self.weights, self.biases, self._activations, strict=True)
        for layer, (W, b, activation) in enumerate(layers):
            A = _masked(A, factors, layer)
            Z = A @ W + b
            activations.append(A)
            pre_activations.append(Z)
            A = activation.function(Z)
        return Trace(tuple(pre_activations), (*activations, A), factors)

    def loss(
        self,
        X: ArrayLike,
        y: ArrayLike,
        reg: float = 0.0,
        masks: Sequence[ArrayLike] | None = None,
    ) -> float:
        """Return the loss of the batch plus reg/2 times the sum of all squared weights.

        Parameters
        ----------
        X : array_like, shape (N, S_0)
        y : array_like
            What the loss function takes: labels (N,) for `softmax_cross_entropy`.
        reg : float, default 0
            Strength of the L2 penalty. It is on the weights only: a bias does not make a function
            less smooth, so it is free. The 1/2 makes the penalty's gradient reg W, weight decay.
        masks : sequence of array_like, optional
            For dropout, what A_0 .. A_{L-1} are multiplied by, each of its shape (N, S_l).

        Raises
        ------
        ValueError
            If an argument does not fit or `reg` is negative.
        """
        reg = as_number("reg", reg, least=0.0)
        loss, _ = self.loss_function(self.feed_forward(X, masks), y)
        return loss + self._penalty(reg)

    def gradients(
        self,
        X: ArrayLike,
        y: ArrayLike,
        reg: float = 0.0,
        masks: Sequence[ArrayLike] | None = None,
    ) -> Gradients:
        """Return the loss and its gradients, by backpropagation over the whole batch at once.

        From the top down: delta_L = dloss/dA_L * h'(Z_L), delta_l = delta_{l+1} W_{l+1}^T * g'(Z_l)
        (element-wise products, with dropout also by the mask of A_l); then
        dloss/dW_l = A_{l-1}^T delta_l + reg W_l and dloss/db_l is the sum of the rows of delta_l.

        For one sample as a column that is W_{l+1} delta_{l+1}, with W from inputs to outputs as
        here. The course's lecture on multi-layer networks has W from outputs to inputs, (S_{l+1},
        S_l), so its recurrence diag(a (1 - a)) W delta lacks a transposition: W^T delta, as its
        code has it.

        Parameters and errors are those of `loss`.
        """
        reg = as_number("reg", reg, least=0.0)
        trace = self.trace(X, masks)
        loss, grad_output = self.loss_function(trace.activations[-1], y)
        delta = grad_output * self.output.derivative(trace.pre_activations[-1])
        grad_weights, grad_biases = [], []
        for layer in reversed(range(len(self.weights))):
            grad_weights.append(trace.activations[layer].T @ delta + reg * self.weights[layer])
            grad_biases.append(delta.sum(axis=0))
            if layer > 0:
                grad_A = _masked(delta @ self.weights[layer].T, trace.masks, layer)
                delta = grad_A * self.hidden.derivative(trace.pre_activations[layer - 1])
        loss += self._penalty(reg)
        return Gradients(loss, tuple(grad_weights[::-1]), tuple(grad_biases[::-1]))

    def gradients_by_sample(
        self,
        X: ArrayLike,
        y: ArrayLike,
        reg: float = 0.0,
        masks: Sequence[ArrayLike] | None = None,
    ) -> Gradients:
        """Return what `gradients` returns, computed one sample after the other.

        Slow and close to the derivation: delta_n is a vector, the gradient of a weight matrix is
        the outer product a delta^T, and fan-out over the batch is a sum (`+=`).

        Parameters and errors are those of `loss`.
        """
        reg = as_number("reg", reg, least=0.0)
        trace = self.trace(X, masks)
        loss, grad_output = self.loss_function(trace.activations[-1], y)
        grad_weights = [reg * W for W in self.weights]
        grad_biases = [np.zeros_like(b) for b in self.biases]
        for n in range(grad_output.shape[0]):
            masks_of_n = None if trace.masks is None else [mask[n] for mask in trace.masks]
            delta = grad_output[n] * self.output.derivative(trace.pre_activations[-1][n])
            for layer in reversed(range(len(self.weights))):
                grad_weights[layer] += np.outer(trace.activations[layer][n], delta)
                grad_biases[layer] += delta
                if layer > 0:
                    grad_a = _masked(self.weights[layer] @ delta, masks_of_n, layer)
                    delta = grad_a * self.hidden.derivative(trace.pre_activations[layer - 1][n])
        loss += self._penalty(reg)
        return Gradients(loss, tuple(grad_weights), tuple(grad_biases))

    @property
    def _activations(self) -> list[Activation]:
        return [self.hidden] * (len(self.weights) - 1) + [self.output]

    def _penalty(self, reg: float) -> float:
        return 0.5 * reg * float(sum((W**2).sum() for W in self.weights))

    def _as_masks(self, masks: Sequence[ArrayLike], n_samples: int) -> tuple[Array, ...]:
        if len(masks) != len(self.weights):
            raise ValueError(
                f"masks must be {len(self.weights)}, for the inputs and each hidden layer, "
                f"got {len(masks)}"
            )
        return tuple(
            as_float_array(f"masks[{layer}]", mask, shape=(n_samples, W.shape[0])).astype(W.dtype)
            for layer, (mask, W) in enumerate(zip(masks, self.weights, strict=True))
        )


def _masked(A: Array, masks: Sequence[Array] | None, layer: int) -> Array:
    return A if masks is None else A * masks[layer]
