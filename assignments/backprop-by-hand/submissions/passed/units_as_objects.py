"""Backpropagation by hand. A unit knows its wires, in and out."""
import math


class Unit:
    def __init__(self, bias=None):
        self.bias = bias
        self.senders = []
        self.receivers = []
        self.input = self.output = self.error = None


def build(weights, biases):
    units = {}
    for k in biases:
        units[k] = Unit(biases[k])
    for j in weights:
        units.setdefault(j, Unit())
        for k, w in weights[j].items():
            units[j].receivers.append((units[k], w))
            units[k].senders.append((units[j], w))
    return units


def count_params(sizes):
    """Build it, and count what is there."""
    weights, biases, last, n = {}, {}, range(sizes[0]), sizes[0]
    for size in sizes[1:]:
        layer = range(n, n + size)
        for j in last:
            weights[j] = {k: 0.0 for k in layer}
        biases.update((k, 0.0) for k in layer)
        last, n = layer, n + size
    n_wires = sum(len(unit.receivers) for unit in build(weights, biases).values())
    return n_wires, n_wires + len(biases)


def forward(weights, biases, x, digits=None):
    units = build(weights, biases)
    for j, number in x.items():
        units[j].output = number
    for k in sorted(biases):
        unit = units[k]
        unit.input = unit.bias + sum(w * sender.output for sender, w in unit.senders)
        if digits is not None:
            unit.input = round(unit.input, digits)
        unit.output = (1 + math.tanh(unit.input / 2)) / 2
        if digits is not None:
            unit.output = round(unit.output, digits)
    return {k: units[k].input for k in biases}, {k: units[k].output for k in units}


def loss(outputs, target, half=True):
    squares = [(outputs[k] - target[k]) ** 2 for k in target]
    return sum(squares) / (2 if half else 1)


def errors(weights, biases, outputs, target, half=True, digits=None):
    units = build(weights, biases)
    for j in sorted(biases, reverse=True):
        unit, o = units[j], outputs[j]
        blame = sum(w * receiver.error for receiver, w in unit.receivers)
        if j in target:
            blame = target[j] - o if half else 2 * (target[j] - o)
        unit.error = blame * (o - o * o)
        if digits is not None:
            unit.error = round(unit.error, digits)
    return {k: units[k].error for k in biases}


def gradient(weights, biases, x, target, half=True):
    outputs = forward(weights, biases, x)[1]
    error = errors(weights, biases, outputs, target, half)
    grad_weights = {}
    for j, wires in weights.items():
        for k in wires:
            grad_weights.setdefault(j, {})[k] = -outputs[j] * error[k]
    return grad_weights, {k: -e for k, e in error.items()}


def update(weights, biases, outputs, error, learning_rate):
    return (
        {j: {k: weights[j][k] + learning_rate * outputs[j] * error[k] for k in weights[j]} for j in weights},
        {k: biases[k] + learning_rate * error[k] for k in biases},
    )


def train_epoch(weights, biases, examples, learning_rate, updating="case"):
    if updating != "case":
        # the gradients of all examples, added up
        new_weights = {j: dict(weights[j]) for j in weights}
        new_biases = dict(biases)
        for x, target in examples:
            grad_weights, grad_biases = gradient(weights, biases, x, target)
            for j in weights:
                for k in weights[j]:
                    new_weights[j][k] -= learning_rate * grad_weights[j][k]
            for k in biases:
                new_biases[k] -= learning_rate * grad_biases[k]
        return new_weights, new_biases
    for x, target in examples:
        outputs = forward(weights, biases, x)[1]
        error = errors(weights, biases, outputs, target)
        weights, biases = update(weights, biases, outputs, error, learning_rate)
    return weights, biases


def train(weights, biases, examples, learning_rate, threshold, max_epochs):
    n_epochs = 0
    is_satisfied = False
    while not is_satisfied and n_epochs < max_epochs:
        old = [w for j in sorted(weights) for w in weights[j].values()] + [biases[k] for k in sorted(biases)]
        weights, biases = train_epoch(weights, biases, examples, learning_rate)
        new = [w for j in sorted(weights) for w in weights[j].values()] + [biases[k] for k in sorted(biases)]
        is_satisfied = max(abs(a - b) for a, b in zip(old, new)) < threshold
        n_epochs += 1
    return weights, biases, n_epochs
