"""Norm penalties: the steps by hand, their gradients, and the densities they are logarithms of."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference import numdiff
from reference.optimizers.descent import gradient_descent
from reference.optimizers.momentum import SGD
from reference.regularization.penalties import (
    gaussian_negative_log_prior,
    l1_penalty,
    l2_penalty,
    laplace_negative_log_prior,
    weight_decay_step,
)
from tests.reference.worked import worked_example

PENALTIES = [l1_penalty, l2_penalty, gaussian_negative_log_prior, laplace_negative_log_prior]
every_penalty = pytest.mark.parametrize("penalty", PENALTIES)
seeds = st.integers(0, 2**32 - 1)


def test_a_step_with_an_l2_penalty_by_hand():
    """w = 2, gradient 1/2, learning rate 0.1, alpha = 0.3: the weight shrinks to 0.97 of it."""
    expected = worked_example("l2-step")
    step = weight_decay_step([2.0], [0.5], learning_rate=0.1, alpha=0.3)
    np.testing.assert_allclose(step, expected["w"], rtol=1e-12)
    shrunk = weight_decay_step([2.0], [0.0], learning_rate=0.1, alpha=0.3)
    np.testing.assert_allclose(shrunk, 2 * expected["factor"], rtol=1e-12)


def test_a_step_with_an_l1_penalty_by_hand_where_the_slide_has_a_half_too_many():
    expected = worked_example("l1-step")

    def step(**options):
        return 2.0 - 0.1 * (0.5 + float(l1_penalty([2.0], 0.3, **options)[1][0]))

    assert expected["usual"] == pytest.approx(step(), rel=1e-12)
    assert expected["slide_half"] == pytest.approx(step(half=True), rel=1e-12)


def test_penalties_by_hand():
    W = [[3.0, -4.0], [0.0, 1.0]]
    value, gradient = l2_penalty(W, 0.5)
    assert 0.25 * 26 == value
    np.testing.assert_array_equal([[1.5, -2.0], [0.0, 0.5]], gradient)
    value, gradient = l1_penalty(W, 0.5)
    assert 0.5 * 8 == value
    np.testing.assert_array_equal([[0.5, -0.5], [0.0, 0.5]], gradient)
    value, gradient = l1_penalty(W, 0.5, half=True, at_zero=-1.0)
    assert 0.25 * 8 == value
    np.testing.assert_array_equal([[0.25, -0.25], [-0.25, 0.25]], gradient)


@every_penalty
@given(seed=seeds, alpha=st.floats(1e-3, 1e3))
@settings(max_examples=20, deadline=None)
def test_the_gradient_is_the_slope(penalty, seed, alpha):
    W = np.random.default_rng(seed).normal(size=(2, 3))
    expected = numdiff.gradient(lambda moved: penalty(moved, alpha)[0], W)
    np.testing.assert_allclose(penalty(W, alpha)[1], expected, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("at_zero", [-1.0, 0.0, 0.3, 1.0])
def test_what_stands_for_the_slope_of_l1_at_0_is_a_subgradient(at_zero):
    """|w| lies above the line through the origin with that slope."""
    slope = float(l1_penalty(np.zeros(1), 1.0, at_zero=at_zero)[1][0])
    assert at_zero == slope
    w = np.linspace(-2, 2, 9)
    assert (np.abs(w) >= slope * w).all()


@pytest.mark.parametrize("alpha", [0.25, 1.0, 40.0])
@pytest.mark.parametrize(
    ("prior", "variance"),
    [
        (gaussian_negative_log_prior, lambda alpha: 1 / alpha),
        (laplace_negative_log_prior, lambda alpha: 2 / alpha**2),
    ],
)
def test_a_prior_is_a_density_with_its_constants_and_the_variance_it_promises(
    prior, variance, alpha
):
    spacing = math.sqrt(variance(alpha)) / 100
    w = spacing * (np.arange(3000) + 0.5)  # on one side of 0, where the Laplacian has a kink
    density = np.exp([-prior(one, alpha)[0] for one in w])
    assert 1 == pytest.approx(2 * spacing * density.sum(), rel=1e-4)
    assert variance(alpha) == pytest.approx(2 * spacing * (w * w * density).sum(), rel=1e-4)


def test_priors_are_independent_over_the_weights(rng):
    W = rng.normal(size=(2, 3))
    for prior in (gaussian_negative_log_prior, laplace_negative_log_prior):
        assert prior(W, 1.7)[0] == pytest.approx(sum(prior(w, 1.7)[0] for w in W.ravel()))


def test_the_penalty_is_the_prior_without_its_constant(rng):
    W, V = rng.normal(size=(2, 4))
    for penalty, prior in (
        (l2_penalty, gaussian_negative_log_prior),
        (l1_penalty, laplace_negative_log_prior),
    ):
        difference = prior(W, 0.7)[0] - prior(V, 0.7)[0]
        assert penalty(W, 0.7)[0] - penalty(V, 0.7)[0] == pytest.approx(difference)


def test_the_most_probable_weights_are_those_of_ridge_regression(rng):
    """Noise of variance 1, prior of variance 1/alpha: w = (X^T X + alpha I)^-1 X^T y."""
    X, y, alpha = rng.normal(size=(20, 3)), rng.normal(size=20), 2.5

    def negative_log_posterior(w):
        prior, grad_prior = gaussian_negative_log_prior(w, alpha)
        error = X @ w - y
        return 0.5 * float(error @ error) + prior, X.T @ error + grad_prior

    result = gradient_descent(negative_log_posterior, np.zeros(3), SGD(0.01), max_iterations=5000)
    expected = np.linalg.solve(X.T @ X + alpha * np.eye(3), X.T @ y)
    np.testing.assert_allclose(result.x, expected, atol=1e-6)


def test_l1_makes_weights_vanish_that_l2_only_shrinks():
    """1/2 |w - (3, 0.2)|^2 with alpha = 1/2: the small weight goes to 0 with L1 only."""
    target = np.array([3.0, 0.2])

    def weights(penalty):
        w = target
        for k in range(2000):
            w = w - 0.5 / (1 + 0.1 * k) * (w - target + penalty(w, 0.5)[1])
        return w

    np.testing.assert_allclose(weights(l1_penalty), [2.5, 0.0], atol=2e-3)
    np.testing.assert_allclose(weights(l2_penalty), target / 1.5, atol=2e-3)


@given(seed=seeds)
def test_decay_beside_the_step_is_the_penalty_within_it(seed):
    """Decoupled = coupled, for plain gradient descent."""
    W, grad_W = np.random.default_rng(seed).normal(size=(2, 3, 2))
    coupled = W - 0.1 * (grad_W + l2_penalty(W, 0.7)[1])
    decoupled = weight_decay_step(W, grad_W, learning_rate=0.1, alpha=0.7)
    np.testing.assert_allclose(decoupled, coupled, rtol=1e-12, atol=1e-14)
    optimizer = SGD(0.1, weight_decay=0.7)
    np.testing.assert_allclose(optimizer.step(W, grad_W), coupled, rtol=1e-12, atol=1e-14)


@every_penalty
def test_float32_stays_float32(penalty):
    assert penalty(np.ones(2, dtype=np.float32), 0.1)[1].dtype == np.float32


@every_penalty
@pytest.mark.parametrize(
    ("W", "alpha", "message"),
    [
        ([1.0, math.nan], 1.0, "W must be finite, got 1 NaN"),
        ([1.0], -0.1, "alpha must be "),
        ([1.0], math.inf, "alpha must be finite"),
    ],
)
def test_bad_input_is_refused(penalty, W, alpha, message):
    with pytest.raises(ValueError, match=message):
        penalty(W, alpha)


@pytest.mark.parametrize("prior", [gaussian_negative_log_prior, laplace_negative_log_prior])
def test_a_prior_without_a_density_is_refused(prior):
    with pytest.raises(ValueError, match="alpha must be greater than 0, got 0"):
        prior([1.0], 0.0)


@pytest.mark.parametrize("at_zero", [-1.1, 1.1])
def test_a_slope_that_is_no_subgradient_is_refused(at_zero):
    with pytest.raises(ValueError, match="at_zero must be at"):
        l1_penalty([0.0], 1.0, at_zero=at_zero)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"grad_W": [1.0, 2.0]}, r"grad_W must be a vector of shape \(1,\)"),
        ({"learning_rate": 0.0}, "learning_rate must be greater than 0"),
        ({"alpha": -1.0}, "alpha must be at least 0"),
    ],
)
def test_a_step_that_does_not_fit_is_refused(changed, message):
    arguments = {"W": [1.0], "grad_W": [1.0], "learning_rate": 0.1, "alpha": 0.1}
    with pytest.raises(ValueError, match=message):
        weight_decay_step(**(arguments | changed))
