"""Backpropagation through a multi-layer perceptron, with numpy.

The handout (README.md) has the mathematics, the shapes, and a worked example.
"""

import itertools

import numpy as np


def affine_forward(X, W, b):
    """Compute X W + b.

    X has shape (N, D), W (D, M), b (M,). Return (out, cache): out has shape (N, M); cache is
    whatever your affine_backward needs.
    """
    # BEGIN SOLUTION
    return X @ W + b, (X, W)
    # END SOLUTION


def affine_backward(grad_out, cache):
    """Return (grad_X, grad_W, grad_b), given the gradient of the loss with respect to out.

    grad_out has shape (N, M); each gradient has the shape of what it is the gradient of.
    """
    # BEGIN SOLUTION
    X, W = cache
    return grad_out @ W.T, X.T @ grad_out, grad_out.sum(axis=0)
    # END SOLUTION


def relu_forward(Z):
    """Compute max(0, Z), element by element. Return (out, cache)."""
    # BEGIN SOLUTION
    return np.maximum(Z, 0), Z
    # END SOLUTION


def relu_backward(grad_out, cache):
    """Return grad_Z, given the gradient of the loss with respect to out."""
    # BEGIN SOLUTION
    Z = cache
    return grad_out * (Z > 0)
    # END SOLUTION


def softmax_loss(logits, y):
    """Compute the cross-entropy of softmax(logits), the mean over the batch.

    logits has shape (N, K), y holds N labels in 0 .. K - 1. Return (loss, grad_logits). Both must
    be right for logits of any size.
    """
    # BEGIN SOLUTION
    samples = np.arange(len(y))
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_probabilities = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    grad_logits = np.exp(log_probabilities)
    grad_logits[samples, y] -= 1
    return -log_probabilities[samples, y].mean(), grad_logits / len(y)
    # END SOLUTION


def initialise(sizes, rng):
    """Draw the parameters of a network with sizes[0] inputs, ..., sizes[-1] outputs.

    Return (weights, biases), two lists with one array a layer. The weights are drawn with `rng`, a
    numpy.random.Generator, with mean 0 and standard deviation sqrt(2 / number of inputs of the
    layer); the biases are 0.
    """
    # BEGIN SOLUTION
    weights = [
        rng.normal(scale=np.sqrt(2 / n_in), size=(n_in, n_out))
        for n_in, n_out in itertools.pairwise(sizes)
    ]
    return weights, [np.zeros(n_out) for n_out in sizes[1:]]
    # END SOLUTION


def feed_forward(X, weights, biases):
    """Compute the logits of a network with any number of layers: affine, ReLU, ..., affine.

    Return (logits, caches); caches is whatever your network_loss needs.
    """
    # BEGIN SOLUTION
    caches = []
    A = X
    for layer, (W, b) in enumerate(zip(weights, biases, strict=True)):
        if layer > 0:
            A, relu_cache = relu_forward(A)
            caches.append(relu_cache)
        A, affine_cache = affine_forward(A, W, b)
        caches.append(affine_cache)
    return A, caches
    # END SOLUTION


def collapse(weights, biases):
    """Return (W, b) of the one affine layer that the network would be without its ReLUs.

    For every X, X W + b must be what the layers compute one after the other, for any number of
    them.
    """
    # BEGIN SOLUTION
    W, b = weights[0], biases[0]
    for next_W, next_b in zip(weights[1:], biases[1:], strict=True):
        W, b = W @ next_W, b @ next_W + next_b
    return W, b
    # END SOLUTION


def network_loss(X, y, weights, biases, reg):
    """Compute the loss of the network with its L2 penalty, and all gradients.

    Return (loss, grad_weights, grad_biases), the last two as lists with one array a layer.
    """
    # BEGIN SOLUTION
    logits, caches = feed_forward(X, weights, biases)
    loss, grad = softmax_loss(logits, y)
    loss = loss + 0.5 * reg * sum((W**2).sum() for W in weights)
    grad_weights, grad_biases = [], []
    for W in reversed(weights):
        grad, grad_W, grad_b = affine_backward(grad, caches.pop())
        grad_weights.insert(0, grad_W + reg * W)
        grad_biases.insert(0, grad_b)
        if caches:
            grad = relu_backward(grad, caches.pop())
    return loss, grad_weights, grad_biases
    # END SOLUTION


def sample_gradients(x, y, weights, biases):
    """Return (grad_weights, grad_biases) of the loss of one sample, without the penalty.

    x has shape (D,), y is its label. Work with vectors and outer products, as in the derivation:
    the mean over a batch must be what network_loss computes with reg = 0, for logits of any size.
    """
    # BEGIN SOLUTION
    activations = [x]
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        activations.append(np.maximum(activations[-1] @ W + b, 0))
    logits = activations[-1] @ weights[-1] + biases[-1]

    odds = np.exp(logits - logits.max())
    delta = odds / odds.sum()
    delta[y] -= 1
    grad_weights, grad_biases = [], []
    for a, W in zip(reversed(activations), reversed(weights), strict=True):
        grad_weights.insert(0, np.outer(a, delta))
        grad_biases.insert(0, delta)
        delta = (W @ delta) * (a > 0)
    return grad_weights, grad_biases
    # END SOLUTION


def train_step(X, y, weights, biases, reg, learning_rate):
    """Take one step of gradient descent on network_loss.

    Return (loss, new_weights, new_biases): the loss before the step, and new lists of new arrays.
    The arrays that came in stay as they are.
    """
    # BEGIN SOLUTION
    loss, grad_weights, grad_biases = network_loss(X, y, weights, biases, reg)
    new_weights = [W - learning_rate * grad for W, grad in zip(weights, grad_weights, strict=True)]
    new_biases = [b - learning_rate * grad for b, grad in zip(biases, grad_biases, strict=True)]
    return loss, new_weights, new_biases
    # END SOLUTION
