"""Layers: each forward returns its output and a cache, each backward takes that cache."""

import numpy as np


def affine_forward(x, w, b):
    """Flatten each sample, multiply, shift."""
    return x.reshape(len(x), -1) @ w + b, (x, w)


def affine_backward(dout, cache):
    """Gradients with respect to x, w and b."""
    x, w = cache
    return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, dout.sum(axis=0)


def relu_forward(x):
    """Zero where x is negative."""
    return np.maximum(x, 0), x


def relu_backward(dout, cache):
    """Gradient with respect to x."""
    return dout * (cache > 0)


def gate_forward(a, z):
    """How much of tanh(z) comes through is the sigmoid of a."""
    s, t = 1 / (1 + np.exp(-a)), np.tanh(z)
    return s * t, (s, t)


def gate_backward(dout, cache):
    """Gradients with respect to a and z."""
    s, t = cache
    return dout * t * s * (1 - s), dout * s * (1 - t**2)


def residual_forward(x, w):
    """What x is, and what is learned beside it."""
    h, hidden = relu_forward(x @ w)
    return x + h, (x, w, hidden)


def residual_backward(dout, cache):
    """Gradients with respect to x and w."""
    x, w, hidden = cache
    dh = relu_backward(dout, hidden)
    return dout + dh @ w.T, x.T @ dh


def embedding_forward(words, table):
    """A row of the table for each word."""
    return table[words], (words, table.shape)


def embedding_backward(dout, cache):
    """Gradient with respect to the table."""
    words, shape = cache
    dtable = np.zeros(shape)
    np.add.at(dtable, words, dout)
    return dtable
