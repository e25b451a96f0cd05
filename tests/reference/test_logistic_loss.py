"""The loss of logistic regression: its value, its slopes, and the signs that a slide has wrong."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference import numdiff
from reference.linear_models.logistic_objective import logistic_hessian, logistic_loss
from tests.reference.worked import worked_example

seeds = st.integers(0, 2**32 - 1)
alphas = st.sampled_from([0.0, 0.3, 5.0])


def random_problem(seed, n=10, d=3):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(n, d)), rng.integers(0, 2, size=n)
    return rng.normal(size=d), float(rng.normal()), X, y


def slide_problem(y):
    """X = 3, W = 3 and no bias, as in the lecture's tables."""
    return np.array([3.0]), 0.0, np.array([[3.0]]), np.array([y])


def test_a_sample_by_hand():
    """w = log 3, x = 1, y = 1: p = 3/4."""
    loss, grad_w, grad_b = logistic_loss([np.log(3)], 0.0, [[1.0]], [1])
    assert loss == pytest.approx(np.log(4 / 3), rel=1e-15)
    np.testing.assert_allclose(grad_w, [-0.25], rtol=1e-14)
    assert grad_b == pytest.approx(-0.25, rel=1e-14)
    hessian = logistic_hessian([np.log(3)], 0.0, [[1.0]], [1])
    np.testing.assert_allclose(hessian, np.full((2, 2), 3 / 16), rtol=1e-14)


def test_the_penalty_is_half_alpha_on_the_weights_and_not_on_the_bias():
    plain = logistic_loss([2.0], 5.0, [[1.0]], [1])
    penalised = logistic_loss([2.0], 5.0, [[1.0]], [1], alpha=0.1)
    assert penalised[0] - plain[0] == pytest.approx(0.2)
    np.testing.assert_allclose(penalised[1] - plain[1], [0.2])
    assert penalised[2] == plain[2]
    difference = logistic_hessian([2.0], 5.0, [[1.0]], [1], alpha=0.1) - logistic_hessian(
        [2.0], 5.0, [[1.0]], [1]
    )
    np.testing.assert_allclose(difference, np.diag([0.1, 0.0]), atol=1e-15)


def test_the_slide_lost_a_minus_in_the_table_of_the_derivative():
    """For y = 1: dL/dW = -X (1 - p), negative; the slide's last line is positive."""
    derivative = logistic_loss(*slide_problem(1))[1][0]
    assert worked_example("dLA-formula") == pytest.approx(derivative, rel=1e-12)
    assert derivative < 0


def test_the_slide_lost_a_minus_in_the_part_of_class_zero():
    derivative = logistic_loss(*slide_problem(0))[1][0]
    assert worked_example("dLB-y0") == pytest.approx(derivative, rel=1e-12)
    assert derivative > 0


@settings(max_examples=30)
@given(seed=seeds)
def test_the_slide_has_minus_between_the_terms_of_the_derivative_where_plus_is_right(seed):
    """dL/dw is -X^T (y - p); with a minus in dL/dp both classes would push the same way."""
    w, b, X, y = random_problem(seed)
    p = 1 / (1 + np.exp(-(X @ w + b)))
    _, grad_w, _ = logistic_loss(w, b, X, y)
    grad_p = -y / p + (1 - y) / (1 - p)
    np.testing.assert_allclose(grad_w, -X.T @ (y - p), atol=1e-12)
    np.testing.assert_allclose(grad_w, X.T @ (grad_p * p * (1 - p)), atol=1e-12)
    if (y == 0).any():
        grad_p_of_slide = -y / p - (1 - y) / (1 - p)
        assert np.abs(grad_w - X.T @ (grad_p_of_slide * p * (1 - p))).max() > 1e-9


def test_the_step_of_the_modern_perceptron_descends_this_loss_and_not_the_squared_error():
    """The slide has X (y - p) as the step for sum (y - p)^2, which wants p (1 - p) in it."""
    w, b, X, y = random_problem(1)
    p = 1 / (1 + np.exp(-(X @ w + b)))
    step = X.T @ (y - p)
    np.testing.assert_allclose(-logistic_loss(w, b, X, y)[1], step, rtol=1e-12)
    slope = numdiff.gradient(lambda w: float(((y - 1 / (1 + np.exp(-(X @ w + b)))) ** 2).sum()), w)
    np.testing.assert_allclose(X.T @ (-2 * (y - p) * p * (1 - p)), slope, rtol=1e-8)
    cosine = -slope @ step / np.linalg.norm(slope) / np.linalg.norm(step)
    assert cosine < 0.99


