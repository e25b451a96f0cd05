"""Training by mini-batches, and its fast twin."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference import numdiff
from reference.losses.regression import squared_error
from reference.network.fast_training import BLOCK_BYTES, FlatAdam, FlatNetwork, train_fast
from reference.network.mlp import MLP
from reference.network.training import train
from reference.optimizers.adaptive import Adam
from reference.optimizers.momentum import SGD

HIDDEN = ["identity", "relu", "sigmoid", "tanh"]


def make_problem(sizes, n_samples, seed, hidden="relu"):
    """A network with biases, and samples with labels for it."""
    rng = np.random.default_rng(seed)
    network = MLP.initialise(sizes, rng, hidden=hidden)
    network.biases = [rng.normal(size=b.shape) for b in network.biases]
    X = rng.normal(size=(n_samples, sizes[0]))
    return network, X, rng.integers(sizes[-1], size=n_samples)


def assert_same_network(expected, actual, rtol=1e-9):
    for kind in ("weights", "biases"):
        for e, a in zip(getattr(expected, kind), getattr(actual, kind), strict=True):
            np.testing.assert_allclose(a, e, rtol=rtol, atol=rtol)


@settings(max_examples=25, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 6), min_size=2, max_size=4).filter(lambda sizes: sizes[-1] > 1),
    n_samples=st.integers(1, 12),
    batch_size=st.integers(1, 14),
    hidden=st.sampled_from(HIDDEN),
    reg=st.sampled_from([0.0, 0.1]),
    seed=st.integers(0, 2**32 - 1),
)
def test_the_fast_twin_takes_the_same_steps(sizes, n_samples, batch_size, hidden, reg, seed):
    network, X, y = make_problem(sizes, n_samples, seed, hidden)
    options = {"n_epochs": 3, "batch_size": batch_size, "reg": reg}
    slow = train(
        network,
        X,
        y,
        optimizer=Adam(learning_rate=0.01),
        rng=np.random.default_rng(seed),
        **options,
    )
    fast = train_fast(network, X, y, learning_rate=0.01, rng=np.random.default_rng(seed), **options)
    np.testing.assert_allclose(fast.losses, slow.losses, rtol=1e-9)
    # A gradient of rounding alone moves Adam by as much as any other: where both are that small,
    # the steps may differ.
    assert_same_network(slow.network, fast.network, rtol=1e-6)


@pytest.mark.parametrize("hidden", HIDDEN)
def test_one_vector_has_the_loss_and_the_gradients_of_the_network(hidden):
    network, X, y = make_problem([5, 4, 3], 7, seed=3, hidden=hidden)
    expected = network.gradients(X, y, reg=0.3)
    loss, gradient = FlatNetwork(network, reg=0.3).loss_and_gradient(X, y)
    assert expected.loss == pytest.approx(loss, rel=1e-14)
    flat = [one.ravel() for one in (*expected.weights, *expected.biases)]
    np.testing.assert_allclose(gradient, np.concatenate(flat), rtol=1e-12, atol=1e-15)


def test_the_gradient_of_one_vector_is_the_slope_of_its_loss():
    network, X, y = make_problem([3, 4, 2], 5, seed=8, hidden="tanh")
    flat = FlatNetwork(network, reg=0.2)

    def loss(parameters):
        flat.parameters[:] = parameters
        return flat.loss_and_gradient(X, y)[0]

    start = flat.parameters.astype(np.float64)
    slope = numdiff.gradient(loss, start)
    flat.parameters[:] = start
    np.testing.assert_allclose(flat.loss_and_gradient(X, y)[1], slope, rtol=1e-8, atol=1e-10)


def test_a_vector_of_many_blocks_is_stepped_like_one_of_few(rng):
    n = 3 * BLOCK_BYTES // 8 + 5
    parameters, gradient = rng.normal(size=(2, n))
    expected = Adam(learning_rate=0.1).step(parameters, gradient + 0.5 * parameters)
    FlatAdam(n, parameters.dtype, learning_rate=0.1, weight_decay=0.5, n_decayed=n).step(
        parameters, gradient
    )
    np.testing.assert_allclose(parameters, expected, rtol=1e-13, atol=1e-15)


def test_the_penalty_is_not_on_what_follows_the_weights(rng):
    parameters, gradient = rng.normal(size=(2, 6))
    decayed = np.array([1, 1, 1, 1, 0, 0])
    expected = Adam(learning_rate=0.1).step(parameters, gradient + 0.5 * decayed * parameters)
    FlatAdam(6, parameters.dtype, learning_rate=0.1, weight_decay=0.5, n_decayed=4).step(
        parameters, gradient
    )
    np.testing.assert_allclose(parameters, expected, rtol=1e-13, atol=1e-15)


def test_single_precision_stays_so_in_both():
    network, X, y = make_problem([4, 6, 3], 30, seed=1)
    network = MLP(
        [W.astype(np.float32) for W in network.weights],
        [b.astype(np.float32) for b in network.biases],
    )
    X = X.astype(np.float32)
    slow = train(
        network, X, y, optimizer=Adam(), n_epochs=2, batch_size=8, rng=np.random.default_rng(0)
    )
    fast = train_fast(network, X, y, n_epochs=2, batch_size=8, rng=np.random.default_rng(0))
    for one in (slow, fast):
        assert {np.dtype(np.float32)} == {W.dtype for W in one.network.weights}
    assert_same_network(slow.network, fast.network, rtol=1e-4)


def test_large_logits_overflow_nothing():
    network, X, y = make_problem([3, 4], 6, seed=2)
    network.weights = [1e4 * W for W in network.weights]
    loss, gradient = FlatNetwork(network).loss_and_gradient(X, y)
    assert network.gradients(X, y).loss == pytest.approx(loss)
    assert np.isfinite(gradient).all()


def test_training_leaves_the_network_it_starts_from_alone():
    network, X, y = make_problem([3, 4, 2], 9, seed=5)
    before = [W.copy() for W in network.weights]
    rng = np.random.default_rng(0)
    train(network, X, y, optimizer=SGD(0.1), n_epochs=1, rng=rng)
    train_fast(network, X, y, n_epochs=1, rng=rng)
    for W, old in zip(network.weights, before, strict=True):
        np.testing.assert_array_equal(old, W)


def test_it_learns_what_a_linear_model_cannot():
    """Exclusive or."""
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    y = np.array([0, 1, 1, 0])
    network = MLP.initialise([2, 8, 2], np.random.default_rng(4), hidden="tanh")
    rng = np.random.default_rng(0)
    trained = train_fast(network, X, y, n_epochs=300, learning_rate=0.05, rng=rng)
    assert [0, 1, 1, 0] == list(trained.network.feed_forward(X).argmax(axis=1))
    assert trained.losses[-1] < 0.05 < trained.losses[0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"n_epochs": 0}, "n_epochs must be at least 1, got 0"),
        ({"batch_size": 2.5}, "batch_size must be a whole number, got 2.5"),
        ({"X": np.zeros((0, 3))}, "X must be a matrix of shape .N, 3., got shape .0, 3. .empty."),
        ({"X": np.full((4, 3), np.nan)}, "X must be finite, got 12 NaN"),
        ({"y": [0, 1]}, "y must"),
        ({"y": [0, 1, 2, 1]}, "y must be labels in 0..1, got 0..2"),
        ({"reg": -1.0}, "reg must be at least 0, got -1"),
        ({"learning_rate": 0.0}, "learning_rate must be greater than 0, got 0"),
    ],
)
def test_what_does_not_fit_is_refused_by_both(change, message):
    network, X, y = make_problem([3, 4, 2], 4, seed=0)
    rng = np.random.default_rng(0)
    options = {"X": X, "y": y, "n_epochs": 1, "batch_size": 2, "rng": rng, **change}
    with pytest.raises(ValueError, match=message):
        train_fast(network, **options)
    with pytest.raises(ValueError, match=message):
        train(network, optimizer=Adam(options.pop("learning_rate", 1e-3)), **options)


def test_the_twin_knows_classifiers_only():
    network = MLP.initialise([2, 3, 1], np.random.default_rng(0), loss=squared_error)
    with pytest.raises(ValueError, match="network must have the loss softmax_cross_entropy"):
        FlatNetwork(network)
