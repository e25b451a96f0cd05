"""Dropout in a network: masks in, the gradients of the thinned network out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference import ACTIVATIONS, MLP, numdiff
from reference.layers.dropout import monte_carlo_predict

seeds = st.integers(0, 2**32 - 1)
architectures = st.lists(st.integers(1, 5), min_size=2, max_size=4)


def thinned_network(sizes, seed, hidden="tanh", keep=0.6):
    """A network, a batch, and masks that leave out inputs and hidden units."""
    rng = np.random.default_rng(seed)
    network = MLP.initialise(sizes, rng, hidden=hidden)
    network.biases = [rng.normal(size=b.shape) for b in network.biases]
    X, y = rng.normal(size=(3, sizes[0])), rng.integers(sizes[-1], size=3)
    return network, X, y, network.draw_masks(3, [keep] * (len(sizes) - 1), rng)


@given(sizes=architectures, seed=seeds, hidden=st.sampled_from(sorted(ACTIVATIONS)))
@settings(deadline=None)
def test_with_masks_too_the_loop_and_the_vectorised_pass_agree(sizes, seed, hidden):
    network, X, y, masks = thinned_network(sizes, seed, hidden)
    together = network.gradients(X, y, 0.3, masks)
    one_by_one = network.gradients_by_sample(X, y, 0.3, masks)
    assert together.loss == one_by_one.loss == network.loss(X, y, 0.3, masks)
    for ours, theirs in zip(
        (*together.weights, *together.biases),
        (*one_by_one.weights, *one_by_one.biases),
        strict=True,
    ):
        np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_gradients_are_the_slopes_of_the_loss_with_the_same_masks(seed):
    network, X, y, masks = thinned_network((3, 4, 3, 2), seed)
    gradients = network.gradients(X, y, 0.3, masks)
    for parameters, slopes in (
        (network.weights, gradients.weights),
        (network.biases, gradients.biases),
    ):
        for layer, base in enumerate(list(parameters)):

            def loss_at(moved, parameters=parameters, layer=layer):
                parameters[layer] = moved
                return network.loss(X, y, 0.3, masks)

            expected = numdiff.gradient(loss_at, base)
            parameters[layer] = base
            np.testing.assert_allclose(slopes[layer], expected, rtol=1e-7, atol=1e-10)


def test_the_trace_shows_the_masks_and_what_they_left():
    network, X, _, masks = thinned_network((3, 4, 2), seed=1)
    trace = network.trace(X, masks)
    assert trace.masks is not None
    np.testing.assert_array_equal(X * masks[0], trace.activations[0])
    np.testing.assert_array_equal(
        np.tanh(trace.pre_activations[0]) * masks[1], trace.activations[1]
    )
    for shown, given_mask in zip(trace.masks, masks, strict=True):
        np.testing.assert_array_equal(given_mask, shown)
    assert network.trace(X).masks is None


def test_masks_of_ones_are_no_dropout():
    network, X, y, _ = thinned_network((3, 4, 2), seed=2)
    ones = network.draw_masks(3, (1.0, 1.0), np.random.default_rng(0))
    assert all((mask == 1).all() for mask in ones)
    assert network.loss(X, y) == network.loss(X, y, masks=ones)


def test_drawn_masks_keep_the_share_that_was_asked_for_and_scale_it_up():
    network = MLP.initialise((100, 300, 2), np.random.default_rng(0))
    inputs, hidden = network.draw_masks(100, (0.8, 0.5), np.random.default_rng(1))
    assert set(np.unique(inputs)) == {0, 1 / 0.8}
    assert set(np.unique(hidden)) == {0, 2}
    assert (inputs != 0).mean() == pytest.approx(0.8, abs=4 * np.sqrt(0.16 / inputs.size))
    assert (hidden != 0).mean() == pytest.approx(0.5, abs=4 * np.sqrt(0.25 / hidden.size))


def test_classic_dropout_predicts_with_weights_reduced_by_the_probability_to_keep():
    """As the slide says it, but for keep: masks of `keep` everywhere are the reduced weights."""
    network, X, _, _ = thinned_network((3, 4, 2), seed=3)
    keep = (0.8, 0.5)
    scaled = [np.full((3, n), p) for n, p in zip((3, 4), keep, strict=True)]
    reduced = MLP(
        [p * W for p, W in zip(keep, network.weights, strict=True)], network.biases, hidden="tanh"
    )
    np.testing.assert_allclose(
        network.feed_forward(X, scaled), reduced.feed_forward(X), rtol=1e-14, atol=1e-15
    )


def test_a_linear_network_predicts_the_mean_of_its_thinned_ones():
    network, X, _, _ = thinned_network((3, 4, 2), seed=4, hidden="identity")
    many = monte_carlo_predict(
        lambda rng: network.feed_forward(X, network.draw_masks(3, (0.8, 0.5), rng)),
        2000,
        np.random.default_rng(5),
    )
    error = np.abs(many.mean - network.feed_forward(X))
    assert (error <= 4.5 * many.standard_deviation / np.sqrt(2000)).all()
    assert (many.standard_deviation > 0.1).all()


def test_dropout_keeps_units_from_staying_equal():
    """A hidden unit that is left out in a sample learns something else than its copies."""
    network = MLP([np.full((3, 4), 0.2), [[0.1, -0.1]] * 4], [np.zeros(4), np.zeros(2)])
    X, y = np.random.default_rng(0).random((6, 3)), [0, 1, 0, 1, 1, 1]
    masks = network.draw_masks(6, (1.0, 0.5), np.random.default_rng(1))
    equal, different = network.gradients(X, y), network.gradients(X, y, masks=masks)
    np.testing.assert_allclose(equal.weights[0], equal.weights[0][:, [0] * 4], rtol=1e-12)
    assert not np.allclose(different.weights[0], different.weights[0][:, [0] * 4])


@pytest.mark.parametrize(
    ("masks", "message"),
    [
        ([np.ones((3, 3))], "masks must be 2, for the inputs and each hidden layer, got 1"),
        ([np.ones((3, 3)), np.ones((3, 3))], r"masks\[1\] must be a matrix of shape \(3, 4\)"),
        ([np.ones((2, 3)), np.ones((2, 4))], r"masks\[0\] must be a matrix of shape \(3, 3\)"),
        ([np.full((3, 3), np.nan), np.ones((3, 4))], r"masks\[0\] must be finite"),
    ],
)
def test_masks_that_do_not_fit_are_refused(masks, message):
    network, X, y, _ = thinned_network((3, 4, 2), seed=6)
    for method in (network.loss, network.gradients, network.gradients_by_sample):
        with pytest.raises(ValueError, match=message):
            method(X, y, masks=masks)
    with pytest.raises(ValueError, match=message):
        network.feed_forward(X, masks)


@pytest.mark.parametrize(
    ("n_samples", "keep", "message"),
    [
        (3, (0.5,), "keep must have 2 entries, for the inputs and each hidden layer, got 1"),
        (3, (0.5, 0.0), "keep must be greater than 0, got 0"),
        (0, (0.5, 0.5), "n_samples must be at least 1, got 0"),
    ],
)
def test_masks_that_cannot_be_drawn_are_refused(n_samples, keep, message):
    network, _, _, _ = thinned_network((3, 4, 2), seed=7)
    with pytest.raises(ValueError, match=message):
        network.draw_masks(n_samples, keep, np.random.default_rng(0))
