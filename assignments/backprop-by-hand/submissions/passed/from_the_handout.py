# Written from the handout alone.
"""Backpropagation by hand: one unit and one wire at a time."""

import itertools
import math


def count_params(sizes):
    """Return (n_weights, n_params) of a fully wired network with layers of these sizes."""
    n_weights = sum(before * after for before, after in itertools.pairwise(sizes))
    return n_weights, n_weights + sum(sizes[1:])


def rounded(number, digits):
    """Return number as it is, or rounded to so many decimals."""
    return number if digits is None else round(number, digits)


def sigmoid(z):
    """Return 1 / (1 + exp(-z)); exp only ever sees a number that is not positive."""
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    small = math.exp(z)
    return small / (1 + small)


def copied(weights):
    """Return the weights in dictionaries of their own."""
    return {j: dict(wires) for j, wires in weights.items()}


def forward(weights, biases, x, digits=None):
    """Return (inputs, outputs): what goes into each unit with a bias, what comes out of any."""
    inputs = {}
    outputs = dict(x)
    for k in sorted(biases):
        arriving = sum(weights[j][k] * outputs[j] for j in sorted(weights) if k in weights[j])
        inputs[k] = rounded(arriving + biases[k], digits)
        outputs[k] = rounded(sigmoid(inputs[k]), digits)
    return inputs, outputs


def loss(outputs, target, half=True):
    """Return the sum of the squared errors, or half of it."""
    total = sum((t - outputs[k]) ** 2 for k, t in target.items())
    return total / 2 if half else total


def errors(weights, biases, outputs, target, half=True, digits=None):
    """Return the error of every unit with a bias, the last units first."""
    factor = 1 if half else 2
    error = {}
    for j in sorted(biases, reverse=True):
        if j in target:
            blame = factor * (target[j] - outputs[j])
        else:
            blame = sum(w * error[k] for k, w in weights.get(j, {}).items())
        error[j] = rounded(outputs[j] * (1 - outputs[j]) * blame, digits)
    return error


def gradient(weights, biases, x, target, half=True):
    """Return the derivatives of the loss: (grad_weights, grad_biases)."""
    _, outputs = forward(weights, biases, x)
    error = errors(weights, biases, outputs, target, half)
    grad_weights = {j: {k: -error[k] * outputs[j] for k in weights[j]} for j in weights}
    return grad_weights, {k: -error[k] for k in biases}


def update(weights, biases, outputs, error, learning_rate):
    """Return (new_weights, new_biases) after one step with these errors."""
    new_weights = {
        j: {k: w + learning_rate * error[k] * outputs[j] for k, w in wires.items()}
        for j, wires in weights.items()
    }
    new_biases = {k: b + learning_rate * error[k] for k, b in biases.items()}
    return new_weights, new_biases


def train_epoch(weights, biases, examples, learning_rate, updating="case"):
    """Return (new_weights, new_biases) after going once through the examples."""
    new_weights, new_biases = copied(weights), dict(biases)
    for x, target in examples:
        if updating == "case":
            weights, biases = new_weights, new_biases
        # With "epoch", errors are always those of the old network; only their steps pile up.
        _, outputs = forward(weights, biases, x)
        error = errors(weights, biases, outputs, target)
        new_weights, new_biases = update(new_weights, new_biases, outputs, error, learning_rate)
    return new_weights, new_biases


def largest_move(weights, biases, new_weights, new_biases):
    """Return the largest absolute change of any weight or bias."""
    moves = [abs(new_biases[k] - b) for k, b in biases.items()]
    for j, wires in weights.items():
        moves += [abs(new_weights[j][k] - w) for k, w in wires.items()]
    return max(moves)


def train(weights, biases, examples, learning_rate, threshold, max_epochs):
    """Return (new_weights, new_biases, n_epochs) when nothing moves by threshold any more."""
    for epoch in range(1, max_epochs + 1):
        new_weights, new_biases = train_epoch(weights, biases, examples, learning_rate)
        move = largest_move(weights, biases, new_weights, new_biases)
        weights, biases = new_weights, new_biases
        if move < threshold:
            break
    return weights, biases, epoch
