"""Backpropagation by hand: one unit and one wire at a time.

The handout (README.md) has the formulas, the conventions, and an example with all of its numbers.

A network is two dictionaries. weights[j][k] is the weight of the wire from unit j to unit k; a unit
that sends to none has no entry. biases[k] is the bias of unit k; units without one are the inputs.
Every wire leads from a smaller number to a larger one, and a unit may skip others. x, target and
all that is computed for units are dictionaries by their numbers, too.
"""

import itertools
import math


def count_params(sizes):
    """Count the weights of a network with sizes[0] inputs, ..., sizes[-1] outputs.

    Every unit is wired to all units of the next layer; all but the inputs have a bias. Return
    (n_weights, n_params): the wires alone, and the wires and biases together.
    """
    # BEGIN SOLUTION
    n_weights = sum(n_in * n_out for n_in, n_out in itertools.pairwise(sizes))
    return n_weights, n_weights + sum(sizes[1:])
    # END SOLUTION


def forward(weights, biases, x, digits=None):
    """Compute what goes into each unit, and what comes out of it.

    x has the numbers that the inputs are set to. Return (inputs, outputs), by units: inputs has the
    units with a bias; outputs has these and the inputs of the network, whose outputs are x. With
    digits, every number that is computed is rounded to so many decimals as soon as it is there, and
    the rounded one is used from then on; x, weights and biases are taken as they are.
    """
    # BEGIN SOLUTION
    inputs, outputs = {}, dict(x)
    for k in sorted(biases):
        total = biases[k]
        for j, wires in weights.items():
            if k in wires:
                total += wires[k] * outputs[j]
        inputs[k] = total if digits is None else round(total, digits)
        small = math.exp(-abs(inputs[k]))
        output = 1 / (1 + small) if inputs[k] >= 0 else small / (1 + small)
        outputs[k] = output if digits is None else round(output, digits)
    return inputs, outputs
    # END SOLUTION


def loss(outputs, target, half=True):
    """Return E, the squared error of the units that target has, summed over these.

    half says whether the sum is halved.
    """
    # BEGIN SOLUTION
    total = sum((t - outputs[k]) ** 2 for k, t in target.items())
    return total / 2 if half else total
    # END SOLUTION


def errors(weights, biases, outputs, target, half=True, digits=None):
    """Return the error of every unit that has a bias, given the outputs of all.

    The units that target has are the outputs of the network; they send to no other. With
    half=False the errors are those of the loss without the half. digits is as in forward; what
    half=False doubles is doubled before it is rounded.
    """
    # BEGIN SOLUTION
    found = {}
    for j in sorted(biases, reverse=True):
        if j in target:
            upstream = (target[j] - outputs[j]) * (1 if half else 2)
        else:
            upstream = sum(found[k] * w for k, w in weights[j].items())
        error = outputs[j] * (1 - outputs[j]) * upstream
        found[j] = error if digits is None else round(error, digits)
    return found
    # END SOLUTION


def gradient(weights, biases, x, target, half=True):
    """Return (grad_weights, grad_biases), the derivatives of the loss.

    grad_weights[j][k] belongs to weights[j][k], grad_biases[k] to biases[k].
    """
    # BEGIN SOLUTION
    outputs = forward(weights, biases, x)[1]
    error = errors(weights, biases, outputs, target, half)
    grad_weights = {j: {k: -error[k] * outputs[j] for k in wires} for j, wires in weights.items()}
    return grad_weights, {k: -error[k] for k in biases}
    # END SOLUTION


def update(weights, biases, outputs, error, learning_rate):
    """Take one step with the errors of all units, as `errors` returns them.

    Return (new_weights, new_biases): new dictionaries with the same wires and units.
    """
    # BEGIN SOLUTION
    new_weights = {
        j: {k: w + learning_rate * error[k] * outputs[j] for k, w in wires.items()}
        for j, wires in weights.items()
    }
    return new_weights, {k: b + learning_rate * error[k] for k, b in biases.items()}
    # END SOLUTION


def train_epoch(weights, biases, examples, learning_rate, updating="case"):
    """Go once through the examples, a list of pairs (x, target), in their order.

    With updating="case" there is a step after each example. With updating="epoch" all changes are
    computed with the weights from before the epoch, summed up, and made at its end. Return
    (new_weights, new_biases); what came in stays as it is.
    """
    # BEGIN SOLUTION
    new_weights = {j: dict(wires) for j, wires in weights.items()}
    new_biases = dict(biases)
    for x, target in examples:
        if updating == "case":
            weights, biases = new_weights, new_biases
        outputs = forward(weights, biases, x)[1]
        error = errors(weights, biases, outputs, target)
        new_weights, new_biases = update(new_weights, new_biases, outputs, error, learning_rate)
    return new_weights, new_biases
    # END SOLUTION


def train(weights, biases, examples, learning_rate, threshold, max_epochs):
    """Go through the examples with a step after each, until nothing changes much any more.

    The last epoch is the first one in which no weight and no bias moves by threshold or more, from
    its beginning to its end; at the latest it is number max_epochs. Return (new_weights,
    new_biases, n_epochs), the number of epochs with the last one counted.
    """
    # BEGIN SOLUTION
    n_epochs, largest = 0, math.inf
    while largest >= threshold and n_epochs < max_epochs:
        new_weights, new_biases = train_epoch(weights, biases, examples, learning_rate)
        moved = [abs(b - biases[k]) for k, b in new_biases.items()]
        for j, wires in new_weights.items():
            moved += [abs(w - weights[j][k]) for k, w in wires.items()]
        largest = max(moved)
        weights, biases = new_weights, new_biases
        n_epochs += 1
    return weights, biases, n_epochs
    # END SOLUTION
