"""Adaline: one step of the lecture, the sign of that step, and its limit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference import numdiff
from reference.convergence import ConvergenceWarning
from reference.linear_models.adaline import adaline_loss, fit_adaline, widrow_hoff_step
from reference.linear_models.least_squares import fit_least_squares
from tests.reference.worked import worked_example

seeds = st.integers(0, 2**32 - 1)


def random_problem(seed, n=12, d=3, k=2):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(n, d)), rng.normal(size=(n, k))
    return X, y, rng.normal(size=(d, k)), rng.normal(size=k)


def lecture_step():
    """One sample; the bias stands first in the lecture's w."""
    example = worked_example("adaline-step")
    b, *w = example["w0"]
    return np.array([example["x"]]), np.array([example["y"]]), np.array(w), b, example


def test_a_step_of_the_lecture():
    X, y, w, b, example = lecture_step()
    assert example["yhat"] == pytest.approx((X @ w + b)[0], abs=1e-15)
    new_w, new_b = widrow_hoff_step(w, b, X, y, example["eta"])
    np.testing.assert_allclose([new_b, *new_w], example["w1"], rtol=1e-12)


def test_the_slide_lost_the_minus_of_the_descent():
    """W + eta grad J climbs. Widrow-Hoff is W - eta/2 grad J, and descends."""
    X, y, w, b, example = lecture_step()
    loss, grad_w, grad_b = adaline_loss(w, b, X, y)
    eta = example["eta"]
    np.testing.assert_allclose(
        example["w1"], [b - eta / 2 * grad_b, *(w - eta / 2 * grad_w)], rtol=1e-12
    )
    assert adaline_loss(w + eta * grad_w, b + eta * grad_b, X, y)[0] > loss
    assert adaline_loss(example["w1"][1:], example["w1"][0], X, y)[0] < loss


