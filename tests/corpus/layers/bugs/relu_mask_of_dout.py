# fails: relu, residual
# code: mask_wrong_variable | wrong_variable
# line: 30
import numpy as np


def affine_forward(x, w, b):
    D = w.shape[0]
    out = x.reshape(-1, D).dot(w) + b
    cache = x, w
    return out, cache


def affine_backward(dout, cache):
    x, w = cache
    dx = dout.dot(w.T).reshape(x.shape)
    dw = x.reshape(-1, w.shape[0]).T.dot(dout)
    db = np.sum(dout, 0)
    return dx, dw, db


def relu_forward(x):
    out = np.maximum(0, x)
    cache = x
    return out, cache


def relu_backward(dout, cache):
    x = cache
    dx = np.where(dout > 0, dout, 0)
    return dx


def gate_forward(a, z):
    f = 1.0 / (1.0 + np.exp(-a))
    g = np.tanh(z)
    cache = f, g
    return f * g, cache


def gate_backward(dout, cache):
    f, g = cache
    df = dout * g
    dg = dout * f
    return df * f * (1.0 - f), dg * (1.0 - g ** 2)


def residual_forward(x, w):
    a, c1 = affine_forward(x, w, np.zeros(w.shape[1]))
    h, c2 = relu_forward(a)
    return x + h, (c1, c2)


def residual_backward(dout, cache):
    c1, c2 = cache
    da = relu_backward(dout, c2)
    dx, dw, _ = affine_backward(da, c1)
    return dx + dout, dw


def embedding_forward(words, table):
    cache = words, table.shape
    return table[words], cache


def embedding_backward(dout, cache):
    words, shape = cache
    dtable = np.zeros(shape)
    np.add.at(dtable, words, dout)
    return dtable
