"""A multi-layer perceptron, and backpropagation through it: vectorised, and sample by sample."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike

from reference.activations import ACTIVATIONS, Activation
from reference.arrays import Array, as_float_array, as_number
from reference.losses import softmax_cross_entropy

LossFunction: TypeAlias = Callable[[Array, ArrayLike], tuple[float, Array]]
Scheme: TypeAlias = Literal["he", "xavier", "gaussian", "zeros"]


@dataclass(frozen=True, slots=True)
class Trace:
    """What a forward pass computed, layer by layer.

    Attributes
    ----------
    pre_activations : tuple of ndarray
        Z_1 .. Z_L; Z_l has shape (N, S_l).
    activations : tuple of ndarray
        A_0 = X, A_1 .. A_L; one more than there are layers.
    """

    pre_activations: tuple[Array, ...]
    activations: tuple[Array, ...]


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
        self.hidden = _activation("hidden", hidden)
        self.output = _activation("output", output)
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
        scheme : {"he", "xavier", "gaussian", "zeros"}, default "he"
            Standard deviation of the (normal) weights: "he" sqrt(2 / S_in), made for ReLU;
            "xavier" sqrt(2 / (S_in + S_out)), made for tanh; "gaussian" `scale` in every layer;
            "zeros" as a cautionary tale: all hidden units of a layer then get the same gradient
            (with ReLU: none) and stay copies of each other for ever.
        scale : float, default 0.01
            Standard deviation of "gaussian".
        hidden, output, loss
            As in `MLP`.

        Returns
        -------
        MLP

        Raises
        ------
        ValueError
            If there are fewer than two sizes, a size is below 1 or the scheme is unknown.

        References
        ----------
        He, Zhang, Ren and Sun (2015), "Delving deep into rectifiers", eq. 10;
        Glorot and Bengio (2010), "Understanding the difficulty of training deep feedforward
        neural networks", eq. 12 (theirs is uniform, with this variance).
        """
        if len(sizes) < 2 or not all(isinstance(n, int | np.integer) and n >= 1 for n in sizes):
            raise ValueError(f"sizes must be two or more whole numbers from 1 on, got {sizes}")
        weights = [
            rng.normal(size=(n_in, n_out)) * _standard_deviation(scheme, n_in, n_out, scale)
            for n_in, n_out in pairwise(sizes)
        ]
        biases = [np.zeros(n_out) for n_out in sizes[1:]]
        return cls(weights, biases, hidden=hidden, output=output, loss=loss)

    @property
    def parameter_count(self) -> int:
        """Number of weights and biases: the sum of (S_{l-1} + 1) S_l."""
        return sum(W.size + b.size for W, b in zip(self.weights, self.biases, strict=True))

    def feed_forward(self, X: ArrayLike) -> Array:
        """Return the output A_L, shape (N, S_L), for a batch `X` of shape (N, S_0).

        Raises
        ------
        ValueError
            If `X` is empty, has another number of columns or is not finite.
        """
        return self.trace(X).activations[-1]

    def trace(self, X: ArrayLike) -> Trace:
        """Return all that the forward pass computes; see `Trace`.

        Raises
        ------
        ValueError
            If `X` is empty, has another number of columns or is not finite.
        """
        A = as_float_array("X", X, shape=("N", self.weights[0].shape[0]))
        pre_activations, activations = [], [A]
        for W, b, activation in zip(self.weights, self.biases, self._activations, strict=True):
            Z = A @ W + b
            A = activation.function(Z)
            pre_activations.append(Z)
            activations.append(A)
        return Trace(tuple(pre_activations), tuple(activations))

    def loss(self, X: ArrayLike, y: ArrayLike, reg: float = 0.0) -> float:
        """Return the loss of the batch plus reg/2 times the sum of all squared weights.

        Parameters
        ----------
        X : array_like, shape (N, S_0)
        y : array_like
            What the loss function takes: labels (N,) for `softmax_cross_entropy`.
        reg : float, default 0
            Strength of the L2 penalty. It is on the weights only: a bias does not make a function
            less smooth, so it is free. The 1/2 makes the penalty's gradient reg W, weight decay.

        Raises
        ------
        ValueError
            If an argument does not fit or `reg` is negative.
        """
        penalty = self._penalty(reg)
        loss, _ = self.loss_function(self.feed_forward(X), y)
        return loss + penalty

    def gradients(self, X: ArrayLike, y: ArrayLike, reg: float = 0.0) -> Gradients:
        """Return the loss and its gradients, by backpropagation over the whole batch at once.

        From the top down: delta_L = dloss/dA_L * h'(Z_L), delta_l = delta_{l+1} W_{l+1}^T * g'(Z_l)
        (element-wise products); then dloss/dW_l = A_{l-1}^T delta_l + reg W_l and dloss/db_l is the
        sum of the rows of delta_l.

        Parameters and errors are those of `loss`.
        """
        penalty = self._penalty(reg)
        trace = self.trace(X)
        loss, grad_output = self.loss_function(trace.activations[-1], y)
        delta = grad_output * self.output.derivative(trace.pre_activations[-1])
        grad_weights, grad_biases = [], []
        for layer in reversed(range(len(self.weights))):
            grad_weights.append(trace.activations[layer].T @ delta + reg * self.weights[layer])
            grad_biases.append(delta.sum(axis=0))
            if layer > 0:
                below = trace.pre_activations[layer - 1]
                delta = (delta @ self.weights[layer].T) * self.hidden.derivative(below)
        return Gradients(loss + penalty, tuple(grad_weights[::-1]), tuple(grad_biases[::-1]))

    def gradients_by_sample(self, X: ArrayLike, y: ArrayLike, reg: float = 0.0) -> Gradients:
        """Return what `gradients` returns, computed one sample after the other.

        Slow and close to the derivation: delta_n is a vector, the gradient of a weight matrix is
        the outer product a delta^T, and fan-out over the batch is a sum (`+=`).

        Parameters and errors are those of `loss`.
        """
        penalty = self._penalty(reg)
        trace = self.trace(X)
        loss, grad_output = self.loss_function(trace.activations[-1], y)
        grad_weights = [reg * W for W in self.weights]
        grad_biases = [np.zeros_like(b) for b in self.biases]
        for n in range(grad_output.shape[0]):
            delta = grad_output[n] * self.output.derivative(trace.pre_activations[-1][n])
            for layer in reversed(range(len(self.weights))):
                grad_weights[layer] += np.outer(trace.activations[layer][n], delta)
                grad_biases[layer] += delta
                if layer > 0:
                    below = trace.pre_activations[layer - 1][n]
                    delta = (self.weights[layer] @ delta) * self.hidden.derivative(below)
        return Gradients(loss + penalty, tuple(grad_weights), tuple(grad_biases))

    @property
    def _activations(self) -> list[Activation]:
        return [self.hidden] * (len(self.weights) - 1) + [self.output]

    def _penalty(self, reg: float) -> float:
        reg = as_number("reg", reg, least=0.0)
        return 0.5 * reg * float(sum((W**2).sum() for W in self.weights))


def _standard_deviation(scheme: Scheme, n_in: int, n_out: int, scale: float) -> float:
    match scheme:
        case "he":
            return math.sqrt(2 / n_in)
        case "xavier":
            return math.sqrt(2 / (n_in + n_out))
        case "gaussian":
            return as_number("scale", scale, least=0.0)
        case "zeros":
            return 0.0
        case _:
            raise ValueError(f"scheme must be one of {', '.join(get_args(Scheme))}, got {scheme!r}")


def _activation(argument: str, name: str) -> Activation:
    if name not in ACTIVATIONS:
        raise ValueError(f"{argument} must be one of {', '.join(ACTIVATIONS)}, got {name!r}")
    return ACTIVATIONS[name]
