"""Backpropagation by hand, in single precision. Arrays by receiver."""
import numpy as np

f = np.float32


def count_params(sizes):
    wires = [np.ones((a, b)) for a, b in zip(sizes[:-1], sizes[1:])]
    n_weights = sum(W.size for W in wires)
    return n_weights, n_weights + sum(W.shape[1] for W in wires)


def forward(weights, biases, x, digits=None):
    inputs, outputs = {}, {j: f(v) for j, v in x.items()}
    for k in sorted(biases):
        js = [j for j in weights if k in weights[j]]
        z = np.dot(
            np.array([weights[j][k] for j in js], dtype=f), np.array([outputs[j] for j in js], dtype=f)
        ) + f(biases[k])
        inputs[k] = f(z if digits is None else np.round(z, digits))
        with np.errstate(over="ignore"):
            o = f(1) / (f(1) + np.exp(-inputs[k]))
        outputs[k] = f(o if digits is None else np.round(o, digits))
    return inputs, outputs


def loss(outputs, target, half=True):
    total = f(0)
    for k in target:
        total += f(target[k] - outputs[k]) ** 2
    return total / f(2) if half else total


def errors(weights, biases, outputs, target, half=True, digits=None):
    err = {}
    for j in sorted(biases)[::-1]:
        o = f(outputs[j])
        if j in target:
            e = f(target[j]) - o
            if not half:
                e = e + e
        else:
            e = f(0)
            for k, w in weights[j].items():
                e += err[k] * f(w)
        e = e * o * (f(1) - o)
        err[j] = f(e if digits is None else np.round(e, digits))
    return err


def gradient(weights, biases, x, target, half=True):
    _, o = forward(weights, biases, x)
    err = errors(weights, biases, o, target, half)
    return (
        {j: {k: -err[k] * o[j] for k in weights[j]} for j in weights},
        {k: -err[k] for k in biases},
    )


def update(weights, biases, outputs, error, learning_rate):
    rate = f(learning_rate)
    return (
        {j: {k: f(weights[j][k]) + rate * f(error[k]) * f(outputs[j]) for k in weights[j]} for j in weights},
        {k: f(biases[k]) + rate * f(error[k]) for k in biases},
    )


def train_epoch(weights, biases, examples, learning_rate, updating="case"):
    new = (weights, biases)
    for x, target in examples:
        old = new if updating == "case" else (weights, biases)
        _, o = forward(*old, x)
        new = update(*new, o, errors(*old, o, target), learning_rate)
    return new


def train(weights, biases, examples, learning_rate, threshold, max_epochs):
    for epoch in range(max_epochs):
        old_weights, old_biases = weights, biases
        weights, biases = train_epoch(weights, biases, examples, learning_rate)
        steps = [weights[j][k] - f(old_weights[j][k]) for j in weights for k in weights[j]]
        steps += [biases[k] - f(old_biases[k]) for k in biases]
        if np.abs(np.array(steps)).max() < threshold:
            break
    return weights, biases, epoch + 1
