"""What the folder of mlp-backprop says of itself: handout, starter, known submissions."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from grader.spec import list_submissions, load_assignment
from reference import MLP, relu_backward, softmax, softmax_cross_entropy
from reference.layers.dense import ReluCache

FOLDER = Path(__file__).parents[2] / "assignments" / "mlp-backprop"
HANDOUT = (FOLDER / "README.md").read_text(encoding="utf-8")
ASSIGNMENT = load_assignment(FOLDER)
KNOWN = list_submissions(FOLDER)
WRONG = [known for known in KNOWN if not known.is_right]


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
    }
    return arrays, gradients.loss, network.loss(X, y)


@pytest.mark.parametrize("name", worked_example()[0])
def test_every_array_of_the_handouts_example_is_the_references(name):
    expected = format_array(worked_example()[0][name])
    assert f"{name:<11} = {expected}\n" in HANDOUT


def test_both_losses_of_the_handouts_example_are_the_references():
    _, loss, unpenalised = worked_example()
    assert f"loss        = {loss:.4f}   ({unpenalised:.4f} without the penalty)\n" in HANDOUT


def test_the_handout_lists_every_check_with_its_points_in_order():
    listed = re.findall(r"^\| `([\w-]+)` \| (\d+) \|", HANDOUT, flags=re.MULTILINE)
    assert [(check.id, str(check.points)) for check in ASSIGNMENT.spec.checks] == listed


def test_the_handout_says_which_checks_are_hidden():
    marked = re.findall(r"^\| `([\w-]+)` .*hidden", HANDOUT, flags=re.MULTILINE)
    assert [check.id for check in ASSIGNMENT.spec.checks if check.visible != "always"] == marked


def test_the_starter_is_the_solution_with_every_marked_block_cut_out():
    solution = (FOLDER / "solution.py").read_text(encoding="utf-8")
    cut = re.sub(
        r"^( *)# BEGIN SOLUTION\n.*?^\1# END SOLUTION\n",
        r"\1# YOUR CODE HERE\n\1raise NotImplementedError\n",
        solution,
        flags=re.DOTALL | re.MULTILINE,
    )
    assert (FOLDER / "starter.py").read_text(encoding="utf-8") == cut
    assert "SOLUTION" not in cut


def test_the_untouched_starter_is_among_the_wrong_submissions():
    untouched = (FOLDER / "submissions" / "untouched_starter.py").read_text(encoding="utf-8")
    assert untouched.endswith((FOLDER / "starter.py").read_text(encoding="utf-8"))


@pytest.mark.parametrize("known", WRONG, ids=lambda known: known.name)
def test_a_wrong_submission_names_checks_that_exist(known):
    ids = {check.id for check in ASSIGNMENT.spec.checks}
    assert known.expectations.fails
    assert set() == set(known.expectations.fails) - ids


@pytest.mark.parametrize("known", WRONG, ids=lambda known: known.name)
def test_a_wrong_submission_names_the_checks_that_build_on_what_it_fails(known):
    fails = set(known.expectations.fails)
    blocked = {check.id for check in ASSIGNMENT.spec.checks if fails & set(check.needs)}
    assert set() == blocked - fails


def test_every_check_is_failed_by_a_submission_that_is_not_just_empty():
    plausible = [known for known in WRONG if len(known.expectations.fails) <= 7]
    failed = {check for known in plausible for check in known.expectations.fails}
    assert {check.id for check in ASSIGNMENT.spec.checks} == failed


def test_there_are_ten_wrong_submissions_and_three_right_ones_at_least():
    assert len(WRONG) >= 10
    assert len(KNOWN) - len(WRONG) >= 3
