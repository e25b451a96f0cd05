"""The numbers and pictures in the handout of logreg-sgd are the reference's."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from docs.figures import logreg_sgd as figures
from grader.spec import load_assignment
from reference import (
    diagnose_trace,
    fit_logistic_newton,
    logistic_hessian,
    logistic_loss,
    numdiff,
    sigmoid,
)

FOLDER = Path(__file__).parents[2] / "assignments" / "logreg-sgd"
HANDOUT = (FOLDER / "README.md").read_text(encoding="utf-8")
Z, Y = figures.SAMPLES, figures.LABELS
WORDS = {"too_small": "too small", "converged": "right", "not_yet_converged": "right"}


def row(numbers, width=7):
    return "[" + ", ".join(f"{number:{width}.4f}" for number in numbers) + "]"


def constant_first(H):
    """Return a Hessian of the reference, which has the constant last, as the handout has it."""
    return np.roll(H, 1, axis=(0, 1))


def word(losses):
    """Return the handout's word for the reference's verdict."""
    verdict = diagnose_trace(losses).verdict
    is_above = losses[-1] > losses[0]
    return WORDS.get(verdict, "diverging" if is_above else "oscillating")


@pytest.mark.parametrize("rate", [0.1, 1.0, 1.1])
def test_the_walk_on_the_parabola_in_the_handout_is_the_references(rate):
    places = figures.walk_parabola(rate, 4)
    assert f"rate {rate:.1f}    " + "".join(f"{w:9.4f}" for w in places) + "\n" in HANDOUT
    np.testing.assert_allclose(places, (1 - 2 * rate) ** np.arange(5), rtol=1e-14)


def test_logits_and_probabilities_in_the_handout_are_the_references():
    h = Z[:, 0]
    assert f"feature = {', '.join(f'{z:g}' for z in h)} " in HANDOUT
    assert f"y = {', '.join(map(str, Y))} " in HANDOUT
    assert f"h           = {row(h)}\n" in HANDOUT
    assert f"p           = {row(sigmoid(h))}\n" in HANDOUT


def test_the_loss_and_its_derivatives_in_the_handout_are_the_references():
    loss, gradient = figures.loss_and_gradient(np.array([0.0, 1.0]), Z, Y)
    H = constant_first(logistic_hessian([1.0], 0.0, Z, Y))
    eigenvalues = np.linalg.eigvalsh(H)
    X = np.column_stack([np.ones(len(Z)), Z])
    safe = 2 / np.linalg.eigvalsh(X.T @ X / 4)[-1]
    assert f"loss        = {loss:.4f}\n" in HANDOUT
    assert f"gradient    = {row(gradient)}\n" in HANDOUT
    assert f"hessian     = [{', '.join(row(line) for line in H)}]\n" in HANDOUT
    assert f"eigenvalues = {row(eigenvalues)}\n" in HANDOUT
    assert f"stable rate = {2 / eigenvalues[-1]:.4f}   (that of X^T X / 4: {safe:.4f})" in HANDOUT


def test_the_minimum_in_the_handout_is_the_references():
    fit = fit_logistic_newton(Z, Y)
    H = logistic_hessian(fit.w, fit.b, Z, Y)
    stable = 2 / np.linalg.eigvalsh(H)[-1]
    assert f"w = ({fit.b:.4f}, {fit.w[0]:.4f}), with the loss {fit.losses[-1]:.4f}" in HANDOUT
    assert f"stable rate there is\n{stable:.4f}" in HANDOUT
    assert figures.trace(1.2, 200)[-1] == pytest.approx(fit.losses[-1], abs=1e-9)
    assert np.min(figures.trace(1.7, 200)[-20:]) > fit.losses[-1] + 0.01


@pytest.mark.parametrize("rate", [0.002, 0.2, 1.7, 3.0])
def test_the_traces_in_the_handout_are_the_references_and_so_are_their_words(rate):
    losses = figures.trace(rate, 40)
    first = "".join(f"{loss:9.4f}" for loss in losses[:3])
    line = f"rate {rate:<5g} {first}  ...{losses[-1]:9.4f}   {word(losses)}\n"
    assert line in HANDOUT


def test_what_the_handout_says_of_mini_batches_is_what_its_picture_shows():
    drawn = figures.draw_figures()["batches.svg"]
    told = re.search(
        r"all 60 samples: [\d.]+ after one epoch, ([\d.]+); .*?, ([\d.]+) after 12", drawn
    )
    assert told is not None
    assert "at 21\nafter 12 epochs" in HANDOUT
    assert round(float(told[1])) == 21
    assert 16 < float(told[2]) < 17


@pytest.mark.parametrize("label", [0, 1])
def test_the_neuron_of_the_slides_in_the_handout_is_the_references(label):
    loss, slope, _ = logistic_loss([3.0], 0.0, [[3.0]], [label])
    line = f"y = {label}     loss = {loss:.8f}     gradient = {slope[0]:11.8f}\n"
    assert line in HANDOUT


# --- Where the slides slip, and the handout says so ---------------------------------------------


def test_the_likelihoods_minus_that_a_slide_lost_makes_the_loss_positive():
    loss, _, _ = logistic_loss([1.0], 0.0, Z, Y)
    p = sigmoid(Z[:, 0])
    assert loss == pytest.approx(-np.sum(np.log(np.where(Y == 1, p, 1 - p))))
    assert loss > 0


def test_the_slope_by_p_has_a_plus_where_a_slide_has_a_minus():
    p = np.array([0.3])
    slope = numdiff.gradient(lambda p: float(-np.log(1 - p[0])), p)
    np.testing.assert_allclose(slope, 1 / (1 - p), rtol=1e-8)


def test_the_slope_of_a_sample_of_label_1_has_no_square_in_its_denominator():
    w, x = 0.4, 3.0
    _, slope, _ = logistic_loss([w], 0.0, [[x]], [1])
    e = np.exp(-w * x)
    assert slope[0] == pytest.approx(-x * e / (1 + e))
    assert slope[0] != pytest.approx(-x * e / (1 + e) ** 2, rel=0.1)


def test_the_slope_by_the_constant_is_the_sum_of_the_errors_and_not_1():
    _, _, slope = logistic_loss([1.0], 0.0, Z, Y)
    assert slope == pytest.approx(np.sum(sigmoid(Z[:, 0]) - Y))
    assert slope != pytest.approx(1.0)


# --- What students see ---------------------------------------------------------------------------


def test_the_descents_carry_a_trace_plot():
    checks = {check.id: check for check in load_assignment(FOLDER).spec.checks}
    assert {"gd", "sgd"} == {
        name for name, check in checks.items() if getattr(check, "trace", None)
    }
