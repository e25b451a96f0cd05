"""The perceptron: what it learns, after how many mistakes, and what it takes three of them for."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.convergence import ConvergenceWarning
from reference.linear_models.perceptron import (
    Perceptron,
    design_xor,
    fit_perceptron,
    novikoff_bound,
)
from tests.reference.worked import worked_example

CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
AND = np.array([-1, -1, -1, 1])
XOR = np.array([-1, 1, 1, -1])
seeds = st.integers(0, 2**32 - 1)


def separable_problem(seed, n=20, d=3):
    """Samples on both sides of a random hyperplane, none very close to it."""
    rng = np.random.default_rng(seed)
    w, b = rng.normal(size=d), float(rng.normal())
    X = rng.normal(size=(4 * n, d))
    scores = X @ w + b
    chosen = np.argsort(-np.abs(scores))[:n]
    return X[chosen], np.where(scores[chosen] > 0, 1.0, -1.0), w, b


def test_and_of_the_lecture():
    expected = worked_example("perceptron-AND")
    fit = fit_perceptron(CORNERS, AND)
    np.testing.assert_array_equal(expected["w"], fit.w)
    assert expected["b"] == fit.b
    assert expected["mistakes"] == fit.n_mistakes
    assert expected["epochs"] == fit.n_iterations
    assert fit.has_converged
    np.testing.assert_array_equal(AND, fit.predict(CORNERS))


def test_the_first_epoch_of_and_by_hand():
    """(0,0): sign(0) = +1 is a mistake, b = -1; then -1, -1, right; (1,1) is a mistake again."""
    with pytest.warns(ConvergenceWarning):
        fit = fit_perceptron(CORNERS, AND, max_epochs=1)
    np.testing.assert_array_equal([1, 1], fit.w)
    assert (fit.b, fit.n_mistakes) == (0, 2)


def test_a_sample_on_the_boundary_is_positive():
    np.testing.assert_array_equal([1, 1], Perceptron(np.array([1.0]), -2.0).predict([[2], [3]]))
    assert fit_perceptron([[0.0]], [1]).n_mistakes == 0
    assert fit_perceptron([[0.0]], [-1]).n_mistakes == 1


@settings(max_examples=40, deadline=None)
@given(seed=seeds)
def test_separable_classes_are_separated_within_the_bound_of_novikoff(seed):
    X, y, w, b = separable_problem(seed)
    fit = fit_perceptron(X, y, max_epochs=100_000)
    assert fit.has_converged
    np.testing.assert_array_equal(y, fit.predict(X))
    assert fit.n_mistakes <= novikoff_bound(X, y, w, b)


@settings(max_examples=20, deadline=None)
@given(seed=seeds)
def test_the_order_of_the_samples_does_not_break_the_bound(seed):
    X, y, w, b = separable_problem(seed)
    order = np.random.default_rng(seed).permutation(y.size)
    fit = fit_perceptron(X[order], y[order], max_epochs=100_000)
    assert fit.n_mistakes <= novikoff_bound(X, y, w, b)


def test_novikoff_bound_by_hand():
    """x = 1 and -1 with separator w = 1, b = 0: R = sqrt(2), gamma = 1."""
    assert novikoff_bound([[1], [-1]], [1, -1], [1], 0) == pytest.approx(2, rel=1e-15)
    assert novikoff_bound([[1], [-1]], [1, -1], [7], 0) == pytest.approx(2, rel=1e-15)


def test_the_bound_of_and_is_kept():
    bound = novikoff_bound(CORNERS, AND, [2, 2], -3)
    assert bound == pytest.approx(51, rel=1e-14)  # R^2 = 3, gamma^2 = 1/17
    assert fit_perceptron(CORNERS, AND).n_mistakes <= bound


def test_classes_that_no_line_separates_end_at_the_limit_and_are_reported():
    with pytest.warns(ConvergenceWarning, match=r"fit_perceptron has not converged: \d mistakes"):
        fit = fit_perceptron(CORNERS, XOR, max_epochs=50)
    assert (fit.has_converged, fit.n_iterations) == (False, 50)
    assert fit.n_mistakes >= 50


def test_three_perceptrons_compute_what_one_cannot():
    np.testing.assert_array_equal(XOR, design_xor().predict(CORNERS))


def test_the_third_perceptron_sees_or_and_not_both():
    np.testing.assert_array_equal([[-1, 1], [1, 1], [1, 1], [1, -1]], design_xor().hidden(CORNERS))


def test_no_single_perceptron_computes_xor():
    """Its sums over opposite corners are equal: w . (0,0) + w . (1,1) = w . (0,1) + w . (1,0)."""
    grid = np.linspace(-2, 2, 9)
    for w1, w2, b in itertools.product(grid, repeat=3):
        assert (Perceptron(np.array([w1, w2]), b).predict(CORNERS) != XOR).any()


def test_training_leaves_the_samples_as_they_are():
    X, y = CORNERS.astype(float), AND.astype(float)
    fit = fit_perceptron(X, y)
    fit.w[:] = 99
    np.testing.assert_array_equal(CORNERS, X)
    np.testing.assert_array_equal(AND, y)


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        (np.zeros((0, 2)), [], r"X must be a matrix .*empty"),
        ([[1.0], [np.inf]], [1, -1], r"X must be finite"),
        ([[1.0], [2.0]], [1, 0], r"y must hold only -1 and \+1, got 0"),
        ([[1.0], [2.0]], [1], r"y must be a vector of shape \(2,\), got shape \(1,\)"),
    ],
)
def test_what_is_no_problem_of_two_classes_is_refused(X, y, message):
    with pytest.raises(ValueError, match=message):
        fit_perceptron(X, y)
    with pytest.raises(ValueError, match=message):
        novikoff_bound(X, y, [1.0], 0.0)


def test_a_number_of_epochs_is_at_least_one():
    with pytest.raises(ValueError, match="max_epochs must be at least 1, got 0"):
        fit_perceptron(CORNERS, AND, max_epochs=0)


def test_only_a_separator_gives_a_bound():
    with pytest.raises(ValueError, match="w and b must separate the classes, got 1 samples of 4"):
        novikoff_bound(CORNERS, AND, [1, 1], -1.0 - 1.0)
    with pytest.raises(ValueError, match=r"w must be a vector of shape \(2,\)"):
        novikoff_bound(CORNERS, AND, [1], 0.0)
