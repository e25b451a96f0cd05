"""Backpropagation by hand. All wires in one square matrix W[j, k], units as indices."""
import numpy as np


class Net:
    def __init__(self, weights, biases, x=()):
        units = set(biases) | set(weights) | set(x)
        for wires in weights.values():
            units |= set(wires)
        self.units = sorted(units)
        self.at = {unit: i for i, unit in enumerate(self.units)}
        n = len(self.units)
        self.W, self.b = np.zeros((n, n)), np.zeros(n)
        self.is_wire = np.zeros((n, n), dtype=bool)
        for j, wires in weights.items():
            for k, w in wires.items():
                self.W[self.at[j], self.at[k]] = w
                self.is_wire[self.at[j], self.at[k]] = True
        for k, b in biases.items():
            self.b[self.at[k]] = b
        self.order = [self.at[k] for k in sorted(biases)]

    def vector(self, table):
        v = np.zeros(len(self.units))
        for k, number in table.items():
            v[self.at[k]] = number
        return v

    def table(self, v, only=None):
        return {k: float(v[self.at[k]]) for k in (self.units if only is None else only)}

    def wires(self, M):
        found = {}
        for i, j in zip(*np.nonzero(self.is_wire)):
            found.setdefault(self.units[i], {})[self.units[j]] = float(M[i, j])
        return found


def count_params(sizes):
    sizes = np.array(sizes)
    n_weights = int(np.dot(sizes[:-1], sizes[1:]))
    return n_weights, n_weights + int(sizes[1:].sum())


def forward(weights, biases, x, digits=None):
    net = Net(weights, biases, x)
    z, o = np.zeros(len(net.units)), net.vector(x)
    for k in net.order:
        z[k] = o @ net.W[:, k] + net.b[k]
        if digits is not None:
            z[k] = np.round(z[k], digits)
        with np.errstate(over="ignore"):
            o[k] = 1 / (1 + np.exp(-z[k]))
        if digits is not None:
            o[k] = np.round(o[k], digits)
    return net.table(z, biases), net.table(o)


def loss(outputs, target, half=True):
    r = np.array([outputs[k] - t for k, t in target.items()])
    return r @ r * (0.5 if half else 1.0)


def errors(weights, biases, outputs, target, half=True, digits=None):
    net = Net(weights, biases, outputs)
    o = net.vector(outputs)
    slope = o * (1 - o)
    err = np.zeros(len(o))
    for k, t in target.items():
        err[net.at[k]] = (t - outputs[k]) * (1 if half else 2)
    for j in net.order[::-1]:
        err[j] = slope[j] * (err[j] + net.W[j] @ err)
        if digits is not None:
            err[j] = np.round(err[j], digits)
    return net.table(err, biases)


def gradient(weights, biases, x, target, half=True):
    net = Net(weights, biases, x)
    outputs = forward(weights, biases, x)[1]
    err = net.vector(errors(weights, biases, outputs, target, half))
    return net.wires(-np.outer(net.vector(outputs), err)), net.table(-err, biases)


def update(weights, biases, outputs, error, learning_rate):
    net = Net(weights, biases, outputs)
    err = net.vector(error)
    W = net.W + learning_rate * np.outer(net.vector(outputs), err)
    return net.wires(W), net.table(net.b + learning_rate * err, biases)


def train_epoch(weights, biases, examples, learning_rate, updating="case"):
    net = Net(weights, biases)
    old = weights, biases
    for x, target in examples:
        if updating == "case":
            old = net.wires(net.W), net.table(net.b, biases)
        o = forward(*old, x)[1]
        err = net.vector(errors(*old, o, target))
        net.W = net.W + learning_rate * np.outer(net.vector(o), err)
        net.b = net.b + learning_rate * err
    return net.wires(net.W), net.table(net.b, biases)


def train(weights, biases, examples, learning_rate, threshold, max_epochs):
    for n_epochs in range(1, max_epochs + 1):
        before = Net(weights, biases)
        weights, biases = train_epoch(weights, biases, examples, learning_rate)
        after = Net(weights, biases)
        if max(np.abs(after.W - before.W).max(), np.abs(after.b - before.b).max()) < threshold:
            break
    return weights, biases, n_epochs
