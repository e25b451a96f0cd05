# fails: affine-forward, affine-backward, relu-forward, relu-backward, softmax-loss, softmax-gradient, softmax-stable, initialise, feed-forward, collapse, network-loss, network-gradient, deep-gradient, sample-gradients, symmetry, train-step
# diagnosis: not_implemented
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
    # YOUR CODE HERE
    raise NotImplementedError


def affine_backward(grad_out, cache):
    """Return (grad_X, grad_W, grad_b), given the gradient of the loss with respect to out.

    grad_out has shape (N, M); each gradient has the shape of what it is the gradient of.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def relu_forward(Z):
    """Compute max(0, Z), element by element. Return (out, cache)."""
    # YOUR CODE HERE
    raise NotImplementedError


def relu_backward(grad_out, cache):
    """Return grad_Z, given the gradient of the loss with respect to out."""
    # YOUR CODE HERE
    raise NotImplementedError


def softmax_loss(logits, y):
    """Compute the cross-entropy of softmax(logits), the mean over the batch.

    logits has shape (N, K), y holds N labels in 0 .. K - 1. Return (loss, grad_logits). Both must
    be right for logits of any size.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def initialise(sizes, rng):
    """Draw the parameters of a network with sizes[0] inputs, ..., sizes[-1] outputs.

    Return (weights, biases), two lists with one array a layer. The weights are drawn with `rng`, a
    numpy.random.Generator, with mean 0 and standard deviation sqrt(2 / number of inputs of the
    layer); the biases are 0.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def feed_forward(X, weights, biases):
    """Compute the logits of a network with any number of layers: affine, ReLU, ..., affine.

    Return (logits, caches); caches is whatever your network_loss needs.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def collapse(weights, biases):
    """Return (W, b) of the one affine layer that the network would be without its ReLUs.

    For every X, X W + b must be what the layers compute one after the other, for any number of
    them.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def network_loss(X, y, weights, biases, reg):
    """Compute the loss of the network with its L2 penalty, and all gradients.

    Return (loss, grad_weights, grad_biases), the last two as lists with one array a layer.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def sample_gradients(x, y, weights, biases):
    """Return (grad_weights, grad_biases) of the loss of one sample, without the penalty.

    x has shape (D,), y is its label. Work with vectors and outer products, as in the derivation:
    the mean over a batch must be what network_loss computes with reg = 0, for logits of any size.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def train_step(X, y, weights, biases, reg, learning_rate):
    """Take one step of gradient descent on network_loss.

    Return (loss, new_weights, new_biases): the loss before the step, and new lists of new arrays.
    The arrays that came in stay as they are.
    """
    # YOUR CODE HERE
    raise NotImplementedError