@settings(max_examples=15, deadline=None)
@given(seed=seeds)
def test_the_gradient_is_the_slope_of_the_loss(seed):
    X, y, w, b = random_problem(seed)
    _, grad_w, grad_b = adaline_loss(w, b, X, y)
    slope_w = numdiff.gradient(lambda w: adaline_loss(w, b, X, y)[0], w)
    slope_b = numdiff.gradient(lambda b: adaline_loss(w, b, X, y)[0], b)
    np.testing.assert_allclose(grad_w, slope_w, rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(grad_b, slope_b, rtol=1e-8, atol=1e-9)


@settings(max_examples=30)
@given(seed=seeds)
def test_the_step_of_a_batch_is_the_sum_of_those_of_its_samples(seed):
    X, y, w, b = random_problem(seed)
    new_w, new_b = widrow_hoff_step(w, b, X, y, 0.1)
    steps = [widrow_hoff_step(w, b, X[[i]], y[[i]], 0.1) for i in range(len(X))]
    np.testing.assert_allclose(new_w - w, sum(step - w for step, _ in steps), atol=1e-12)
    np.testing.assert_allclose(new_b - b, sum(step - b for _, step in steps), atol=1e-12)


@settings(max_examples=30)
@given(seed=seeds)
def test_each_output_is_a_unit_of_its_own(seed):
    X, y, w, b = random_problem(seed)
    new_w, new_b = widrow_hoff_step(w, b, X, y, 0.1)
    for output in range(2):
        alone = widrow_hoff_step(w[:, output], b[output], X, y[:, output], 0.1)
        np.testing.assert_allclose(alone[0], new_w[:, output], rtol=1e-12, atol=1e-14)
        assert alone[1] == pytest.approx(np.asarray(new_b)[output], rel=1e-12, abs=1e-14)


@settings(max_examples=10, deadline=None)
@given(seed=seeds)
def test_the_limit_is_least_squares(seed):
    X, y, *_ = random_problem(seed, n=30)
    fit, limit = fit_adaline(X, y), fit_least_squares(X, y)
    assert fit.has_converged
    np.testing.assert_allclose(fit.w, limit.w, rtol=0, atol=1e-10)
    np.testing.assert_allclose(fit.b, limit.b, rtol=0, atol=1e-10)
    assert fit.losses[-1] == pytest.approx(limit.loss, rel=1e-12)


def test_the_loss_of_a_batch_falls_in_every_epoch():
    X, y, *_ = random_problem(0, n=30)
    fit = fit_adaline(X, y, tolerance=1e-4)
    assert len(fit.losses) == fit.n_iterations + 1
    assert fit.losses[0] == pytest.approx((y**2).sum())
    assert (np.diff(fit.losses) < 0).all()


def test_sample_by_sample_an_exact_relation_is_found():
    X, _, w, b = random_problem(1, n=30)
    fit = fit_adaline(X, X @ w + b, mode="sample")
    assert fit.has_converged
    np.testing.assert_allclose(fit.w, w, atol=1e-10)
    np.testing.assert_allclose(fit.b, b, atol=1e-10)


def test_an_epoch_sample_by_sample_is_a_chain_of_single_steps():
    X, y, w, b = random_problem(2)
    w, b = np.zeros_like(w), np.zeros_like(b)
    for i in range(len(X)):
        w, b = widrow_hoff_step(w, b, X[[i]], y[[i]], 0.05)
    with pytest.warns(ConvergenceWarning):
        fit = fit_adaline(X, y, mode="sample", learning_rate=0.05, max_epochs=1)
    np.testing.assert_allclose(fit.w, w, rtol=1e-13)
    np.testing.assert_allclose(fit.b, b, rtol=1e-13)


def test_sample_by_sample_noise_is_circled_and_that_is_reported():
    X, y, *_ = random_problem(3)
    with pytest.warns(ConvergenceWarning, match="fit_adaline has not converged: after 50"):
        fit = fit_adaline(X, y, mode="sample", max_epochs=50)
    assert not fit.has_converged
    limit = fit_least_squares(X, y)
    assert 1e-6 < np.abs(fit.w - limit.w).max() < 0.5


def test_a_rate_that_is_too_large_diverges_and_is_reported():
    X, y, *_ = random_problem(4)
    top = float(np.linalg.norm(np.column_stack([X, np.ones(12)]), ord=2)) ** 2
    assert fit_adaline(X, y, learning_rate=1.9 / top).has_converged
    with pytest.warns(ConvergenceWarning, match="is inf"):
        fit = fit_adaline(X, y, learning_rate=2.1 / top, max_epochs=100_000)
    assert not fit.has_converged
    assert np.isfinite(fit.w).all()
    assert np.isfinite(fit.losses).all()


def test_sample_by_sample_too_a_rate_can_be_too_large():
    X, y, *_ = random_problem(6)
    with pytest.warns(ConvergenceWarning, match="is inf"):
        fit = fit_adaline(X, y, mode="sample", learning_rate=10.0)
    assert not fit.has_converged
    np.testing.assert_allclose(((y - fit.predict(X)) ** 2).sum(), fit.losses[-1], rtol=1e-12)


def test_targets_of_zero_are_met_at_once():
    fit = fit_adaline([[1.0], [2.0]], [0, 0])
    assert (fit.n_iterations, fit.has_converged) == (0, True)


def test_a_step_changes_nothing_in_place():
    X, y, w, b = random_problem(5)
    before = [one.copy() for one in (X, y, w, b)]
    widrow_hoff_step(w, b, X, y, 0.1)
    for one, copy in zip((X, y, w, b), before, strict=True):
        np.testing.assert_array_equal(copy, one)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"learning_rate": 0.0}, "learning_rate must be greater than 0, got 0"),
        ({"tolerance": 0.0}, "tolerance must be greater than 0"),
        ({"max_epochs": 0}, "max_epochs must be at least 1"),
        ({"mode": "online"}, "mode must be one of batch, sample, got 'online'"),
    ],
)
def test_unknown_options_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        fit_adaline([[1.0], [2.0]], [1, 2], **options)


@pytest.mark.parametrize(
    ("w", "b", "X", "y", "message"),
    [
        ([1.0, 2.0], 0.0, [[1.0]], [1.0], r"w must be a vector of shape \(1,\), got shape \(2,\)"),
        ([1.0], [0.0], [[1.0]], [1.0], r"b must be a number of shape \(\), got shape \(1,\)"),
        ([1.0], 0.0, [[np.nan]], [1.0], "X must be finite"),
        ([1.0], 0.0, [[1.0]], [1.0, 2.0], r"y must have shape \(1,\) or \(1, n_outputs\)"),
        ([1.0], 0.0, np.zeros((0, 1)), [], r"X must be a matrix .*\(empty\)"),
    ],
)
def test_shapes_that_do_not_fit_are_refused(w, b, X, y, message):
    with pytest.raises(ValueError, match=message):
        adaline_loss(w, b, X, y)
    with pytest.raises(ValueError, match=message):
        widrow_hoff_step(w, b, X, y, 0.1)
