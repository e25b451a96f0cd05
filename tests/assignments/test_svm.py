"""The numbers in the handout of svm are the reference's."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from docs.figures import svm as figures
from reference import (
    linear_kernel,
    linear_svm_objective,
    linear_svm_subgradient,
    polynomial_kernel,
    rbf_kernel,
    sigmoid_kernel,
    svm_dual_objective,
    svm_duality_gap,
)

FOLDER = Path(__file__).parents[2] / "assignments" / "svm"
HANDOUT = (FOLDER / "README.md").read_text(encoding="utf-8")
KERNELS = {
    "linear": linear_kernel([[1, 2]], [[3, -1]]),
    "polynomial": polynomial_kernel([[1, 2]], [[3, -1]], gamma=0.5, coef0=1.0, degree=3),
    "rbf": rbf_kernel([[1, 2]], [[3, -1]], gamma=0.5),
    "sigmoid": sigmoid_kernel([[1, 2]], [[3, -1]], gamma=0.5, coef0=1.0),
}
POINTS, LABELS = np.array([[1.0, 1.0], [-1.0, -1.0]]), np.array([1.0, -1.0])


@pytest.mark.parametrize("kind", KERNELS)
def test_the_kernels_of_the_example_are_the_references(kind):
    assert f"\n{kind:<11} {KERNELS[kind][0, 0]:.8f}\n" in HANDOUT


@pytest.mark.parametrize("C", [1.0, 0.1])
def test_a_row_of_the_two_points_is_the_references(C):
    machine = figures.train(POINTS, LABELS, C).machine
    alpha = machine.solution.alpha
    loss = linear_svm_objective(POINTS, LABELS, C, machine.w, machine.b)
    dual = svm_dual_objective(POINTS @ POINTS.T, LABELS, alpha)
    row = (
        f"{C:.1f}   {_write(alpha)}    {_write(machine.w)}    {abs(machine.b):.2f}"
        f"    {machine.margin:.4f}  {_write(abs(machine.slack))}    {loss:.4f}  {dual:.4f}\n"
    )
    assert row in HANDOUT


@pytest.mark.parametrize("C", [1.0, 0.1])
def test_one_step_of_smo_solves_the_two_points(C):
    amount = min((1 - -1) / (2 + 2 - 2 * -2), C)
    gap = svm_duality_gap(POINTS @ POINTS.T, LABELS, C, [amount, amount])
    assert gap == pytest.approx(0, abs=1e-12)


def test_the_losses_of_the_descent_are_the_references():
    w, b, losses = np.zeros(2), 0.0, []
    for t in range(1, 6):
        losses.append(linear_svm_objective(POINTS, LABELS, 1.0, w, b))
        grad_w, grad_b = linear_svm_subgradient(POINTS, LABELS, 1.0, w, b)
        w, b = w - grad_w / t, b - grad_b / t
    assert "losses" + "".join(f"  {loss:.4f}" for loss in losses) + "\n" in HANDOUT


@pytest.mark.parametrize("C", [0.1, 1, 10, 100, 1000])
def test_the_accuracies_of_a_price_are_the_references(C):
    X, y, Z, v = figures.crescents()
    trained = figures.train(X, y, C, 1.0)
    n_support = len(trained.machine.support)
    row = f"{C:<8g} {n_support:<18} {trained.score(X, y):.4f}   {trained.score(Z, v):.4f}\n"
    assert row in HANDOUT


def test_the_figures_moons_are_those_of_the_assignment():
    def body(path):
        text = path.read_text(encoding="utf-8")
        found = re.search(r"    half = len\(noise\).*?return [^\n]*\n", text, re.DOTALL)
        assert found
        return found[0]

    assert body(Path(figures.__file__)) == body(FOLDER / "cases.py")


def test_weights_and_bias_alone_say_which_samples_slack_as_the_handout_corrects_the_slide():
    X, y, _, _ = figures.crescents()
    machine = figures.train(X, y, 1.0).machine
    slack = np.maximum(0, 1 - y * (X @ machine.w + machine.b))
    assert machine.slack == pytest.approx(slack, abs=1e-9)


def test_a_polynomial_kernel_is_an_inner_product_of_finitely_many_features():
    x, z = np.array([1.0, 2.0]), np.array([3.0, -1.0])

    def features(p):
        return np.array([p[0] ** 2, p[1] ** 2, np.sqrt(2) * p[0] * p[1], *(np.sqrt(2) * p), 1.0])

    kernel = polynomial_kernel([x], [z], gamma=1.0, coef0=1.0, degree=2)[0, 0]
    assert kernel == pytest.approx(features(x) @ features(z))


def _write(numbers):
    return ", ".join(f"{number:.2f}" for number in numbers)
