# fails: case-updating
"""All changes are computed with the weights from before the epoch, in both ways."""

import math


def sigmoid(z):
    if z < 0:
        return math.exp(z) / (1 + math.exp(z))
    return 1 / (1 + math.exp(-z))


def rounded(number, digits):
    if digits is None:
        return number
    return round(number, digits)


def senders(weights, k):
    return [j for j in weights if k in weights[j]]


def count_params(sizes):
    n_weights = 0
    n_biases = 0
    for i in range(1, len(sizes)):
        n_weights += sizes[i - 1] * sizes[i]
        n_biases += sizes[i]
    return n_weights, n_weights + n_biases


def forward(weights, biases, x, digits=None):
    inputs = {}
    outputs = x.copy()
    for k in sorted(biases):
        z = biases[k]
        for j in senders(weights, k):
            z = z + weights[j][k] * outputs[j]
        inputs[k] = rounded(z, digits)
        outputs[k] = rounded(sigmoid(inputs[k]), digits)
    return inputs, outputs


def loss(outputs, target, half=True):
    E = 0
    for k in target:
        E = E + (target[k] - outputs[k]) ** 2
    if half:
        E = E / 2
    return E


def errors(weights, biases, outputs, target, half=True, digits=None):
    err = {}
    for j in sorted(biases, reverse=True):
        o = outputs[j]
        if j in target:
            err[j] = o * (1 - o) * (target[j] - o)
            if not half:
                err[j] = 2 * err[j]
        else:
            back = 0
            for k in weights[j]:
                back += err[k] * weights[j][k]
            err[j] = o * (1 - o) * back
        err[j] = rounded(err[j], digits)
    return err


def gradient(weights, biases, x, target, half=True):
    inputs, outputs = forward(weights, biases, x)
    err = errors(weights, biases, outputs, target, half)
    grad_weights = {}
    for j in weights:
        grad_weights[j] = {}
        for k in weights[j]:
            grad_weights[j][k] = -err[k] * outputs[j]
    grad_biases = {}
    for k in biases:
        grad_biases[k] = -err[k]
    return grad_weights, grad_biases


def update(weights, biases, outputs, error, learning_rate):
    new_weights = {}
    for j in weights:
        new_weights[j] = {}
        for k in weights[j]:
            new_weights[j][k] = weights[j][k] + learning_rate * error[k] * outputs[j]
    new_biases = {}
    for k in biases:
        new_biases[k] = biases[k] + learning_rate * error[k]
    return new_weights, new_biases


def train_epoch(weights, biases, examples, learning_rate, updating="case"):
    new_weights, new_biases = weights, biases
    for x, target in examples:
        inputs, outputs = forward(weights, biases, x)
        err = errors(weights, biases, outputs, target)
        new_weights, new_biases = update(new_weights, new_biases, outputs, err, learning_rate)
    return new_weights, new_biases


def train(weights, biases, examples, learning_rate, threshold, max_epochs):
    for epoch in range(1, max_epochs + 1):
        new_weights, new_biases = train_epoch(weights, biases, examples, learning_rate)
        change = 0
        for j in weights:
            for k in weights[j]:
                change = max(change, abs(new_weights[j][k] - weights[j][k]))
        for k in biases:
            change = max(change, abs(new_biases[k] - biases[k]))
        weights, biases = new_weights, new_biases
        if change < threshold:
            break
    return weights, biases, epoch
