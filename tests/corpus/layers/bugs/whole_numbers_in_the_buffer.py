# fails: relu, residual
# code: none
# line: 22
import numpy as np


def affine_forward(x, w, b):
    return np.inner(x.reshape(x.shape[0], -1), w.T) + b, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    flat = x.reshape(x.shape[0], -1)
    return np.inner(dout, w).reshape(x.shape), np.inner(flat.T, dout.T), dout.sum(axis=0)


def relu_forward(x):
    return np.maximum(x, 0), x


def relu_backward(dout, x):
    grad = np.zeros(x.shape, dtype=int)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            if x[i, j] > 0:
                grad[i, j] = dout[i, j]
    return grad


def gate_forward(a, z):
    s = 1 / (1 + np.exp(-a))
    return s * np.tanh(z), (s, z)


def gate_backward(dout, cache):
    s, z = cache
    return dout * np.tanh(z) * s * (1 - s), dout * s * (1 - np.tanh(z) ** 2)


def residual_forward(x, w):
    h, c = relu_forward(x.dot(w))
    return x + h, (x, w, c)


def residual_backward(dout, cache):
    x, w, c = cache
    dh = relu_backward(dout, c)
    return dout + dh.dot(w.T), x.T.dot(dh)


def embedding_forward(words, table):
    return table[words], (words, table.shape)


def embedding_backward(dout, cache):
    words, shape = cache
    g = np.zeros(shape)
    np.add.at(g, words, dout)
    return g
