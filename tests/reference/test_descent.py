"""Gradient descent: batch, mini-batch and incremental; rates that converge, hop and diverge."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.convergence import ConvergenceWarning
from reference.optimizers.adaptive import Adam
from reference.optimizers.descent import gradient_descent, minibatch_descent, minibatches
from reference.optimizers.momentum import SGD
from reference.schedules import BoldDriver, inverse_time_decay
from tests.reference.worked import worked_example

seeds = st.integers(0, 2**32 - 1)


def square(w):
    """w^2, whose second derivative is 2: rates below 2/2 = 1 converge."""
    return float((w * w).sum()), 2 * w


def least_squares(w, X, y):
    """The mean over the batch of half the squared error."""
    error = X @ w - y
    return float(0.5 * (error**2).mean()), X.T @ error / len(y)


def linear_data(rng, n_samples=60):
    X = rng.normal(size=(n_samples, 3))
    return X, X @ np.array([1.0, -2.0, 0.5])


def walk(learning_rate, n_steps):
    """The places that descent on w^2 visits from 1."""
    places = []
    for n in range(1, n_steps + 1):
        result = gradient_descent(
            square, 1.0, SGD(learning_rate), gradient_tolerance=None, max_iterations=n
        )
        places.append(float(result.x))
    return [1.0, *places]


def test_a_rate_below_2_over_the_curvature_converges():
    expected = worked_example("gd-quadratic")["eta01"]
    assert expected == pytest.approx(walk(0.1, 3), rel=1e-12)
    result = gradient_descent(square, [1.0], SGD(0.1))
    assert result.has_converged
    assert result.reason == "the gradient is below its tolerance"
    assert abs(result.x[0]) <= 0.5e-6
    np.testing.assert_allclose(result.losses, 0.64 ** np.arange(result.n_iterations + 1), rtol=1e-9)


def test_a_rate_of_2_over_the_curvature_hops_from_side_to_side():
    assert worked_example("gd-quadratic")["eta1"] == walk(1.0, 3)
    with pytest.warns(ConvergenceWarning, match="after 50 iterations the largest entry .* is 2,"):
        result = gradient_descent(square, [1.0], SGD(1.0), max_iterations=50)
    assert (result.has_converged, result.has_diverged) == (False, False)
    np.testing.assert_array_equal(np.ones(51), result.losses)


def test_a_rate_above_2_over_the_curvature_diverges():
    with pytest.warns(ConvergenceWarning, match="lower the learning rate"):
        places = walk(1.1, 3)
    assert worked_example("gd-quadratic")["eta11"] == pytest.approx(places, rel=1e-12)
    with pytest.warns(ConvergenceWarning, match="diverges: after 3 iterations the loss rose from"):
        result = gradient_descent(square, [1.0], SGD(1.1), max_iterations=3)
    assert (result.has_converged, result.has_diverged) == (False, True)


@pytest.mark.parametrize("learning_rate", [1.1, 50.0, 1e200])
def test_an_overflow_ends_the_descent_with_the_last_finite_place_and_no_other_warning(
    learning_rate,
):
    with pytest.warns(ConvergenceWarning, match="lower the learning rate") as caught:
        result = gradient_descent(square, [1.0], SGD(learning_rate), max_iterations=10_000)
    assert len(caught) == 1
    assert result.has_diverged
    assert math.isinf(result.losses[-1])
    assert result.loss == square(result.x)[0] == result.losses[-2]
    assert result.n_iterations == len(result.losses) - 1 < 10_000


@given(seed=seeds, batch_size=st.integers(1, 12), n_samples=st.integers(1, 40))
def test_an_epoch_has_every_sample_exactly_once(seed, batch_size, n_samples):
    batch_size = min(batch_size, n_samples)
    batches = list(minibatches(n_samples, batch_size, np.random.default_rng(seed)))
    np.testing.assert_array_equal(np.arange(n_samples), np.sort(np.concatenate(batches)))
    sizes = [len(batch) for batch in batches]
    assert {batch_size} >= set(sizes[:-1])
    assert n_samples - batch_size * (len(batches) - 1) == sizes[-1] > 0


def test_every_epoch_is_shuffled_anew():
    rng = np.random.default_rng(0)
    first, second = (np.concatenate(list(minibatches(50, 8, rng))) for _ in range(2))
    assert (first != second).any()
    assert (first != np.arange(50)).any()


@given(seed=seeds)
@settings(max_examples=20)
def test_one_batch_of_all_samples_is_batch_descent(seed):
    rng = np.random.default_rng(seed)
    X, y = linear_data(rng)
    options = {"gradient_tolerance": None}
    batch = gradient_descent(
        lambda w: least_squares(w, X, y), np.zeros(3), SGD(0.1), max_iterations=7, **options
    )
    epochs = minibatch_descent(
        least_squares,
        np.zeros(3),
        X,
        y,
        SGD(0.1),
        batch_size=60,
        rng=rng,
        max_epochs=7,
        **options,
    )
    np.testing.assert_allclose(epochs.x, batch.x, rtol=1e-12)
    np.testing.assert_allclose(epochs.losses, batch.losses, rtol=1e-12)


@pytest.mark.parametrize("batch_size", [1, 7, 30])
def test_an_epoch_steps_along_the_gradient_of_one_batch_after_the_other(batch_size):
    X, y = linear_data(np.random.default_rng(0), n_samples=30)
    rng, w, losses = np.random.default_rng(1), np.zeros(3), []
    for _ in range(2):
        losses.append(least_squares(w, X, y)[0])
        for batch in minibatches(30, batch_size, rng):
            w = w - 0.05 * least_squares(w, X[batch], y[batch])[1]
    result = minibatch_descent(
        least_squares,
        np.zeros(3),
        X,
        y,
        SGD(0.05),
        batch_size=batch_size,
        rng=np.random.default_rng(1),
        max_epochs=2,
        gradient_tolerance=None,
    )
    np.testing.assert_allclose(result.x, w, rtol=1e-12)
    np.testing.assert_allclose(result.losses[:2], losses, rtol=1e-12)


@pytest.mark.parametrize("batch_size", [1, 8, 60])
def test_without_noise_in_the_targets_every_batch_size_finds_the_weights(batch_size):
    rng = np.random.default_rng(3)
    X, y = linear_data(rng)
    result = minibatch_descent(
        least_squares, np.zeros(3), X, y, SGD(0.1), batch_size=batch_size, rng=rng, max_epochs=500
    )
    assert result.has_converged
    np.testing.assert_allclose(result.x, [1.0, -2.0, 0.5], rtol=1e-4)


def test_with_noise_a_decaying_rate_comes_to_rest_where_a_constant_one_does_not():
    rng = np.random.default_rng(4)
    X, y = linear_data(rng)
    y = y + rng.normal(size=60)
    best = np.linalg.lstsq(X, y)[0]

    def distance(learning_rate):
        result = minibatch_descent(
            least_squares,
            np.zeros(3),
            X,
            y,
            SGD(learning_rate),
            batch_size=1,
            rng=np.random.default_rng(5),
            max_epochs=60,
            gradient_tolerance=None,
        )
        return float(np.linalg.norm(result.x - best))

    assert distance(inverse_time_decay(0.1, decay=0.05)) < 0.03 < 0.05 < distance(0.1)


def test_a_bold_driver_is_told_the_loss_and_saves_a_descent_that_would_diverge():
    result = gradient_descent(square, [1.0], SGD(BoldDriver(2.5)))
    assert result.has_converged
    rng = np.random.default_rng(0)
    X, y = linear_data(rng)
    driver = BoldDriver(3.0)
    minibatch_descent(
        least_squares,
        np.zeros(3),
        X,
        y,
        SGD(driver),
        batch_size=60,
        rng=rng,
        max_epochs=30,
        gradient_tolerance=None,
    )
    assert driver.rate < 3.0


def test_any_optimizer_makes_the_steps():
    optimizer = Adam(0.1)
    result = gradient_descent(square, np.ones((2, 2)), optimizer, max_iterations=2000)
    assert result.has_converged
    assert optimizer.n_steps == result.n_iterations
    np.testing.assert_allclose(result.x, 0, atol=1e-6)


def test_too_few_epochs_are_reported():
    rng = np.random.default_rng(0)
    X, y = linear_data(rng)
    with pytest.warns(ConvergenceWarning, match="minibatch_descent has not converged: after 2 it"):
        result = minibatch_descent(
            least_squares, np.zeros(3), X, y, SGD(0.01), batch_size=10, rng=rng, max_epochs=2
        )
    assert (result.has_converged, result.has_diverged, result.n_iterations) == (False, False, 2)


@pytest.mark.parametrize("overflow", [math.inf, math.nan])
def test_a_gradient_that_overflows_ends_the_descent_though_the_loss_is_finite(overflow):
    def function(x):
        return float(x[0]), np.ones(1) if x[0] > 0.5 else np.array([overflow])

    with pytest.warns(ConvergenceWarning, match="gradient_descent diverges: after 6 iterations"):
        result = gradient_descent(function, [1.0], SGD(0.1))
    assert result.has_diverged
    assert result.loss == result.x[0] > 0.5


def test_a_batch_whose_gradient_overflows_ends_the_descent(rng):
    def function(w, X, y):
        loss, gradient = least_squares(w, X, y)
        return loss, gradient if len(y) > 7 else gradient * np.inf

    X, y = linear_data(rng)
    with pytest.warns(ConvergenceWarning, match="minibatch_descent diverges: after 1 iter"):
        result = minibatch_descent(
            function, np.zeros(3), X, y, SGD(0.1), batch_size=11, rng=rng, max_epochs=20
        )
    assert result.has_diverged
    np.testing.assert_array_equal(np.zeros(3), result.x)


def test_the_start_is_left_alone_and_not_shared():
    x0 = np.zeros(2)
    result = gradient_descent(square, x0, SGD(0.1))
    assert result.n_iterations == 0
    assert result.has_converged
    assert not np.shares_memory(x0, result.x)


X3, Y3 = np.ones((3, 2)), np.ones(3)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"x0": []}, "x0 must have at least one entry"),
        ({"x0": [math.nan, 0.0]}, "x0 must be finite"),
        ({"X": np.ones((0, 2)), "y": []}, r"X must be a non-empty batch .* got shape \(0, 2\)"),
        ({"X": [[1.0, math.nan]] * 3}, "X must be finite"),
        ({"y": np.ones(4)}, r"y must have one entry for each of 3 samples, got shape \(4,\)"),
        ({"batch_size": 0}, "batch_size must be at least 1, got 0"),
        ({"batch_size": 4}, "batch_size must be at most the 3 samples, got 4"),
        ({"max_epochs": 0}, "max_epochs must be at least 1"),
        ({"gradient_tolerance": -1.0}, "gradient_tolerance must be at least 0"),
        ({"loss_and_gradient": lambda w, *_: (math.inf, w)}, "the loss at x0 must be finite"),
        (
            {"loss_and_gradient": lambda *_: (1.0, np.ones(3))},
            r"the gradient at x0 must be a vector of shape \(2,\)",
        ),
    ],
)
def test_bad_input_is_refused(changed, message, rng):
    arguments = {
        "loss_and_gradient": least_squares,
        "x0": np.zeros(2),
        "X": X3,
        "y": Y3,
        "optimizer": SGD(0.1),
        "batch_size": 2,
        "rng": rng,
    }
    with pytest.raises(ValueError, match=message):
        minibatch_descent(**(arguments | changed))


@pytest.mark.parametrize(
    ("n_samples", "batch_size", "message"),
    [
        (0, 1, "n_samples must be at least 1"),
        (3, 0, "batch_size must be at least 1"),
        (3, 4, "batch_size must be at most the 3 samples"),
    ],
)
def test_an_epoch_without_batches_is_refused(n_samples, batch_size, message, rng):
    with pytest.raises(ValueError, match=message):
        next(minibatches(n_samples, batch_size, rng))


def test_batch_descent_refuses_its_own_limits():
    with pytest.raises(ValueError, match="max_iterations must be at least 1"):
        gradient_descent(square, 1.0, SGD(0.1), max_iterations=0)
