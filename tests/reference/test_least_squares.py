"""Least squares: the minimum, whatever the rank, and to how many digits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.linear_models.least_squares import fit_least_squares, solve_normal_equations

seeds = st.integers(0, 2**32 - 1)


def random_problem(seed, n=8, d=3):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, d)), rng.normal(size=(n, 2)), rng


def almost_dependent(eps):
    """Laeuchli's matrix: its two columns differ by eps, its condition number is sqrt(2) / eps."""
    return np.array([[1.0, 1.0], [eps, 0.0], [0.0, eps]])


def test_a_line_through_three_points_by_hand():
    """(0, 1), (1, 2), (2, 6): slope 5/2, and the mean (1, 3) is on the line."""
    fit = fit_least_squares([[0], [1], [2]], [1, 2, 6])
    np.testing.assert_allclose(fit.w, [2.5], rtol=1e-15)
    assert fit.b == pytest.approx(0.5, rel=1e-14)
    assert fit.loss == pytest.approx(1.5, rel=1e-14)  # errors 1/2, -1, 1/2
    assert (fit.rank, fit.is_unique) == (1, True)
    np.testing.assert_allclose(fit.predict([[4]]), [10.5], rtol=1e-14)


def test_without_a_bias_the_line_goes_through_the_origin():
    fit = fit_least_squares([[0], [1], [2]], [1, 2, 6], has_bias=False)
    np.testing.assert_allclose(fit.w, [14 / 5], rtol=1e-15)
    assert fit.b == 0


@settings(max_examples=30)
@given(seed=seeds)
def test_the_errors_are_orthogonal_to_every_feature_and_have_mean_zero(seed):
    X, y, _ = random_problem(seed)
    errors = y - fit_least_squares(X, y).predict(X)
    np.testing.assert_allclose(X.T @ errors, 0, atol=1e-12)
    np.testing.assert_allclose(errors.mean(axis=0), 0, atol=1e-13)


@settings(max_examples=30)
@given(seed=seeds)
def test_no_other_weights_fit_better(seed):
    X, y, rng = random_problem(seed)
    fit = fit_least_squares(X, y)
    other = y - X @ (fit.w + rng.normal(size=fit.w.shape)) - fit.b - rng.normal(size=2)
    assert fit.loss < (other**2).sum()


def test_each_output_is_fitted_by_itself():
    X, y, _ = random_problem(0)
    both = fit_least_squares(X, y)
    for output in range(2):
        alone = fit_least_squares(X, y[:, output])
        np.testing.assert_allclose(alone.w, both.w[:, output], rtol=1e-13)
        np.testing.assert_allclose(alone.b, np.asarray(both.b)[output], rtol=1e-13)


def test_a_feature_that_is_twice_there_shares_its_weight_and_is_reported():
    X, y, _ = random_problem(1)
    once = fit_least_squares(X[:, :1], y)
    twice = fit_least_squares(X[:, [0, 0]], y)
    assert (twice.rank, twice.is_unique) == (1, False)
    np.testing.assert_allclose(twice.w, np.vstack([once.w / 2, once.w / 2]), rtol=1e-13)
    assert twice.loss == pytest.approx(once.loss, rel=1e-13)


def test_fewer_samples_than_features_leave_no_error_and_no_single_answer():
    X, y, _ = random_problem(2, n=3, d=5)
    fit = fit_least_squares(X, y)
    assert (fit.rank, fit.is_unique) == (2, False)  # three samples, centred
    assert fit.loss < 1e-24
    null = np.linalg.svd(X - X.mean(axis=0))[2][2:]
    np.testing.assert_allclose(null @ fit.w, 0, atol=1e-13)  # nothing that would only lengthen w


def test_a_constant_feature_is_the_bias_once_more():
    X, y, _ = random_problem(3)
    assert not fit_least_squares(np.column_stack([X, np.full(8, 0.1)]), y).is_unique


def test_the_normal_equations_have_the_same_solution():
    X, y, _ = random_problem(4)
    expected = fit_least_squares(X, y, has_bias=False).w
    np.testing.assert_allclose(solve_normal_equations(X, y), expected, rtol=1e-12)


def test_the_normal_equations_lose_twice_as_many_digits():
    """Singular values 1 and 1e-6: of 16 digits six are lost, or twelve."""
    left, _, right = np.linalg.svd(random_problem(5)[0][:, :2], full_matrices=False)
    X = left * [1, 1e-6] @ right
    y = X @ [1.0, 2.0]
    assert np.abs(fit_least_squares(X, y, has_bias=False).w - [1, 2]).max() < 1e-9
    assert 1e-6 < np.abs(solve_normal_equations(X, y) - [1, 2]).max() < 1e-2


def test_the_normal_equations_say_that_they_cannot_where_least_squares_still_can():
    X = almost_dependent(1e-9)
    fit = fit_least_squares(X, X @ [1.0, 2.0], has_bias=False)
    np.testing.assert_allclose(fit.w, [1, 2], rtol=1e-6)
    with pytest.raises(ValueError, match=r"X must have linearly independent .* rank 1 of 2 in X"):
        solve_normal_equations(X, [3, 0, 0])


def test_single_precision_stays():
    X, y, _ = random_problem(5)
    fit = fit_least_squares(X.astype(np.float32), y.astype(np.float32))
    assert fit.w.dtype == np.float32
    assert fit.predict(X.astype(np.float32)).dtype == np.float32


@pytest.mark.parametrize("fit", [fit_least_squares, solve_normal_equations])
@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        (np.zeros((0, 2)), [], r"X must be a matrix of shape \(n_samples, n_features\).*empty"),
        ([1.0, 2.0], [1, 2], r"X must be a matrix"),
        ([[np.nan]], [1], r"X must be finite, got 1 NaN"),
        ([[1.0], [2.0]], [1], r"y must have shape \(2,\) or \(2, n_outputs\).*got shape \(1,\)"),
        ([[1.0]], [[[1]]], r"y must have shape \(1,\)"),
        ([[1.0]], np.zeros((1, 0)), r"y must have shape \(1,\)"),
        ([[1.0]], [np.inf], r"y must be finite"),
    ],
)
def test_what_is_no_regression_is_refused(fit, X, y, message):
    with pytest.raises(ValueError, match=message):
        fit(X, y)


def test_a_fit_takes_no_sample_of_another_width():
    fit = fit_least_squares([[0], [1], [2]], [1, 2, 6])
    with pytest.raises(ValueError, match=r"X must be a matrix of shape \(n_samples, 1\)"):
        fit.predict([[1, 2]])
