# fails: affine-backward, residual
# code: transposed
# line: 14
# verdict: wrong_answer
import numpy as np


def fc(x, w):
    return x.reshape(x.shape[0], -1).dot(w)


def fc_grad(dout, x, w):
    dx = dout.dot(w.T).reshape(x.shape)
    dw = dout.T.dot(x.reshape(x.shape[0], -1))
    return dx, dw.reshape(w.shape) if dw.shape != w.shape else dw


def affine_forward(x, w, b):
    return fc(x, w) + b, (x, w, b)


def affine_backward(dout, cache):
    x, w, b = cache
    dx, dw = fc_grad(dout, x, w)
    db = dout.sum(axis=0)
    return dx, dw, db


def relu_forward(x):
    return np.maximum(0, x), x


def relu_backward(dout, cache):
    return (cache > 0) * dout


def gate_forward(a, z):
    gate = 1 / (1 + np.exp(-a))
    return gate * np.tanh(z), (gate, z)


def gate_backward(dout, cache):
    gate, z = cache
    return dout * np.tanh(z) * gate * (1 - gate), dout * gate * (1 - np.tanh(z) ** 2)


def residual_forward(x, w):
    h, c = relu_forward(fc(x, w))
    return x + h, (x, w, c)


def residual_backward(dout, cache):
    x, w, c = cache
    dx, dw = fc_grad(relu_backward(dout, c), x, w)
    return dx + dout, dw


def embedding_forward(words, table):
    return table[words], (words, table)


def embedding_backward(dout, cache):
    words, table = cache
    d = np.zeros_like(table)
    np.add.at(d, words.reshape(-1), dout.reshape(-1, table.shape[1]))
    return d
