"""The worked example in the handout of mlp-backprop is what the reference computes."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from reference import MLP, relu_backward, softmax, softmax_cross_entropy
from reference.layers.dense import ReluCache

FOLDER = Path(__file__).parents[2] / "assignments" / "mlp-backprop"
HANDOUT = (FOLDER / "README.md").read_text(encoding="utf-8")


def format_array(array):
    """Write an array as the handout does: four digits, no negative zero."""
    array = np.round(array, 4) + 0.0
    if array.ndim == 1:
        return "[" + ", ".join(f"{number:7.4f}" for number in array) + "]"
    return "[" + ", ".join(map(format_array, array)) + "]"


def worked_example():
    """The handout's network, its numbers by the names they have there."""
    X, y, reg = np.array([[1.0, 2], [-1, 1]]), np.array([1, 1]), 0.1
    W1, W2 = np.array([[1, -1], [0.5, 2]]), np.array([[1, -1], [0, 1]])
    network = MLP([W1, W2], [[0, -1], [0, -1]])
    trace = network.trace(X)
    gradients = network.gradients(X, y, reg)
    _, grad_logits = softmax_cross_entropy(trace.activations[-1], y)
    grad_A1 = grad_logits @ network.weights[1].T
    linear = MLP(network.weights, network.biases, hidden="identity")
    origin = linear.feed_forward(np.zeros((1, 2)))
    arrays = {
        "Z1": trace.pre_activations[0],
        "A1": trace.activations[1],
        "logits": trace.activations[2],
        "P": softmax(trace.activations[2]),
        "grad_logits": grad_logits,
        "grad_W2": gradients.weights[1],
        "grad_b2": gradients.biases[1],
        "grad_A1": grad_A1,
        "grad_Z1": relu_backward(grad_A1, ReluCache(trace.pre_activations[0])),
        "grad_W1": gradients.weights[0],
        "grad_b1": gradients.biases[0],
        "W": linear.feed_forward(np.eye(2)) - origin,
        "b": origin[0],
    }
    return arrays, gradients.loss, network.loss(X, y)


@pytest.mark.parametrize("name", worked_example()[0])
def test_every_array_of_the_handouts_example_is_the_references(name):
    expected = format_array(worked_example()[0][name])
    assert f"{name:<11} = {expected}\n" in HANDOUT


def test_both_losses_of_the_handouts_example_are_the_references():
    _, loss, unpenalised = worked_example()
    assert f"loss        = {loss:.4f}   ({unpenalised:.4f} without the penalty)\n" in HANDOUT


def test_the_figure_of_xor_shows_what_the_handout_says_of_it():
    drawn = (FOLDER / "figures" / "xor.svg").read_text(encoding="utf-8")
    ends = {name: float(last) for name, last in re.findall(r"([^>;]+): [\d.]+ to ([\d.]+)", drawn)}
    random, linear, alike = ends.values()
    assert [0.0, round(float(np.log(2)), 2), 0.5] == [round(random, 1), linear, round(alike, 1)]