def test_the_derivative_by_the_bias_is_the_sum_of_the_errors_and_not_one():
    """The slide's dL/dbeta_0 = 1 is that of h = beta_0 + beta_1 X."""
    w, b, X, y = random_problem(0)
    p = 1 / (1 + np.exp(-(X @ w + b)))
    assert logistic_loss(w, b, X, y)[2] == pytest.approx((p - y).sum(), rel=1e-12)


@settings(max_examples=15, deadline=None)
@given(seed=seeds, alpha=alphas)
def test_the_gradient_is_the_slope_of_the_loss_and_the_hessian_that_of_the_gradient(seed, alpha):
    w, b, X, y = random_problem(seed)
    beta = np.append(w, b)

    def gradient(beta):
        _, grad_w, grad_b = logistic_loss(beta[:-1], beta[-1], X, y, alpha=alpha)
        return np.append(grad_w, grad_b)

    slope = numdiff.gradient(lambda t: logistic_loss(t[:-1], t[-1], X, y, alpha=alpha)[0], beta)
    np.testing.assert_allclose(gradient(beta), slope, rtol=1e-8, atol=1e-9)
    hessian = logistic_hessian(w, b, X, y, alpha=alpha)
    direction = np.random.default_rng(seed).normal(size=4)
    slope = numdiff.gradient(lambda t: float(gradient(t) @ direction), beta)
    np.testing.assert_allclose(hessian @ direction, slope, rtol=1e-7, atol=1e-8)


@settings(max_examples=50)
@given(seed=seeds, alpha=alphas)
def test_the_hessian_is_symmetric_and_positive_semidefinite(seed, alpha):
    hessian = logistic_hessian(*random_problem(seed), alpha=alpha)
    np.testing.assert_allclose(hessian, hessian.T, rtol=1e-13, atol=1e-13)
    assert np.linalg.eigvalsh(hessian).min() >= -1e-13


@settings(max_examples=30)
@given(seed=seeds)
def test_the_loss_is_a_sum_over_samples(seed):
    w, b, X, y = random_problem(seed)
    one_by_one = sum(logistic_loss(w, b, X[[i]], y[[i]])[0] for i in range(len(X)))
    assert logistic_loss(w, b, X, y)[0] == pytest.approx(one_by_one, rel=1e-13)


def test_a_hopeless_sample_has_a_finite_loss_and_a_sure_one_keeps_its_digits():
    loss, grad_w, _ = logistic_loss([800.0], 0.0, [[1.0], [-1.0]], [0, 1])
    assert loss == 1600
    np.testing.assert_array_equal([2], grad_w)
    _, grad_w, _ = logistic_loss([40.0], 0.0, [[1.0]], [1])
    np.testing.assert_allclose(grad_w, [-np.exp(-40.0)], rtol=1e-14)


@pytest.mark.parametrize("function", [logistic_loss, logistic_hessian])
@pytest.mark.parametrize(
    ("w", "b", "X", "y", "alpha", "message"),
    [
        ([1.0], 0.0, [[1.0]], [2], 0.0, r"y must be labels in 0..1, got 2..2"),
        ([1.0], 0.0, [[1.0]], [-1], 0.0, r"y must be labels in 0..1, got -1..-1"),
        ([1.0], 0.0, [[1.0]], [0.5], 0.0, r"y must be integer labels, got dtype float64"),
        ([1.0], 0.0, [[1.0]], [1, 0], 0.0, r"y must be a vector of shape \(1,\)"),
        ([1.0], 0.0, np.zeros((0, 1)), [], 0.0, r"X must be a matrix.*\(empty\)"),
        ([1.0], 0.0, [[np.nan]], [1], 0.0, r"X must be finite"),
        ([1.0, 2.0], 0.0, [[1.0]], [1], 0.0, r"w must be a vector of shape \(1,\)"),
        ([1.0], np.inf, [[1.0]], [1], 0.0, r"b must be finite"),
        ([1.0], 0.0, [[1.0]], [1], -1.0, r"alpha must be at least 0, got -1"),
    ],
)
def test_what_is_no_logistic_regression_is_refused(function, w, b, X, y, alpha, message):
    with pytest.raises(ValueError, match=message):
        function(w, b, X, y, alpha=alpha)
