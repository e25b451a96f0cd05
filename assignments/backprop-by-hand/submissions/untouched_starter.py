# fails: count-params, forward-lecture, forward-rounded, forward-any, forward-large, loss, errors-lecture, errors-any, gradient, factor-two, update-lecture, lecture-rounded, update-any, wires-kept, case-updating, epoch-updating, train
# diagnosis: not_implemented
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
    # YOUR CODE HERE
    raise NotImplementedError


def forward(weights, biases, x, digits=None):
    """Compute what goes into each unit, and what comes out of it.

    x has the numbers that the inputs are set to. Return (inputs, outputs), by units: inputs has the
    units with a bias; outputs has these and the inputs of the network, whose outputs are x. With
    digits, every number that is computed is rounded to so many decimals as soon as it is there, and
    the rounded one is used from then on; x, weights and biases are taken as they are.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def loss(outputs, target, half=True):
    """Return E, the squared error of the units that target has, summed over these.

    half says whether the sum is halved.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def errors(weights, biases, outputs, target, half=True, digits=None):
    """Return the error of every unit that has a bias, given the outputs of all.

    The units that target has are the outputs of the network; they send to no other. With
    half=False the errors are those of the loss without the half. digits is as in forward; what
    half=False doubles is doubled before it is rounded.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def gradient(weights, biases, x, target, half=True):
    """Return (grad_weights, grad_biases), the derivatives of the loss.

    grad_weights[j][k] belongs to weights[j][k], grad_biases[k] to biases[k].
    """
    # YOUR CODE HERE
    raise NotImplementedError


def update(weights, biases, outputs, error, learning_rate):
    """Take one step with the errors of all units, as `errors` returns them.

    Return (new_weights, new_biases): new dictionaries with the same wires and units.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def train_epoch(weights, biases, examples, learning_rate, updating="case"):
    """Go once through the examples, a list of pairs (x, target), in their order.

    With updating="case" there is a step after each example. With updating="epoch" all changes are
    computed with the weights from before the epoch, summed up, and made at its end. Return
    (new_weights, new_biases); what came in stays as it is.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def train(weights, biases, examples, learning_rate, threshold, max_epochs):
    """Go through the examples with a step after each, until nothing changes much any more.

    The last epoch is the first one in which no weight and no bias moves by threshold or more, from
    its beginning to its end; at the latest it is number max_epochs. Return (new_weights,
    new_biases, n_epochs), the number of epochs with the last one counted.
    """
    # YOUR CODE HERE
    raise NotImplementedError
