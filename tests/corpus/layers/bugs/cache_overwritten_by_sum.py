# fails: residual
# code: aliasing
# line: 53
import numpy as np


def affine_forward(x, w, b):
    out = np.dot(x.reshape(x.shape[0], -1), w)
    out = out + b
    return out, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    dx = np.dot(dout, np.transpose(w))
    dx = dx.reshape(x.shape)
    dw = np.dot(np.transpose(x.reshape(x.shape[0], -1)), dout)
    db = dout.sum(axis=0)
    return dx, dw, db


def relu_forward(x):
    out = x.copy()
    out[out < 0] = 0
    return out, out > 0


def relu_backward(dout, cache):
    dx = dout.copy()
    dx[~cache] = 0
    return dx


def gate_forward(a, z):
    s = 1 / (1 + np.exp(-a))
    t = np.tanh(z)
    return s * t, (s, t)


def gate_backward(dout, cache):
    s, t = cache
    da = dout * t
    da *= s
    da *= 1 - s
    dz = dout * s
    dz *= 1 - t ** 2
    return da, dz


def residual_forward(x, w):
    h, mask = relu_forward(np.dot(x, w))
    cache = (x, w, mask)
    out = x
    out += h
    return out, cache


def residual_backward(dout, cache):
    x, w, mask = cache
    dh = relu_backward(dout, mask)
    dw = np.dot(x.T, dh)
    dx = np.dot(dh, w.T)
    dx += dout
    return dx, dw


def embedding_forward(words, table):
    out = np.empty(words.shape + (table.shape[1],))
    out[:] = table[words]
    return out, (words, table.shape)


def embedding_backward(dout, cache):
    words, shape = cache
    d = np.zeros(shape)
    np.add.at(d, words, dout)
    return d
