"""A layer, an activation and a loss: what the peers of the sandbox benchmark were given too."""

import numpy as np


def affine_forward(x, w, b):
    return x @ w + b, (x, w)


def affine_backward(grad_out, cache):
    x, w = cache
    return grad_out @ w.T, x.T @ grad_out, grad_out.sum(axis=0)


def relu_forward(x):
    return np.maximum(x, 0), x


def relu_backward(grad_out, cache):
    return grad_out * (cache > 0)


def softmax_loss(x, y):
    shifted = x - x.max(axis=1, keepdims=True)
    log_probabilities = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(y))
    grad_x = np.exp(log_probabilities)
    grad_x[rows, y] -= 1
    return -log_probabilities[rows, y].mean(), grad_x / len(y)
