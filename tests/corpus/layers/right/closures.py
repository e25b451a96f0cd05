# The cache is a function: call it with dout.
import numpy as np


def affine_forward(x, w, b):
    flat = x.reshape(x.shape[0], -1)

    def back(dout):
        return (dout @ w.T).reshape(*x.shape), np.einsum("nd,nm->dm", flat, dout), np.add.reduce(dout)

    return np.einsum("nd,dm->nm", flat, w) + b, back


def relu_forward(x):
    return np.where(x > 0, x, 0), lambda dout: np.where(x > 0, dout, 0)


def gate_forward(a, z):
    s = 0.5 + 0.5 * np.tanh(a / 2)
    t = (np.exp(2 * z) - 1) / (np.exp(2 * z) + 1)
    out = s * t
    return out, lambda dout: (dout * (out - s * out), dout * (s - out * t))


def residual_forward(x, w):
    y, back_affine = affine_forward(x, w, np.zeros(w.shape[1]))
    r, back_relu = relu_forward(y)

    def back(dout):
        dx, dw, _ = back_affine(back_relu(dout))
        return dx + dout, dw

    return x + r, back


def embedding_forward(words, table):
    onehot = (np.asarray(words)[..., None] == np.arange(table.shape[0])).astype(float)
    return onehot @ table, lambda dout: np.tensordot(onehot, dout, axes=([0, 1], [0, 1]))


def call(dout, cache):
    return cache(dout)


affine_backward = relu_backward = gate_backward = residual_backward = embedding_backward = call
