"""The worked example in the handout of activations-losses is what the reference computes."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from grader.spec import load_assignment
from reference import (
    binary_cross_entropy,
    categorical_cross_entropy,
    gaussian_nll,
    hard_threshold,
    numdiff,
    relu,
    sigmoid,
    sigmoid_cross_entropy,
    sigmoid_derivative,
    softmax,
    softmax_cross_entropy,
    softmax_derivative,
    squared_error,
    tanh,
    tanh_derivative,
)

FOLDER = Path(__file__).parents[2] / "assignments" / "activations-losses"
HANDOUT = (FOLDER / "README.md").read_text(encoding="utf-8")

Z = np.array([-2.0, 0.0, 0.5, 3.0])
LOGITS, LABELS = np.array([[1.0, 2, 0], [3, 0, 0]]), np.array([1, 2])
PREDICTION, TARGET, SIGMA = np.array([[1.0, 2], [0, 1]]), np.array([[0.0, 2], [2, 2]]), 2.0
SURE, ANSWERS = np.array([9.0, 9.0]), np.array([1, 0])


def format_number(number):
    """Write a number as the handout does: four digits, room for a sign, no negative zero."""
    return f"{np.round(number, 4) + 0.0:7.4f}"


def format_array(array):
    if np.ndim(array) == 0:
        return format_number(array)
    if np.ndim(array) == 1:
        return "[" + ", ".join(map(format_number, array)) + "]"
    return "[" + ", ".join(map(format_array, array)) + "]"


def example_of_elements():
    functions = (sigmoid, sigmoid_derivative, tanh, tanh_derivative, relu, hard_threshold)
    return {"z": Z} | {function.__name__: function(Z) for function in functions}


def example_of_softmax():
    p = softmax(LOGITS)
    loss, grad_logits = softmax_cross_entropy(LOGITS, LABELS)
    return {
        "logits": LOGITS,
        "p": p,
        "jacobian": softmax_derivative(LOGITS)[0],
        "loss": loss,
        "grad_p": categorical_cross_entropy(p, LABELS)[1],
        "grad_logits": grad_logits,
    }


def example_of_regression():
    squares, grad_squares = squared_error(PREDICTION, TARGET)
    nll, grad_nll = gaussian_nll(PREDICTION, TARGET, sigma=SIGMA)
    return {
        "prediction": PREDICTION,
        "target": TARGET,
        "squared_error": squares,
        "its gradient": grad_squares,
        "gaussian_nll": nll,
        # the same words on another line: the test of all lines tells them apart by the number
        "its gradient ": grad_nll,
        "and for sigma": slope_of_sigma(),
    }


def slope_of_sigma():
    def nll(sigma):
        return gaussian_nll(PREDICTION, TARGET, sigma=float(sigma[0]))[0]

    return numdiff.gradient(nll, np.array([SIGMA]))[0]


def example_of_slides():
    p = sigmoid(SURE)
    loss, grad_z = sigmoid_cross_entropy(SURE, ANSWERS)
    _, grad_p = binary_cross_entropy(p, ANSWERS)
    return {"z": SURE, "p": p, "loss": loss, "grad_p": grad_p, "grad_z": grad_z}


EXAMPLES = [example_of_elements, example_of_softmax, example_of_regression, example_of_slides]


def blocks_of_handout():
    return [block.split("```")[0] for block in HANDOUT.split("```text\n")[1:]]


@pytest.mark.parametrize("number", range(len(EXAMPLES)), ids=lambda n: EXAMPLES[n].__name__)
def test_every_number_of_the_handouts_examples_is_the_references(number):
    block = re.sub(r"\n +", " ", blocks_of_handout()[number])  # a matrix may have several lines
    lines = [line.split(" = ") for line in block.splitlines() if not line.startswith("y ")]
    listed = [(name.strip(), value.replace(" ", "")) for name, value in lines]
    expected = [
        (name.strip(), format_array(value).replace(" ", ""))
        for name, value in EXAMPLES[number]().items()
    ]
    assert expected == listed


def test_the_handout_has_no_other_example():
    assert len(EXAMPLES) == len(blocks_of_handout())


def test_the_examples_of_classes_say_their_labels():
    assert "labels y = [1, 2]" in HANDOUT
    assert f"y      = {ANSWERS.tolist()}\n" in HANDOUT
    assert f"sigma = {SIGMA:g}" in HANDOUT


def test_carrying_the_gradient_through_the_softmax_is_the_short_cut():
    grad_p = categorical_cross_entropy(softmax(LOGITS), LABELS)[1]
    carried = np.einsum("nk,nkj->nj", grad_p, softmax_derivative(LOGITS))
    np.testing.assert_allclose(carried, softmax_cross_entropy(LOGITS, LABELS)[1], atol=1e-15)


def test_the_probability_of_a_logit_of_40_is_1_and_its_loss_is_40():
    assert 1.0 == sigmoid([40.0])[0]
    assert 40.0 == sigmoid_cross_entropy([40.0], [0.0])[0]


def test_a_loss_clipped_at_1e_10_is_flat_at_23():
    assert 23 == round(-np.log(1e-10))


@pytest.mark.parametrize("check", load_assignment(FOLDER).spec.checks, ids=lambda check: check.id)
def test_no_function_may_change_what_it_is_given(check):
    assert "fail" == check.mutation
