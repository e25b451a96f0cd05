"""Fits of logistic regression: they meet at the minimum, or say that there is none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.convergence import ConvergenceWarning
from reference.linear_models.logistic import fit_logistic_descent, fit_logistic_newton
from reference.linear_models.logistic_objective import logistic_hessian, logistic_loss

seeds = st.integers(0, 2**32 - 1)
FITS = [fit_logistic_newton, fit_logistic_descent]


def overlapping_problem(seed, n=60, d=3):
    """Two classes that overlap: labels drawn with the probabilities of a logistic model."""
    rng = np.random.default_rng(seed)
    X, w = rng.normal(size=(n, d)), rng.normal(size=d)
    y = (rng.uniform(size=n) < 1 / (1 + np.exp(-X @ w))).astype(int)
    y[:2] = 0, 1
    return X, y


def test_the_fit_of_a_table_is_its_log_odds():
    """x = 0: 1 of 4 is positive; x = 1: 3 of 4. So b = log(1/3) and w + b = log 3."""
    X, y = np.repeat([[0.0], [1.0]], 4, axis=0), [0, 0, 0, 1, 0, 1, 1, 1]
    fit = fit_logistic_newton(X, y)
    assert fit.b == pytest.approx(-np.log(3), rel=1e-12)
    np.testing.assert_allclose(fit.w, [2 * np.log(3)], rtol=1e-12)
    np.testing.assert_allclose(fit.predict_probability([[0], [1]]), [0.25, 0.75], rtol=1e-12)
    np.testing.assert_array_equal([0, 1], fit.predict([[0], [1]]))


def test_a_sample_that_is_as_likely_one_as_the_other_is_of_class_one():
    fit = fit_logistic_newton([[3.0], [3.0]], [0, 1])
    np.testing.assert_array_equal([0.5], fit.predict_probability([[3.0]]))
    np.testing.assert_array_equal([1], fit.predict([[3.0]]))


@settings(max_examples=20, deadline=None)
@given(seed=seeds, alpha=st.sampled_from([1e-3, 0.1, 10.0]))
def test_newton_ends_where_the_gradient_is_zero_and_the_loss_curves_up(seed, alpha):
    X, y = overlapping_problem(seed)
    fit = fit_logistic_newton(X, y, alpha=alpha)
    assert fit.has_converged
    loss, grad_w, grad_b = logistic_loss(fit.w, fit.b, X, y, alpha=alpha)
    assert loss == fit.losses[-1]
    np.testing.assert_allclose([*grad_w, grad_b], 0, atol=1e-8)
    assert np.linalg.eigvalsh(logistic_hessian(fit.w, fit.b, X, y, alpha=alpha)).min() > 0


@pytest.mark.parametrize("alpha", [0.0, 1.0, 300.0])
def test_descent_ends_where_newton_does(alpha):
    X, y = overlapping_problem(0)
    newton = fit_logistic_newton(X, y, alpha=alpha)
    descent = fit_logistic_descent(X, y, alpha=alpha, tolerance=1e-9)
    assert newton.n_iterations < 10
    np.testing.assert_allclose(descent.w, newton.w, atol=1e-6)
    assert descent.b == pytest.approx(newton.b, abs=1e-6)


def test_the_loss_falls_in_every_epoch_of_descent():
    X, y = overlapping_problem(1)
    fit = fit_logistic_descent(X, y, alpha=0.1, tolerance=1e-5)
    assert fit.has_converged
    assert fit.losses[0] == pytest.approx(len(y) * np.log(2))
    assert fit.losses.size == fit.n_iterations + 1
    assert (np.diff(fit.losses) < 0).all()


def test_newton_never_climbs():
    """Two samples lie far out: the whole Newton step would raise the loss, and never recover."""
    X = [[0, 0], [846, 229], [-1, 0], [1, 0], [542, 56], [1, 0], [6, -2], [1, -7], [-2, -1]]
    fit = fit_logistic_newton(X, [0, 1, 1, 1, 0, 0, 0, 0, 0])
    assert fit.has_converged
    assert (np.diff(fit.losses) <= 1e-12).all()


def test_mini_batches_come_close_and_say_that_they_circle():
    X, y = overlapping_problem(2)
    best = fit_logistic_newton(X, y, alpha=1.0).losses[-1]
    with pytest.warns(ConvergenceWarning, match="fit_logistic_descent has not converged"):
        fit = fit_logistic_descent(
            X, y, alpha=1.0, batch_size=7, rng=np.random.default_rng(0), max_epochs=200
        )
    assert (fit.has_converged, fit.n_iterations) == (False, 200)
    assert best < fit.losses[-1] < best * 1.01


def test_an_epoch_of_mini_batches_is_a_chain_of_steps_on_its_parts():
    """Five samples by twos: parts of 2, 2, 1 in the order of rng, each with its part of alpha."""
    X, y = overlapping_problem(3, n=5)
    order = np.random.default_rng(9).permutation(5)
    w, b = np.zeros(3), 0.0
    for rows in (order[:2], order[2:4], order[4:]):
        share = 0.5 * rows.size / 5
        _, grad_w, grad_b = logistic_loss(w, b, X[rows], y[rows], alpha=share)
        w, b = w - 0.1 * grad_w, b - 0.1 * grad_b
    with pytest.warns(ConvergenceWarning):
        fit = fit_logistic_descent(
            X,
            y,
            alpha=0.5,
            learning_rate=0.1,
            batch_size=2,
            rng=np.random.default_rng(9),
            max_epochs=1,
        )
    np.testing.assert_allclose(fit.w, w, rtol=1e-12)
    assert fit.b == pytest.approx(b, rel=1e-12)


def test_a_rate_that_is_too_large_ends_in_oscillation_and_is_reported():
    X, y = overlapping_problem(1)
    with pytest.warns(ConvergenceWarning, match="fit_logistic_descent has not converged"):
        fit = fit_logistic_descent(X, y, learning_rate=10.0, max_epochs=100)
    assert not fit.has_converged
    assert (np.diff(fit.losses[50:]) > 0).any()


def test_samples_are_shuffled_again_in_each_epoch_and_by_the_generator_alone():
    X, y = overlapping_problem(4)

    def run(seed):
        with pytest.warns(ConvergenceWarning):
            return fit_logistic_descent(
                X, y, batch_size=7, rng=np.random.default_rng(seed), max_epochs=3
            ).w

    np.testing.assert_array_equal(run(0), run(0))
    assert (run(0) != run(1)).any()


@pytest.mark.parametrize("fit", FITS)
def test_separable_classes_have_no_fit_without_a_penalty_and_that_is_said(fit):
    X, y = [[-2.0], [-1.0], [1.0], [2.0]], [0, 0, 1, 1]
    with pytest.warns(ConvergenceWarning, match=r"a hyperplane separates the classes.*alpha > 0"):
        result = fit(X, y)
    assert (result.has_converged, result.is_separated) == (False, True)
    np.testing.assert_array_equal(y, result.predict(X))
    penalised = fit(X, y, alpha=1.0)
    assert (penalised.has_converged, penalised.is_separated) == (True, False)


def test_samples_of_both_classes_on_the_boundary_do_not_hide_that_the_rest_is_separated():
    """At x = 0 are both classes, so the loss stays above log 4, but w still grows for ever."""
    with pytest.warns(ConvergenceWarning, match="a hyperplane separates the classes"):
        fit = fit_logistic_newton([[-1.0], [0.0], [0.0], [1.0]], [0, 0, 1, 1])
    assert (fit.has_converged, fit.is_separated) == (False, True)


def test_a_category_of_one_class_only_is_separation():
    """The second feature is 1 in two positives only: its weight grows for ever."""
    X = np.array([[0, 0], [1, 0], [2, 0], [3, 0], [0.5, 1], [2.5, 1]])
    with pytest.warns(ConvergenceWarning, match="a hyperplane separates the classes"):
        fit = fit_logistic_newton(X, [0, 1, 0, 1, 1, 1])
    assert fit.is_separated


@settings(max_examples=20, deadline=None)
@given(seed=seeds)
def test_classes_that_overlap_are_never_called_separated(seed):
    X, y = overlapping_problem(seed, d=2)
    X, y = np.vstack([X, X]), np.append(y, 1 - y)  # each sample with both labels
    fit = fit_logistic_newton(X, y)
    assert (fit.has_converged, fit.is_separated) == (True, False)
    np.testing.assert_allclose(fit.w, 0, atol=1e-12)


def test_units_of_the_features_do_not_matter_to_newton():
    X, y = overlapping_problem(5)
    units = np.array([1e-6, 1.0, 1e6])
    fit, scaled = fit_logistic_newton(X, y), fit_logistic_newton(X * units, y)
    assert scaled.has_converged
    np.testing.assert_allclose(scaled.w * units, fit.w, rtol=1e-7)


def test_a_feature_that_is_twice_there_shares_its_weight():
    X, y = overlapping_problem(6, d=1)
    fit, twice = fit_logistic_newton(X, y), fit_logistic_newton(X[:, [0, 0]], y)
    assert twice.has_converged
    np.testing.assert_allclose(twice.w, np.repeat(fit.w / 2, 2), rtol=1e-9)


def test_a_feature_of_zeros_gets_no_weight():
    X, y = overlapping_problem(7)
    fit = fit_logistic_newton(np.column_stack([X, np.zeros(len(y))]), y)
    assert fit.has_converged
    assert fit.w[-1] == 0


def test_an_end_before_the_tolerance_is_reported():
    X, y = overlapping_problem(8)
    with pytest.warns(ConvergenceWarning, match="fit_logistic_newton .* after 1 iterations"):
        fit = fit_logistic_newton(X, y, max_iterations=1)
    assert (fit.has_converged, fit.is_separated, fit.n_iterations) == (False, False, 1)


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize(
    ("y", "options", "message"),
    [
        ([1, 1], {}, "y must hold both labels, 0 and 1, got only 1"),
        ([0, 2], {}, r"y must be labels in 0..1, got 0..2"),
        ([0, 1], {"alpha": -1}, "alpha must be at least 0"),
        ([0, 1], {"tolerance": 0}, "tolerance must be greater than 0"),
    ],
)
def test_what_cannot_be_fitted_is_refused(fit, y, options, message):
    with pytest.raises(ValueError, match=message):
        fit([[1.0], [2.0]], y, **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"learning_rate": 0.0}, "learning_rate must be greater than 0"),
        ({"learning_rate": 2.0, "alpha": 1.0}, "learning_rate must be less than 2, got 2"),
        ({"batch_size": 0, "rng": np.random.default_rng(0)}, "batch_size must be at least 1"),
        ({"batch_size": 1}, "rng must be given with batch_size"),
        ({"max_epochs": 0}, "max_epochs must be at least 1"),
    ],
)
def test_a_descent_that_makes_no_sense_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        fit_logistic_descent([[1.0], [2.0]], [0, 1], **options)


def test_newton_needs_an_iteration():
    with pytest.raises(ValueError, match="max_iterations must be at least 1"):
        fit_logistic_newton([[1.0], [2.0]], [0, 1], max_iterations=0)
