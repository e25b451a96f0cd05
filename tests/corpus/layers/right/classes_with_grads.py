import numpy as np
import abc
from collections import namedtuple, OrderedDict

Cache = namedtuple("Cache", "layer")


class Module(abc.ABC):
    """Minimal torch-like module"""

    def __init__(self, **params):
        self.params = OrderedDict(params)
        self.grads = OrderedDict((k, np.zeros(np.shape(v))) for k, v in params.items())

    def __call__(self, *inputs):
        return self.forward(*inputs), Cache(self)


class Affine(Module):
    def forward(self, x):
        self.shape = x.shape
        # with the bias in the weights, as in the lecture
        self.X = np.hstack([x.reshape(x.shape[0], -1), np.ones((x.shape[0], 1))])
        self.W = np.vstack([self.params["w"], self.params["b"]])
        return self.X @ self.W

    def backward(self, dout):
        dW = self.X.T @ dout
        self.grads["w"] += dW[:-1]
        self.grads["b"] += dW[-1]
        return (dout @ self.W.T)[:, :-1].reshape(self.shape)


class ReLU(Module):
    def forward(self, x):
        self.mask = x <= 0
        y = x.copy()
        y[self.mask] = 0
        return y

    def backward(self, dout):
        d = dout.copy()
        d[self.mask] = 0
        return d


class Gate(Module):
    def forward(self, a, z):
        self.s = np.reciprocal(1.0 + np.exp(np.negative(a)))
        self.t = 2 / (1 + np.exp(-2 * z)) - 1
        return self.s * self.t

    def backward(self, d):
        ds, dt = d * self.t, d * self.s
        return ds * (self.s - self.s ** 2), dt * (1 - self.t) * (1 + self.t)


class Residual(Module):
    def __init__(self, w):
        super().__init__()
        self.fc, self.act = Affine(w=w, b=np.zeros((1, w.shape[1]))), ReLU()

    def forward(self, x):
        return x + self.act.forward(self.fc.forward(x))

    def backward(self, d):
        return d + self.fc.backward(self.act.backward(d)), self.fc.grads["w"]


class Embedding(Module):
    def forward(self, idx):
        self.idx = np.asarray(idx)
        return np.take(self.params["table"], self.idx, axis=0)

    def backward(self, d):
        flat = self.idx.ravel()
        for k in np.unique(flat):
            self.grads["table"][k] = d.reshape(-1, d.shape[-1])[flat == k].sum(axis=0)
        return self.grads["table"]


def affine_forward(x, w, b):
    return Affine(w=w, b=b.reshape(1, -1))(x)


def affine_backward(dout, cache):
    dx = cache.layer.backward(dout)
    return dx, cache.layer.grads["w"], cache.layer.grads["b"]


def relu_forward(x):
    return ReLU()(x)


def relu_backward(dout, cache):
    return cache.layer.backward(dout)


def gate_forward(a, z):
    return Gate()(a, z)


def residual_forward(x, w):
    return Residual(w)(x)


def embedding_forward(words, table):
    return Embedding(table=table)(words)


gate_backward = residual_backward = embedding_backward = relu_backward
