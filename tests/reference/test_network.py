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


def test_the_worked_example_of_han_and_kamber():
    """x = (1, 0, 1), t = 1, learning rate 0.9; the errors of the book are minus the deltas.

    The slide prints i_6 with 0.1 where o_5 = 0.525 belongs, and w_16 where it updates w_15.
    """
    network = MLP(
        weights=[[[0.2, -0.3], [0.4, 0.1], [-0.5, 0.2]], [[-0.3], [-0.2]]],
        biases=[[-0.4, 0.2], [0.1]],
        hidden="sigmoid",
        output="sigmoid",
        loss=squared_error,
    )
    X, t = [[1.0, 0.0, 1.0]], [[1.0]]
    trace = network.trace(X)
    np.testing.assert_allclose(trace.pre_activations[0], [[-0.7, 0.1]], rtol=1e-12)
    np.testing.assert_allclose(
        trace.activations[1], [[0.33181222783183389, 0.52497918747893999]], rtol=1e-12
    )
    np.testing.assert_allclose(trace.pre_activations[1], [[-0.10453950584533817]], rtol=1e-12)
    np.testing.assert_allclose(network.feed_forward(X), [[0.47388889882398544]], rtol=1e-12)

    gradients = network.gradients(X, t)
    errors = [-gradients.biases[0], -gradients.biases[1]]
    np.testing.assert_allclose(
        errors[0], [-0.0087245619654332626, -0.0065420850641689934], rtol=1e-12
    )
    np.testing.assert_allclose(errors[1], [0.13116907821434451], rtol=1e-12)

    rate = 0.9
    W1, W2 = (W - rate * g for W, g in zip(network.weights, gradients.weights, strict=True))
    b1, b2 = (b - rate * g for b, g in zip(network.biases, gradients.biases, strict=True))
    np.testing.assert_allclose(
        W1,
        [
            [0.19214789423111006, -0.30588787655775209],
            [0.4, 0.1],
            [-0.50785210576888994, 0.19411212344224791],
        ],
        rtol=1e-12,
    )
    np.testing.assert_allclose(W2, [[-0.26082884634154525], [-0.1380250675070047]], rtol=1e-12)
    np.testing.assert_allclose(b1, [-0.40785210576888994, 0.19411212344224791], rtol=1e-12)
    np.testing.assert_allclose(b2, [0.21805217039291006], rtol=1e-12)


def test_output_delta_of_the_lecture():
    """z = 0.3, y = 1, loss (y - a)^2 without the half: dJ/dz = -2 (y - a) a (1 - a)."""
    network = MLP(
        [[[0.3]]],
        [[0.0]],
        output="sigmoid",
        loss=lambda output, y: squared_error(output, y, half=False, reduction="sum"),
    )
    assert network.feed_forward([[1.0]])[0, 0] == pytest.approx(0.57444251681165899, rel=1e-14)
    delta = network.gradients([[1.0]], [[1.0]]).biases[0][0]
    assert delta == pytest.approx(-0.20806212773516962, rel=1e-12)


@pytest.mark.parametrize(("sizes", "expected"), [((3, 2, 1), 11), ((4, 3, 3, 2), 35)])
def test_parameter_counts_of_the_lectures(sizes, expected):
    assert MLP.initialise(sizes, np.random.default_rng(0)).parameter_count == expected


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


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [("he", np.sqrt(2 / 200)), ("xavier", np.sqrt(2 / 500)), ("gaussian", 0.03), ("zeros", 0.0)],
)
def test_weights_have_the_spread_of_their_scheme_and_biases_are_zero(scheme, expected):
    network = MLP.initialise((200, 300), np.random.default_rng(5), scheme=scheme, scale=0.03)
    (W,), (b,) = network.weights, network.biases
    assert W.std() == pytest.approx(expected, rel=0.02)
    assert abs(W.mean()) <= 4 * expected / np.sqrt(W.size)
    assert not b.any()


def test_the_same_seed_gives_the_same_weights():
    first, second = (MLP.initialise((3, 2), np.random.default_rng(7)) for _ in range(2))
    np.testing.assert_array_equal(first.weights[0], second.weights[0])


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
