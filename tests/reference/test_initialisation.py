"""Initial weights: their spread, what it does to the signal, and what zeros do."""

from __future__ import annotations

import numpy as np
import pytest

from reference import MLP
from reference.activations.elementwise import relu, tanh
from reference.network.initialisation import initial_weights, weight_deviation


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [("he", np.sqrt(2 / 200)), ("xavier", np.sqrt(2 / 500)), ("gaussian", 0.03), ("zeros", 0.0)],
)
def test_weights_have_the_spread_of_their_scheme_and_biases_are_zero(scheme, expected):
    assert weight_deviation(200, 300, scheme=scheme, scale=0.03) == pytest.approx(expected)
    network = MLP.initialise((200, 300), np.random.default_rng(5), scheme=scheme, scale=0.03)
    (W,), (b,) = network.weights, network.biases
    assert W.std() == pytest.approx(expected, rel=0.02)
    assert abs(W.mean()) <= 4 * expected / np.sqrt(W.size)
    assert not b.any()


def test_every_layer_has_the_shape_and_the_spread_of_its_own_sizes():
    wide, narrow = initial_weights((50, 400, 20), np.random.default_rng(0))
    assert (wide.shape, narrow.shape) == ((50, 400), (400, 20))
    assert wide.std() == pytest.approx(np.sqrt(2 / 50), rel=0.03)
    assert narrow.std() == pytest.approx(np.sqrt(2 / 400), rel=0.03)


@pytest.mark.parametrize(
    ("scheme", "activation", "least", "most"),
    [
        ("he", relu, 0.3, 3),
        ("xavier", tanh, 0.1, 1),
        ("xavier", relu, 0, 0.01),
        ("gaussian", relu, 0, 1e-9),
    ],
)
def test_after_twenty_layers_the_signal_is_of_its_size_only_with_the_scheme_of_its_unit(
    scheme, activation, least, most
):
    """Xavier with ReLU loses half of the variance in every layer, small Gaussians nearly all."""
    rng = np.random.default_rng(1)
    A = rng.normal(size=(20, 200))
    for W in initial_weights([200] * 21, rng, scheme=scheme):
        A = activation(A @ W)
    assert least <= np.sqrt((A**2).mean()) <= most


def test_weights_of_zero_leave_all_hidden_units_copies_of_each_other():
    """With tanh the last layer learns nothing either: its inputs are all 0."""
    network = MLP.initialise((3, 4, 2), np.random.default_rng(0), scheme="zeros", hidden="tanh")
    X, y = np.random.default_rng(1).normal(size=(6, 3)), np.array([0, 1, 1, 1, 0, 1])
    for _ in range(5):
        gradients = network.gradients(X, y)
        assert not any(W.any() for W in gradients.weights)
        network.biases = [b - g for b, g in zip(network.biases, gradients.biases, strict=True)]
    assert network.biases[1].any()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda rng: initial_weights((3,), rng), "sizes must be two or more whole numbers"),
        (lambda rng: initial_weights((3, 0), rng), "sizes must be two or more whole numbers"),
        (lambda rng: initial_weights((3, True), rng), "sizes must be two or more whole numbers"),
        (lambda rng: initial_weights((3, 2), rng, scale=-1), "scale must be at least 0, got -1"),
        (lambda _: weight_deviation(0, 2), "n_in must be at least 1, got 0"),
        (lambda _: weight_deviation(2, -1), "n_out must be at least 1, got -1"),
        (
            lambda _: weight_deviation(2, 2, scheme="kaiming"),  # type: ignore[arg-type]
            "scheme must be one of he, xavier, gaussian, zeros, got 'kaiming'",
        ),
    ],
)
def test_what_does_not_fit_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call(np.random.default_rng(0))
