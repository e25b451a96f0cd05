"""Trace plots of real descents: learning rates that are too small, too large and right."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference import sigmoid
from reference.convergence import ConvergenceWarning
from reference.optimizers.adaptive import Adam
from reference.optimizers.descent import gradient_descent, minibatch_descent
from reference.optimizers.momentum import SGD, Momentum
from reference.optimizers.trace_plot import diagnose_trace

seeds = st.integers(0, 2**32 - 1)


def losses_on_bowl(optimizer, curvatures=(1.0, 10.0), n_steps=100):
    """Down a quadratic; rates below 2 / 10 converge, and the slow direction takes 1 / rate."""
    c = np.array(curvatures)
    return traced(
        gradient_descent,
        lambda x: (0.5 * float(c @ (x * x)), c * x),
        np.ones(len(c)),
        optimizer,
        max_iterations=n_steps,
    )


def logistic_data(seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(120, 4))
    return X, (X @ rng.normal(size=4) + rng.normal(size=120) > 0).astype(float)


def logistic_loss(w, X, y):
    logits = X @ w
    loss = float((np.logaddexp(0, logits) - y * logits).mean())
    return loss, X.T @ (sigmoid(logits) - y) / len(y)


def losses_of_logistic_regression(learning_rate, n_steps=100):
    X, y = logistic_data()
    return traced(
        gradient_descent,
        lambda w: logistic_loss(w, X, y),
        np.zeros(4),
        SGD(learning_rate),
        max_iterations=n_steps,
    )


def losses_of_minibatches(learning_rate, seed=0, max_epochs=60):
    X, y = logistic_data()
    return traced(
        minibatch_descent,
        logistic_loss,
        np.zeros(4),
        X,
        y,
        SGD(learning_rate),
        batch_size=8,
        rng=np.random.default_rng(seed),
        max_epochs=max_epochs,
    )


def traced(descent, *arguments, **options):
    """The losses of a descent that may diverge: its warning is not what is looked at here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return descent(*arguments, gradient_tolerance=None, **options).losses


@pytest.mark.parametrize(
    ("expected", "learning_rate"),
    [
        ("too_small", 1e-5),
        ("too_small", 1e-4),
        ("not_yet_converged", 1e-3),
        ("converged", 0.05),
        ("converged", 0.19),
        ("too_large", 0.21),
        ("too_large", 1.0),
        ("too_large", 1e100),
    ],
)
def test_on_a_bowl(expected, learning_rate):
    diagnosis = diagnose_trace(losses_on_bowl(SGD(learning_rate)))
    assert expected == diagnosis.verdict, diagnosis.evidence


@pytest.mark.parametrize(
    ("expected", "learning_rate"),
    [
        ("too_small", 1e-3),
        ("not_yet_converged", 0.1),
        ("converged", 3.0),
        ("too_large", 50.0),
        ("too_large", 1000.0),
    ],
)
def test_on_logistic_regression_where_a_large_rate_oscillates(expected, learning_rate):
    diagnosis = diagnose_trace(losses_of_logistic_regression(learning_rate))
    assert expected == diagnosis.verdict, diagnosis.evidence


def test_a_trace_cut_off_early_has_not_converged_and_longer_it_has():
    """The same rate: what is wrong is the number of steps."""
    verdicts = [diagnose_trace(losses_of_logistic_regression(0.5, n)).verdict for n in (20, 300)]
    assert ["not_yet_converged", "converged"] == verdicts


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("expected", "learning_rate"),
    [
        ("too_small", 1e-4),
        ("not_yet_converged", 0.01),
        ("converged", 0.3),
        ("converged", 1.0),
        ("too_large", 20.0),
    ],
)
def test_the_noise_of_minibatches_is_not_taken_for_a_rate_too_large(expected, learning_rate, seed):
    diagnosis = diagnose_trace(losses_of_minibatches(learning_rate, seed))
    assert expected == diagnosis.verdict, diagnosis.evidence


def test_that_noise_is_there():
    losses = losses_of_minibatches(0.3)
    assert np.count_nonzero(np.diff(losses) > 0) > 10


@pytest.mark.parametrize("optimizer", [Momentum(0.02), Adam(0.2)], ids=["momentum", "Adam"])
def test_a_ball_that_swings_while_it_settles_converges(optimizer):
    losses = losses_on_bowl(optimizer, n_steps=300)
    assert (np.diff(losses) > 0).any()
    assert diagnose_trace(losses).verdict == "converged"


@pytest.mark.parametrize("overflow", [math.inf, math.nan])
def test_a_trace_that_ends_in_an_overflow_names_the_step(overflow):
    diagnosis = diagnose_trace([2.0, 1.0, 1.5, overflow])
    assert diagnosis.verdict == "too_large"
    assert diagnosis.evidence == "the loss overflows at step 3"
    assert diagnosis.advice.startswith("lower the learning rate")


def test_of_a_rate_at_the_very_edge_the_losses_do_not_tell_and_the_advice_says_so():
    """On w^2 with rate 1 the weight hops from 1 to -1 and back: the loss is 1 all the time."""
    losses = losses_on_bowl(SGD(1.0), curvatures=(2.0,))
    np.testing.assert_array_equal(np.ones(101), losses)
    assert "hop" in diagnose_trace(losses).advice


@given(
    seed=seeds,
    unit=st.sampled_from([1e-6, 1.0, 1e6]),
    best=st.sampled_from([-100.0, 0.0, 100.0]),
    learning_rate=st.sampled_from([1e-4, 0.01, 0.3, 20.0]),
)
@settings(max_examples=20, deadline=None)
def test_neither_the_unit_of_the_loss_nor_its_lowest_value_matters(seed, unit, best, learning_rate):
    losses = losses_of_minibatches(learning_rate, seed, max_epochs=20)
    expected = diagnose_trace(losses).verdict
    assert expected == diagnose_trace(unit * (losses + best)).verdict


def test_a_loss_that_climbs_again_after_it_fell_is_of_a_rate_too_large():
    fallen_and_risen = [*np.linspace(5, 1, 20), *np.linspace(1, 3, 10), *np.full(30, 3.0)]
    assert diagnose_trace(fallen_and_risen).verdict == "too_large"


@pytest.mark.parametrize(("epoch", "loss"), [(10, 50.0), (50, 0.6)])
def test_one_bad_epoch_decides_nothing(epoch, loss):
    losses = losses_of_logistic_regression(3.0).copy()
    losses[epoch] = loss
    assert diagnose_trace(losses).verdict == "converged"


def test_a_larger_tolerance_is_content_earlier():
    losses = losses_of_logistic_regression(0.1)
    assert diagnose_trace(losses).verdict == "not_yet_converged"
    assert diagnose_trace(losses, tolerance=0.3).verdict == "converged"


@pytest.mark.parametrize(
    ("losses", "tolerance", "message"),
    [
        (np.ones(9), 0.01, "losses must be 10 or more numbers, got 9"),
        ([], 0.01, r"losses must be a vector of real numbers, got shape \(0,\)"),
        (np.ones((10, 2)), 0.01, r"losses must be a vector .* got shape \(10, 2\)"),
        (["a"] * 10, 0.01, "losses must be a vector of real numbers, .* of <U1"),
        ([math.nan] * 10, 0.01, "losses must begin with a finite number, got nan"),
        (np.ones(10), 0.0, "tolerance must be greater than 0"),
        (np.ones(10), 1.0, "tolerance must be less than 1"),
    ],
)
def test_bad_input_is_refused(losses, tolerance, message):
    with pytest.raises(ValueError, match=message):
        diagnose_trace(losses, tolerance=tolerance)
