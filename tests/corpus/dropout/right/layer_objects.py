import numpy as np
import random
from functools import reduce


class Dropout:
    """x -> x * r, r Bernoulli"""

    def __init__(self, keep, u=None, scale=True):
        self.keep, self.u, self.scale = keep, u, scale
        self.training = True

    def forward(self, x):
        if self.training:
            self.r = np.less(self.u, self.keep).astype(np.float64)
            if self.scale:
                self.r = self.r * (1.0 / self.keep)
        else:
            self.r = 1.0 if self.scale else self.keep
        return np.multiply(x, self.r)

    def backward(self, dy):
        return np.multiply(dy, self.r)


class Channelwise(Dropout):
    def __init__(self, keep, u):
        super().__init__(keep, u.reshape(u.shape + (1, 1)))


class Linear:
    def __init__(self, W):
        self.W = W

    def forward(self, x):
        self.x = x
        return np.dot(x, self.W)

    def backward(self, dy):
        self.dW = np.dot(self.x.T, dy)
        return np.dot(dy, self.W.T)


class ReLU:
    def forward(self, x):
        self.on = x > 0
        return x * self.on

    def backward(self, dy):
        return dy * self.on


def inverted_forward(x, u, keep):
    layer = Dropout(keep, u)
    return layer.forward(x), layer


def inverted_backward(dout, layer):
    return layer.backward(dout)


def classic_forward(x, u, keep, mode):
    layer = Dropout(keep, u, scale=False)
    layer.training = mode == "train"
    return layer.forward(x), layer


classic_backward = inverted_backward


def seeded_dropout(x, keep, seed):
    return Dropout(keep, np.random.default_rng(seed).random(size=x.shape)).forward(x)


def keep_mask(rows, cols, keep, seed):
    r = random.Random(seed)
    return [[1 if r.random() < keep else 0 for _ in range(cols)] for _ in range(rows)]


def spatial_forward(x, u, keep):
    layer = Channelwise(keep, u)
    return layer.forward(x), layer


spatial_backward = inverted_backward


def dropout_net(X, T, W1, W2, u, keep):
    layers = [Linear(W1), ReLU(), Dropout(keep, u), Linear(W2)]
    out = reduce(lambda h, layer: layer.forward(h), layers, X)
    grad = (out - T) / X.shape[0]
    loss = 0.5 * np.sum((out - T) ** 2) / X.shape[0]
    reduce(lambda g, layer: layer.backward(g), reversed(layers), grad)
    return loss, layers[0].dW, layers[3].dW
