# fails: embedding
# code: path_missing | wrong_operator | wrong_function
# line: 58
import numpy as np


def affine_forward(x, w, b):
    out = x.reshape(x.shape[0], w.shape[0]) @ w
    out += b
    return out, (x, w, b)


def affine_backward(dout, cache):
    x, w, b = cache
    dx = np.tensordot(dout, w, axes=([1], [1])).reshape(x.shape)
    dw = np.tensordot(x.reshape(x.shape[0], w.shape[0]), dout, axes=([0], [0]))
    db = np.add.reduce(dout, axis=0)
    return dx, dw, db


def relu_forward(x):
    return np.maximum(x, 0.0), {"x": x}


def relu_backward(dout, cache):
    return np.where(cache["x"] > 0.0, dout, 0.0)


def gate_forward(a, z):
    i = 1 / (1 + np.exp(-a))
    g = np.tanh(z)
    return i * g, {"i": i, "g": g}


def gate_backward(dout, cache):
    i, g = cache["i"], cache["g"]
    return g * dout * i * (1 - i), i * dout * (1 - g ** 2)


def residual_forward(x, w):
    z = x @ w
    return x + np.maximum(z, 0.0), {"x": x, "w": w, "z": z}


def residual_backward(dout, cache):
    dz = np.where(cache["z"] > 0.0, dout, 0.0)
    dx = dout.copy()
    dx += dz @ cache["w"].T
    return dx, cache["x"].T @ dz


def embedding_forward(words, table):
    return table[words], {"words": words, "table": table}


def embedding_backward(dout, cache):
    dtable = np.zeros_like(cache["table"])
    dtable[cache["words"]] += dout
    return dtable
