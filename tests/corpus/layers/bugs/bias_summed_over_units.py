# fails: affine-backward
# code: wrong_axis
# line: 20
# verdict: wrong_shape
import numpy as np


class Dense:
    def __init__(self, w, b):
        self.w = w
        self.b = b

    def forward(self, x):
        self.x_shape = x.shape
        self.x = x.reshape(x.shape[0], -1)
        return self.x @ self.w + self.b

    def backward(self, d):
        self.dw = self.x.T @ d
        self.db = np.sum(d, axis=1)
        return (d @ self.w.T).reshape(self.x_shape)


def affine_forward(x, w, b):
    layer = Dense(w, b)
    return layer.forward(x), layer


def affine_backward(dout, layer):
    dx = layer.backward(dout)
    return dx, layer.dw, layer.db


def relu_forward(x):
    return np.fmax(x, 0), np.sign(np.fmax(x, 0))


def relu_backward(dout, step):
    return dout * step


def gate_forward(a, z):
    s, t = 1 / (np.exp(-a) + 1), np.tanh(z)
    return np.multiply(s, t), dict(s=s, t=t)


def gate_backward(dout, c):
    da = dout * c["t"] * c["s"] * (1 - c["s"])
    dz = dout * c["s"] * (1 - c["t"] ** 2)
    return da, dz


def residual_forward(x, w):
    layer = Dense(w, 0)
    h, step = relu_forward(layer.forward(x))
    return h + x, (layer, step)


def residual_backward(dout, cache):
    layer, step = cache
    dx = layer.backward(dout * step)
    return dx + dout, layer.dw


def embedding_forward(words, table):
    return np.array([table[s] for s in words]), (words, table.shape)


def embedding_backward(dout, cache):
    words, shape = cache
    d = np.zeros(shape)
    for s, ds in zip(words, dout):
        for k, row in zip(s, ds):
            d[k] = d[k] + row
    return d
