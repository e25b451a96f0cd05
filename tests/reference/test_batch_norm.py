"""Batch normalisation: by hand, its gradients, what it does not see, and prediction."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference import numdiff
from reference.layers.batch_norm import (
    RunningMoments,
    batch_norm_backward,
    batch_norm_forward,
    batch_norm_predict,
    update_running_moments,
)

seeds = st.integers(0, 2**32 - 1)


def random_batch(seed, n_samples=4, n_features=3):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n_samples, n_features))
    return X, rng.normal(size=n_features), rng.normal(size=n_features), rng


def test_batch_norm_by_hand():
    """1, 3: mean 2, biased variance 1; with eps = 3 the divisor is 2."""
    out, _ = batch_norm_forward([[1.0], [3.0]], [4.0], [10.0], eps=3.0)
    np.testing.assert_array_equal([[8], [12]], out)


@given(seed=seeds)
def test_features_get_mean_beta_and_deviation_gamma(seed):
    X, gamma, beta, _ = random_batch(seed)
    out, _ = batch_norm_forward(X, gamma, beta, eps=1e-12)
    np.testing.assert_allclose(out.mean(axis=0), beta, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(out.std(axis=0), np.abs(gamma), rtol=1e-5)


@given(seed=seeds)
def test_shift_and_scale_of_a_feature_are_not_seen(seed):
    X, gamma, beta, _ = random_batch(seed)
    out, _ = batch_norm_forward(X, gamma, beta, eps=1e-12)
    moved, _ = batch_norm_forward(3 * X + 5, gamma, beta, eps=9e-12)
    np.testing.assert_allclose(moved, out, rtol=1e-9, atol=1e-9)


@given(seed=seeds)
@settings(max_examples=10, deadline=None)
def test_every_gradient_is_the_slope_of_the_output(seed):
    X, gamma, beta, rng = random_batch(seed)
    grad_out = rng.normal(size=X.shape)
    arguments = [X, gamma, beta]
    _, cache = batch_norm_forward(*arguments, eps=0.1)
    for position, gradient in enumerate(batch_norm_backward(grad_out, cache)):

        def scalar(moved, position=position):
            replaced = [*arguments[:position], moved, *arguments[position + 1 :]]
            return (batch_norm_forward(*replaced, eps=0.1)[0] * grad_out).sum()

        slope = numdiff.gradient(scalar, arguments[position])
        np.testing.assert_allclose(gradient, slope, rtol=1e-7, atol=1e-9)


def test_no_gradient_moves_the_mean_of_a_feature():
    X, gamma, beta, rng = random_batch(0)
    _, cache = batch_norm_forward(X, gamma, beta)
    grad_X, _, _ = batch_norm_backward(rng.normal(size=X.shape), cache)
    np.testing.assert_allclose(grad_X.sum(axis=0), np.zeros(3), atol=1e-14)


def test_a_constant_feature_becomes_beta():
    out, cache = batch_norm_forward([[7.0], [7.0]], [2.0], [0.5])
    np.testing.assert_array_equal([[0.5], [0.5]], out)
    assert np.isfinite(batch_norm_backward([[1.0], [-1.0]], cache)[0]).all()


def test_running_moments_by_hand():
    """Batches 1, 3 (mean 2, unbiased variance 2) and 0, 4 (mean 2, variance 8)."""
    moments = update_running_moments(None, [[1.0], [3.0]])
    assert (moments.mean[0], moments.variance[0]) == (2, 2)
    moments = update_running_moments(moments, [[0.0], [4.0]], momentum=0.75)
    assert (moments.mean[0], moments.variance[0]) == (2, 0.75 * 2 + 0.25 * 8)


def test_running_moments_without_momentum_are_those_of_the_batch():
    old = RunningMoments(np.array([100.0]), np.array([50.0]))
    assert update_running_moments(old, [[1.0], [3.0]], momentum=0).variance[0] == 2


def test_prediction_does_not_depend_on_the_other_samples():
    X, gamma, beta, _ = random_batch(3)
    moments = RunningMoments(np.array([0.1, 0.2, 0.3]), np.array([1.0, 4.0, 0.0]))
    together = batch_norm_predict(X, gamma, beta, moments)
    for row, alone in zip(X, together, strict=True):
        np.testing.assert_array_equal(
            alone[np.newaxis], batch_norm_predict([row], gamma, beta, moments)
        )


def test_prediction_with_the_moments_of_a_batch_is_training_on_it():
    X, gamma, beta, _ = random_batch(4)
    moments = RunningMoments(X.mean(axis=0), X.var(axis=0))
    np.testing.assert_allclose(
        batch_norm_predict(X, gamma, beta, moments),
        batch_norm_forward(X, gamma, beta)[0],
        rtol=1e-12,
        atol=1e-14,
    )


def test_single_precision_stays_so():
    X = np.array([[800, 1], [-800, 1]], dtype=np.float32)
    ones = np.ones(2, dtype=np.float32)
    out, cache = batch_norm_forward(X, ones, ones)
    moments = update_running_moments(update_running_moments(None, X), X)
    predicted = batch_norm_predict(X, ones, ones, moments)
    arrays = (out, *batch_norm_backward(X, cache), moments.mean, moments.variance, predicted)
    assert {np.dtype(np.float32)} == {array.dtype for array in arrays}


MOMENTS = RunningMoments(np.zeros(2), np.ones(2))
PAIR = np.ones(2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: batch_norm_forward([[1.0, 2.0]], PAIR, PAIR), "X must have two samples or more"),
        (lambda: batch_norm_forward([1.0, 2.0], PAIR, PAIR), "X must be a matrix"),
        (lambda: batch_norm_forward(np.eye(2), [1.0], PAIR), "gamma must be a vector"),
        (lambda: batch_norm_forward(np.eye(2), PAIR, [1.0]), "beta must be a vector"),
        (lambda: batch_norm_forward(np.eye(2), PAIR, PAIR, eps=0), "eps must be greater than 0"),
        (lambda: update_running_moments(None, [[1.0]]), "X must have two samples or more"),
        (
            lambda: update_running_moments(MOMENTS, np.ones((2, 3))),
            r"moments.mean must be a vector of shape \(3,\)",
        ),
        (
            lambda: update_running_moments(MOMENTS, np.eye(2), momentum=1),
            "momentum must be less than 1, got 1",
        ),
        (
            lambda: batch_norm_predict(np.eye(2), PAIR, PAIR, RunningMoments(PAIR, -PAIR)),
            "moments.variance must be at least 0, got -1",
        ),
        (lambda: batch_norm_predict(np.eye(3), PAIR, PAIR, MOMENTS), "gamma must be a vector"),
        (lambda: batch_norm_predict(np.eye(2), PAIR, PAIR, MOMENTS, eps=-1), "eps must be greater"),
        (
            lambda: batch_norm_backward(np.eye(3), batch_norm_forward(np.eye(2), PAIR, PAIR)[1]),
            r"grad_out must be a matrix of shape \(2, 2\)",
        ),
    ],
)
def test_what_does_not_fit_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
