"""The numbers in the handout of neurons are the reference's, and the slides' mistakes are told."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest

from docs.figures import neurons as figures
from reference import (
    ConvergenceWarning,
    Perceptron,
    ThreePerceptrons,
    adaline_loss,
    design_xor,
    fit_least_squares,
    fit_perceptron,
    logistic_loss,
    novikoff_bound,
    widrow_hoff_step,
)
from tests.reference.worked import worked_example

FOLDER = Path(__file__).parents[2] / "assignments" / "neurons"
HANDOUT = (FOLDER / "README.md").read_text(encoding="utf-8")
CORNERS = np.array(figures.CORNERS)
AND = np.array(figures.AND)


def vector(numbers, form):
    return "(" + ", ".join(format(number, form) for number in numbers) + ")"


@pytest.mark.parametrize("max_epochs", [1, 2, 3, 4, 5, 6, 100])
def test_the_epochs_of_and_in_the_handout_are_the_references(max_epochs):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        fit = fit_perceptron(CORNERS, AND, max_epochs=max_epochs)
    row = f"{max_epochs:<11} {vector(fit.w, '2.0f')}  {fit.b:2.0f}"
    row += f"{fit.n_mistakes:10d}{fit.n_iterations:8d}  {fit.has_converged}\n"
    assert row in HANDOUT


def test_the_fit_of_and_in_the_handout_is_the_worked_example_of_the_lecture():
    expected = worked_example("perceptron-AND")
    w, b = vector(expected["w"], "2d"), expected["b"]
    assert (
        f"100         {w}  {b}        {expected['mistakes']}       {expected['epochs']}  True\n"
        in HANDOUT
    )


def test_the_bound_in_the_handout_is_the_references():
    w, b = np.array([1.0, 1.0]), -1.5
    largest = (CORNERS**2).sum(axis=1).max() + 1
    gamma = (AND * (CORNERS @ w + b)).min() / np.linalg.norm([*w, b])
    bound = novikoff_bound(CORNERS, AND, w, b)
    assert f"R^2 = {largest:.4f}   gamma = {gamma:.4f}   bound = {bound:.4f}\n" in HANDOUT
    assert largest / gamma**2 == pytest.approx(bound)


def test_the_perceptrons_own_line_goes_through_a_sample_as_the_handout_says():
    fit = fit_perceptron(CORNERS, AND)
    assert fit.decision_function([[1, 1]]) == 0
    with pytest.raises(ValueError, match="on the boundary"):
        novikoff_bound(CORNERS, AND, fit.w, fit.b)


def test_the_three_perceptrons_in_the_handout_say_what_the_table_says():
    net = ThreePerceptrons(
        Perceptron(np.array([1.0, 0.0]), -0.5),
        Perceptron(np.array([0.0, 1.0]), -0.5),
        Perceptron(np.array([1.0, -1.0]), -1.0),
    )
    hidden, outputs = net.hidden(CORNERS), net.predict(CORNERS)
    for (x1, x2), (z1, z2), output in zip(CORNERS, hidden, outputs, strict=True):
        assert f"{x1:2.0f}  {x2:2.0f}  {z1:3.0f} {z2:3.0f} {output:8.0f}\n" in HANDOUT


def test_no_single_perceptron_learns_xor_and_the_three_of_the_figure_do():
    with pytest.warns(ConvergenceWarning):
        assert not fit_perceptron(CORNERS, figures.XOR, max_epochs=200).has_converged
    np.testing.assert_array_equal(figures.XOR, design_xor().predict(CORNERS))


def steps_of_one_sample():
    X, y, w, b, rate = [[1.0, 2.0]], [1.0], np.array([-0.2, 0.05]), 0.1, 0.1
    _, grad_w, grad_b = adaline_loss(w, b, X, y)
    return (
        X,
        y,
        {
            "before": (w, b),
            "Widrow-Hoff": widrow_hoff_step(w, b, X, y, rate),
            "with the wrong +": (w + rate * grad_w, b + rate * grad_b),
        },
    )


@pytest.mark.parametrize("name", ["before", "Widrow-Hoff", "with the wrong +"])
def test_the_step_of_one_sample_in_the_handout_is_the_references(name):
    X, y, steps = steps_of_one_sample()
    w, b = steps[name]
    J = adaline_loss(w, b, X, y)[0]
    assert f"{name:<18} {vector(w, '5.2f')}   {b:6.2f}   {J:7.4f}\n" in HANDOUT


def test_the_plus_of_the_slide_climbs_and_the_rule_of_widrow_and_hoff_descends():
    X, y, steps = steps_of_one_sample()
    before, after, uphill = (adaline_loss(w, b, X, y)[0] for w, b in steps.values())
    assert after < before < uphill
    expected = [float(number) for number in worked_example("adaline-step")["w1"]]
    w, b = steps["Widrow-Hoff"]
    np.testing.assert_allclose(expected, [b, *w], rtol=1e-15)


def test_the_epochs_of_adaline_in_the_handout_are_the_references():
    epochs = figures.train_on_and(0.2, 100)
    for k in (0, 1, 2, 10, 100):
        w, b, J = epochs[k]
        assert f"{k:3d}      {vector(w, '7.4f')}   {b:7.4f}   {J:.4f}\n" in HANDOUT
    limit = fit_least_squares(CORNERS, AND)
    assert f"limit    {vector(limit.w, '7.4f')}   {limit.b:7.4f}   {limit.loss:.4f}\n" in HANDOUT


def test_the_learning_rates_of_the_figure_are_slow_quick_and_too_large():
    slow, quick, wild = (
        [J for _, _, J in figures.train_on_and(rate, 12)] for rate in figures.RATES
    )
    assert quick[-1] < slow[-1] < slow[0]
    assert wild[1] < wild[0] < wild[-1]


def test_the_epochs_of_one_versus_all_in_the_handout_are_the_references():
    X, y = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]]), np.arange(3)
    W, b = np.zeros((2, 3)), np.zeros(3)
    for epoch in (1, 2):
        gradients = [logistic_loss(W[:, k], b[k], X, (y == k).astype(int)) for k in range(3)]
        W = W - 0.5 * np.column_stack([grad_w for _, grad_w, _ in gradients])
        b = b - 0.5 * np.array([grad_b for _, _, grad_b in gradients])
        first, second = (vector(row, "7.4f")[1:-1] for row in W)
        b_written = vector(b, ".4f")[1:-1]
        told = f"{epoch}       [[{first}], [{b_written}]\n         [{second}]]\n"
        assert told in HANDOUT
        if epoch == 1:
            scores = np.array([1.0, 1.0]) @ W + b
            told = "the sample (1, 1) has the scores {:g}, {:g} and {:g}: class {}."
            assert told.format(*scores, scores.argmax()) in HANDOUT
