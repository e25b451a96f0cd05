"""The numbers and pictures in the handout of graph-basics are the reference's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from reference.graph import Node, backward, exp, jacobian, sigmoid, sin, tanh, trace

FOLDER = Path(__file__).parents[2] / "assignments" / "graph-basics"
HANDOUT = (FOLDER / "README.md").read_text(encoding="utf-8")


def format_array(array):
    """Write an array as the handout does: four digits, no negative zero."""
    if array.ndim == 1:
        return "[" + ", ".join(f"{number + 0.0:7.4f}" for number in array) + "]"
    return "[" + ", ".join(map(format_array, array)) + "]"


def test_the_walk_over_two_gates_is_the_references():
    x, y, z = Node(-2.0, "x"), Node(5.0, "y"), Node(-4.0, "z")
    walk = trace(((x + y).named("q") * z).named("f"))
    assert f"```text\n{walk}\n```\n" in HANDOUT


def test_the_walk_over_the_neuron_is_the_references():
    (w0, w1, w2), (x0, x1) = map(named_numbers, ("w", "x"), ((2, -3, -3), (-1, -2)))
    p = sigmoid(w0 * x0 + w1 * x1 + w2).named("p")
    gates = trace(p).split("\n\n")[1]
    assert f"```text\n{gates}\n```\n" in HANDOUT


def named_numbers(name, numbers):
    return [Node(float(number), f"{name}{i}") for i, number in enumerate(numbers)]


def test_both_paths_of_the_chain_are_the_references():
    x = Node(1.0)
    z1, z2 = sin(x), x**3
    y = z1**4 * exp(z2) + 5 * z1 + 7 * z2
    gradients = backward(y)
    through_z1 = float(gradients[z1] * np.cos(1))
    through_z2 = float(gradients[z2] * 3)
    assert f"At x = 1 you get y = {y.value:.4f}, and\n" in HANDOUT
    paths = f"{through_z1:.4f} (through z1) + {through_z2:.4f} (through z2)"
    assert f"    dy/dx = {paths} = {gradients[x]:.4f}\n" in HANDOUT


def test_the_list_of_gates_in_the_handout_has_the_references_values_and_gradients():
    x, y, z = Node(-2.0), Node(5.0), Node(-4.0)
    q = x + y
    f = q * z
    gradients = backward(f)
    nodes = (x, y, z, q, f)
    assert f"values = {[int(node.value) for node in nodes]}\n" in HANDOUT
    assert f"grads  = {[int(gradients[node]) for node in nodes]}\n" in HANDOUT


def jacobians():
    """The arrays of the handout's two layers, by the names they have there."""
    W1, W2 = np.array([[1, 2], [0, -1], [2, -1.5]]), np.array([[1.0, 0, -1]])
    x = np.array([0.5, -0.25])
    y1 = np.tanh(W1 @ x)
    return {
        "y1": y1,
        "J1": jacobian(lambda x: tanh(Node(W1) @ x), x),
        "J2": jacobian(lambda y1: tanh(Node(W2) @ y1), y1),
        "J": jacobian(lambda x: tanh(Node(W2) @ tanh(Node(W1) @ x)), x),
    }


@pytest.mark.parametrize("name", jacobians())
def test_every_jacobian_of_the_handout_is_the_references(name):
    assert f"{name:<11} = {format_array(jacobians()[name])}\n" in HANDOUT


@pytest.mark.parametrize("h", [0.1, 0.05])
def test_the_handouts_differences_of_a_cube_are_what_they_are(h):
    forward = ((2 + h) ** 3 - 2**3) / h
    central = ((2 + h) ** 3 - (2 - h) ** 3) / (2 * h)
    row = f"{h:<6g}  {forward:.4f}   {forward - 12:.4f}   {central:.4f}   {central - 12:.4f}\n"
    assert row in HANDOUT
