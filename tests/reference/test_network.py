"""The multi-layer perceptron: worked example, loop = vectorised, symmetries, slopes."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference import (
    ACTIVATIONS,
    MLP,
    affine_backward,
    affine_forward,
    relu_backward,
    relu_forward,
    softmax_cross_entropy,
    squared_error,
)

seeds = st.integers(0, 2**32 - 1)
architectures = st.lists(st.integers(1, 5), min_size=2, max_size=5)
hidden_units = st.sampled_from(sorted(ACTIVATIONS))


def random_network(sizes, seed, **options):
    """A network whose biases are not zero, and a batch for it."""
    rng = np.random.default_rng(seed)
    network = MLP.initialise(sizes, rng, **options)
    network.biases = [rng.normal(size=b.shape) for b in network.biases]
    n_samples = int(rng.integers(1, 6))
    X = rng.normal(size=(n_samples, sizes[0]))
    y: np.ndarray
    if network.loss_function is squared_error:
        y = rng.normal(size=(n_samples, sizes[-1]))
    else:
        y = rng.integers(sizes[-1], size=n_samples)
    return network, X, y


def assert_same_gradients(expected, actual, rtol=1e-10):
    assert actual.loss == pytest.approx(expected.loss, rel=1e-12)
    for kind in ("weights", "biases"):
        for e, a in zip(getattr(expected, kind), getattr(actual, kind), strict=True):
            np.testing.assert_allclose(a, e, rtol=rtol, atol=1e-12)


@given(sizes=architectures, seed=seeds, hidden=hidden_units, reg=st.floats(0, 2))
def test_the_loop_over_samples_and_the_vectorised_pass_agree(sizes, seed, hidden, reg):
    network, X, y = random_network(sizes, seed, hidden=hidden)
    assert_same_gradients(network.gradients(X, y, reg), network.gradients_by_sample(X, y, reg))


@given(sizes=architectures, seed=seeds, output=hidden_units)
def test_the_two_agree_with_any_output_unit_and_squared_error(sizes, seed, output):
    network, X, y = random_network(sizes, seed, hidden="tanh", output=output, loss=squared_error)
    assert_same_gradients(network.gradients(X, y), network.gradients_by_sample(X, y))


@given(seed=seeds, hidden=st.sampled_from(["identity", "sigmoid", "tanh"]))
@settings(max_examples=30)
def test_gradients_are_the_slopes_of_the_loss(seed, hidden):
    network, X, y = random_network((3, 4, 5, 2), seed, hidden=hidden)
    gradients = network.gradients(X, y, reg=0.3)
    rng = np.random.default_rng(seed)
    for parameters, slopes in (
        (network.weights, gradients.weights),
        (network.biases, gradients.biases),
    ):
        for layer, (parameter, gradient) in enumerate(zip(parameters, slopes, strict=True)):
            direction = rng.normal(size=parameter.shape)

            def loss_at(step, parameters=parameters, layer=layer, base=parameter, d=direction):
                parameters[layer] = base + step * d
                loss = network.loss(X, y, reg=0.3)
                parameters[layer] = base
                return loss

            h = 1e-3
            coarse = (loss_at(h) - loss_at(-h)) / (2 * h)
            fine = (loss_at(h / 2) - loss_at(-h / 2)) / h
            expected = (4 * fine - coarse) / 3
            assert (gradient * direction).sum() == pytest.approx(expected, rel=1e-6, abs=1e-9)


def test_gradients_of_a_relu_network_are_those_of_its_layers_chained():
    network, X, y = random_network((3, 4, 2), seed=1)
    hidden, first = affine_forward(X, network.weights[0], network.biases[0])
    active, mask = relu_forward(hidden)
    logits, second = affine_forward(active, network.weights[1], network.biases[1])
    loss, grad_logits = softmax_cross_entropy(logits, y)
    grad_active, grad_W2, grad_b2 = affine_backward(grad_logits, second)
    _, grad_W1, grad_b1 = affine_backward(relu_backward(grad_active, mask), first)

    actual = network.gradients(X, y)
    assert actual.loss == loss
    for expected, gradient in zip(
        (grad_W1, grad_W2, grad_b1, grad_b2), (*actual.weights, *actual.biases), strict=True
    ):
        np.testing.assert_allclose(gradient, expected, rtol=1e-14)


@given(sizes=architectures, seed=seeds)
def test_a_network_of_identities_is_one_affine_layer(sizes, seed):
    network, X, _ = random_network(sizes, seed, hidden="identity")
    W, b = np.eye(sizes[0]), np.zeros(sizes[0])
    for weight, bias in zip(network.weights, network.biases, strict=True):
        W, b = W @ weight, b @ weight + bias
    np.testing.assert_allclose(
        network.feed_forward(X), MLP([W], [b]).feed_forward(X), rtol=1e-9, atol=1e-9
    )


@given(seed=seeds, hidden=hidden_units, order=st.permutations(range(5)))
def test_permuted_hidden_units_are_the_same_function(seed, hidden, order):
    network, X, _ = random_network((3, 5, 2), seed, hidden=hidden)
    (W1, W2), (b1, b2) = network.weights, network.biases
    permuted = MLP([W1[:, order], W2[order]], [b1[order], b2], hidden=hidden)
    np.testing.assert_allclose(
        permuted.feed_forward(X), network.feed_forward(X), rtol=1e-10, atol=1e-12
    )


def test_hidden_units_that_start_equal_stay_equal():
    network = MLP(
        [np.full((3, 4), 0.2), np.full((4, 2), -0.1)], [np.zeros(4), np.zeros(2)], hidden="tanh"
    )
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(6, 3)), rng.integers(2, size=6)
    for _ in range(5):
        gradients = network.gradients(X, y)
        network.weights = [W - g for W, g in zip(network.weights, gradients.weights, strict=True)]
        network.biases = [b - g for b, g in zip(network.biases, gradients.biases, strict=True)]
    assert not np.allclose(network.weights[0], 0.2)
    np.testing.assert_allclose(network.weights[0], network.weights[0][:, [0, 0, 0, 0]], rtol=1e-12)


def test_a_relu_network_of_zeros_learns_nothing_below_the_last_bias():
    network = MLP.initialise((3, 4, 2), np.random.default_rng(0), scheme="zeros")
    gradients = network.gradients(np.ones((2, 3)), [0, 0])
    assert not any(g.any() for g in (*gradients.weights, gradients.biases[0]))
    np.testing.assert_allclose(gradients.biases[1], [-0.5, 0.5])


def test_the_penalty_is_half_the_squared_weights_and_leaves_biases_free():
    network, X, y = random_network((3, 4, 2), seed=2)
    plain, penalised = network.gradients(X, y), network.gradients(X, y, reg=0.6)
    squares = sum((W**2).sum() for W in network.weights)
    assert penalised.loss - plain.loss == pytest.approx(0.3 * squares, rel=1e-12)
    assert penalised.loss == pytest.approx(network.loss(X, y, reg=0.6), rel=1e-15)
    for W, with_penalty, without in zip(
        network.weights, penalised.weights, plain.weights, strict=True
    ):
        np.testing.assert_allclose(with_penalty - without, 0.6 * W, rtol=1e-9, atol=1e-12)
    for with_penalty, without in zip(penalised.biases, plain.biases, strict=True):
        np.testing.assert_array_equal(without, with_penalty)


def test_the_same_seed_gives_the_same_weights():
    first, second = (MLP.initialise((3, 2), np.random.default_rng(7)) for _ in range(2))
    np.testing.assert_array_equal(first.weights[0], second.weights[0])


def test_one_hidden_layer_fits_a_sine():
    """Random hidden units, the last layer by least squares: a thousandth of what it has to fit."""
    rng = np.random.default_rng(0)
    x, unseen = np.linspace(-np.pi, np.pi, 200)[:, None], rng.uniform(-np.pi, np.pi, (100, 1))
    network = MLP.initialise(
        (1, 40, 1), rng, scheme="gaussian", scale=1.5, hidden="tanh", loss=squared_error
    )
    network.biases[0] = rng.uniform(-4, 4, size=40)
    hidden = network.trace(x).activations[1]
    network.weights[1] = np.linalg.lstsq(hidden, np.sin(x), rcond=None)[0]
    np.testing.assert_allclose(network.feed_forward(unseen), np.sin(unseen), rtol=0, atol=1e-3)
    assert network.loss(x, np.sin(x)) < 1e-8


@pytest.mark.parametrize("hidden", sorted(ACTIVATIONS))
def test_single_precision_stays_so(hidden):
    network, X, y = random_network((3, 4, 2), seed=3, hidden=hidden)
    network.weights = [W.astype(np.float32) for W in network.weights]
    network.biases = [b.astype(np.float32) for b in network.biases]
    reg = np.float64(0.1)
    masks = network.draw_masks(len(X), (0.8, 0.5), np.random.default_rng(0))
    for gradients in (
        network.gradients(X.astype(np.float32), y, reg),
        network.gradients(X.astype(np.float32), y, reg, masks),
        network.gradients_by_sample(X.astype(np.float32), y, reg),
    ):
        dtypes = {array.dtype for array in (*gradients.weights, *gradients.biases)}
        assert dtypes == {np.dtype(np.float32)}


def test_one_hidden_layer_learns_xor():
    X, y = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
    network = MLP.initialise((2, 8, 2), np.random.default_rng(3), hidden="tanh", scheme="xavier")
    for _ in range(500):
        gradients = network.gradients(X, y)
        network.weights = [
            W - 0.5 * g for W, g in zip(network.weights, gradients.weights, strict=True)
        ]
        network.biases = [
            b - 0.5 * g for b, g in zip(network.biases, gradients.biases, strict=True)
        ]
    np.testing.assert_array_equal(y, network.feed_forward(X).argmax(axis=1))


def test_gradients_leave_the_network_as_it_is():
    network, X, y = random_network((3, 4, 2), seed=4)
    before = [W.copy() for W in (*network.weights, *network.biases, X)]
    network.gradients(X, y, reg=0.1)
    network.gradients_by_sample(X, y, reg=0.1)
    for old, new in zip(before, (*network.weights, *network.biases, X), strict=True):
        np.testing.assert_array_equal(old, new)


def test_gradients_have_the_shapes_of_what_they_belong_to():
    network, X, y = random_network((3, 4, 2), seed=6)
    shapes = {
        kind: [g.shape for g in asdict(network.gradients(X, y))[kind]]
        for kind in ("weights", "biases")
    }
    assert shapes == {"weights": [(3, 4), (4, 2)], "biases": [(4,), (2,)]}


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (
            lambda: MLP([], []),
            r"weights and biases must be equally many and at least one, got 0 and 0",
        ),
        (lambda: MLP([np.ones((2, 2))], []), r"got 1 and 0"),
        (
            lambda: MLP([np.ones((2, 3)), np.ones((2, 3))], [np.ones(3), np.ones(3)]),
            r"weights\[1\] must be a matrix of shape \(3, S_2\), got shape \(2, 3\)",
        ),
        (
            lambda: MLP([np.ones((2, 3))], [np.ones(2)]),
            r"biases\[0\] must be a vector of shape \(3,\)",
        ),
        (
            lambda: MLP([np.ones((2, 3))], [np.ones(3)], hidden="softplus"),
            r"hidden must be one of identity",
        ),
        (lambda: MLP.initialise([3], np.random.default_rng(0)), r"sizes must be two or more"),
        (lambda: MLP.initialise([3, 0], np.random.default_rng(0)), r"sizes must be two or more"),
        (
            lambda: MLP.initialise([3, 2.5], np.random.default_rng(0)),  # type: ignore[list-item]
            r"sizes must be two or more",
        ),
        (
            lambda: MLP.initialise([3, 2], np.random.default_rng(0), scheme="kaiming"),  # type: ignore[arg-type]
            r"scheme must be one of he, xavier, gaussian, zeros, got 'kaiming'",
        ),
        (
            lambda: MLP.initialise([3, 2], np.random.default_rng(0), scheme="gaussian", scale=-1),
            r"scale must be at least 0, got -1",
        ),
    ],
)
def test_a_network_that_cannot_be_is_refused(build, message):
    with pytest.raises(ValueError, match=message):
        build()


@pytest.mark.parametrize(
    ("X", "reg", "message"),
    [
        (np.ones((2, 4)), 0.0, r"X must be a matrix of shape \(N, 3\), got shape \(2, 4\)"),
        (np.ones((0, 3)), 0.0, r"X must .*\(empty\)"),
        (np.ones((2, 3)), -0.1, r"reg must be at least 0, got -0\.1"),
        (np.ones((2, 3)), np.nan, r"reg must be finite"),
    ],
)
def test_a_batch_that_does_not_fit_is_refused(X, reg, message):
    network, _, _ = random_network((3, 4, 2), seed=8)
    for method in (network.loss, network.gradients, network.gradients_by_sample):
        with pytest.raises(ValueError, match=message):
            method(X, np.zeros(len(X), dtype=int), reg)
