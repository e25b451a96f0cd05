import numpy as np
from abc import ABC
from typing import Dict, List, Tuple


class Layer(ABC):
    params: List[np.ndarray] = []
    grads: List[np.ndarray] = []


class Linear(Layer):
    def __init__(self, W, b):
        self.params = [W, b]

    def forward(self, x):
        W, b = self.params
        self.x = x
        return x @ W + b

    def backward(self, dy):
        self.grads = [np.einsum("ni,nj->ij", self.x, dy), np.einsum("nj->j", dy)]
        return np.einsum("nj,ij->ni", dy, self.params[0])


class Elementwise(Layer):
    def __init__(self, f, df):
        self.f, self.df = f, df

    def forward(self, x):
        self.y = self.f(x)
        return self.y

    def backward(self, dy):
        return dy * self.df(self.y)


def Relu():
    return Elementwise(lambda x: np.maximum(x, 0), lambda y: (y != 0).astype(float))


def Tanh():
    return Elementwise(np.tanh, lambda y: (1 + y) * (1 - y))


def Sigmoid():
    return Elementwise(lambda x: np.exp(-np.logaddexp(0, -x)), lambda y: y - y ** 2)


class Sequential:
    def __init__(self, *layers):
        self.layers = layers

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, dy):
        for layer in self.layers[::-1]:
            dy = layer.backward(dy)
        return [g for layer in self.layers for g in layer.grads]


def cross_entropy(s, y) -> Tuple[float, np.ndarray]:
    onehot = np.eye(s.shape[1])[y]
    lse = np.logaddexp.reduce(s, axis=1, keepdims=True)
    return float(np.mean(lse[:, 0] - np.sum(onehot * s, axis=1))), (np.exp(s - lse) - onehot) / len(y)


def predict(X, W1, b1, W2, b2):
    return Sequential(Linear(W1, b1), Relu(), Linear(W2, b2)).forward(X)


def softmax_net(X, y, W1, b1, W2, b2, reg) -> Tuple[float, Dict[str, np.ndarray]]:
    net = Sequential(Linear(W1, b1), Relu(), Linear(W2, b2))
    loss, d = cross_entropy(net.forward(X), y)
    grads = dict(zip(["W1", "b1", "W2", "b2"], net.backward(d)))
    for name, W in {"W1": W1, "W2": W2}.items():
        loss += reg * np.vdot(W, W) / 2
        grads[name] = grads[name] + reg * W
    return loss, grads


def squared_net(X, T, *params):
    W1, b1, W2, b2, W3, b3 = params
    net = Sequential(Linear(W1, b1), Tanh(), Linear(W2, b2), Sigmoid(), Linear(W3, b3))
    d = net.forward(X) - T
    return (0.5 * np.mean(np.sum(d ** 2, axis=1)), *net.backward(d / len(d)))


def binary_net(X, Y, W1, b1, W2, b2):
    net = Sequential(Linear(W1.T, b1.T), Tanh(), Linear(W2.T, b2.T))
    z, t = net.forward(X.T), Y.T
    cost = np.mean(np.logaddexp(0, z) - t * z)
    dW1, db1, dW2, db2 = net.backward((1 / (1 + np.exp(-z)) - t) / t.size)
    return cost, dW1.T, db1[:, None], dW2.T, db2[:, None]


def train(X, y, W1, b1, W2, b2, reg, lr, steps):
    def go(params, k):
        if k == 0:
            return [], params[2]
        loss, grads = softmax_net(X, y, *params, reg)
        rest, last = go([p - lr * grads[n] for p, n in zip(params, ("W1", "b1", "W2", "b2"))], k - 1)
        return [loss] + rest, last
    return go([W1, b1, W2, b2], steps)
