"""The networks that the lectures compute by hand or in code, and what their slides get wrong."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from reference import MLP
from reference.activations.elementwise import sigmoid
from reference.losses.regression import squared_error
from tests.reference.worked import worked_example

RATE = 0.9
X, TARGET = np.array([[1.0, 0.0, 1.0]]), np.array([[1.0]])
sum_of_squares = partial(squared_error, half=False, reduction="sum")


def han_and_kamber(loss=squared_error):
    """Units 1, 2, 3 are inputs, 4 and 5 hidden, 6 is the output."""
    return MLP(
        weights=[[[0.2, -0.3], [0.4, 0.1], [-0.5, 0.2]], [[-0.3], [-0.2]]],
        biases=[[-0.4, 0.2], [0.1]],
        hidden="sigmoid",
        output="sigmoid",
        loss=loss,
    )


NAMES = (
    "i4", "i5", "o4", "o5", "i6", "o6", "err4", "err5", "err6",
    "w14", "w15", "w24", "w25", "w34", "w35", "w46", "w56", "b4", "b5", "b6",
)  # fmt: skip


def by_name(*arrays):
    """All numbers of a step, in the order of `NAMES`, which are those of the slides."""
    numbers = np.concatenate([np.ravel(array) for array in arrays])
    return dict(zip(NAMES, numbers.tolist(), strict=True))


def one_step():
    """The example by our own backpropagation: the book's errors are minus our deltas."""
    network = han_and_kamber()
    trace, gradients = network.trace(X), network.gradients(X, TARGET)
    return by_name(
        trace.pre_activations[0],
        trace.activations[1],
        trace.pre_activations[1],
        trace.activations[2],
        -gradients.biases[0],
        -gradients.biases[1],
        *(W - RATE * g for W, g in zip(network.weights, gradients.weights, strict=True)),
        *(b - RATE * g for b, g in zip(network.biases, gradients.biases, strict=True)),
    )


def one_step_with_the_slides_rounding():
    """Outputs and i6 to three digits, errors to four; what is updated is not rounded."""
    (W1, W2), (b1, b2) = han_and_kamber().weights, han_and_kamber().biases
    i_hidden = X[0] @ W1 + b1
    o_hidden = np.round(sigmoid(i_hidden), 3)
    i6 = np.round(o_hidden @ W2 + b2, 3)
    o6 = np.round(sigmoid(i6), 3)
    err6 = np.round(o6 * (1 - o6) * (1 - o6), 4)
    err_hidden = np.round(o_hidden * (1 - o_hidden) * (W2 @ err6), 4)
    weights = (W1 + RATE * np.outer(X[0], err_hidden), W2 + RATE * np.outer(o_hidden, err6))
    biases = (b1 + RATE * err_hidden, b2 + RATE * err6)
    return by_name(i_hidden, o_hidden, i6, o6, err_hidden, err6, *weights, *biases)


@pytest.mark.parametrize("name", NAMES)
def test_every_number_of_han_and_kamber_exactly(name):
    assert one_step()[name] == pytest.approx(worked_example("han-kamber-exact")[name], rel=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_every_number_of_han_and_kamber_as_the_slides_round_it(name):
    rounded = worked_example("han-kamber-rounded")[name]
    assert one_step_with_the_slides_rounding()[name] == pytest.approx(rounded, rel=1e-12)
    assert one_step()[name] == pytest.approx(rounded, abs=5e-4)


def test_the_slide_has_i5_where_the_output_of_unit_5_belongs():
    """It prints (0.332 x -0.3 + 0.1 x -0.2) + 0.1 = -0.105; with 0.1 that is -0.0196."""
    exact, rounded = one_step(), one_step_with_the_slides_rounding()
    for step, slug in ((exact, "han-kamber-exact"), (rounded, "han-kamber-rounded")):
        with_typo = step["o4"] * -0.3 + 0.1 * -0.2 + 0.1
        assert with_typo == pytest.approx(worked_example(slug)["i6_with_typo"], rel=1e-12)
        assert abs(with_typo - step["i6"]) > 0.08


def test_the_slides_w_1_6_is_w_1_5():
    """No input is wired to unit 6; -0.306 is what the weight from 1 to 5 becomes."""
    assert [W.shape for W in han_and_kamber().weights] == [(3, 2), (2, 1)]
    assert round(one_step()["w15"], 3) == -0.306


def test_the_slides_err_obj_is_the_error_of_k_times_the_output_of_j():
    step = one_step()
    assert step["w46"] == pytest.approx(-0.3 + RATE * step["err6"] * step["o4"], rel=1e-14)
    assert step["w46"] != pytest.approx(-0.3 + RATE * step["err6"], rel=0.1)


def test_the_slides_drop_the_factor_two_of_their_loss():
    """(t - o)^2 has the slope -2 (t - o); the errors are those of 1/2 (t - o)^2."""
    with_half = han_and_kamber().gradients(X, TARGET)
    without = han_and_kamber(sum_of_squares).gradients(X, TARGET)
    for halved, whole in zip(with_half.weights, without.weights, strict=True):
        np.testing.assert_allclose(whole, 2 * halved, rtol=1e-15)
    assert -with_half.biases[1][0] == pytest.approx(
        worked_example("han-kamber-exact")["err6"], rel=1e-12
    )


def test_output_delta_of_the_lecture():
    """z = 0.3, y = 1, loss (y - a)^2 without the half: dJ/dz = -2 (y - a) a (1 - a)."""
    example = worked_example("out-delta")
    network = MLP([[[example["z"]]]], [[0.0]], output="sigmoid", loss=sum_of_squares)
    assert network.feed_forward([[1.0]])[0, 0] == pytest.approx(example["a"], rel=1e-14)
    delta = network.gradients([[1.0]], [[example["y"]]]).biases[0][0]
    assert delta == pytest.approx(example["dJdz"], rel=1e-12)


def random_sigmoid_network(sizes, seed=0):
    rng = np.random.default_rng(seed)
    network = MLP.initialise(
        sizes, rng, scheme="xavier", hidden="sigmoid", output="sigmoid", loss=sum_of_squares
    )
    network.biases = [rng.normal(size=b.shape) for b in network.biases]
    n_samples = 5
    return network, rng.normal(size=(n_samples, sizes[0])), rng.random((n_samples, sizes[-1]))


def test_the_slides_recurrence_needs_w_transposed():
    """W of the slide is (S_2, S_1). Untransposed it fits only where S_1 = S_2, and is wrong."""
    network, X, Y = random_sigmoid_network((2, 3, 3))
    x, y = X[:1], Y[:1]
    a = network.trace(x).activations[1][0]
    gradients = network.gradients(x, y)
    delta_1, delta_2 = gradients.biases
    slides_W = network.weights[1].T
    np.testing.assert_allclose(np.diag(a * (1 - a)) @ slides_W.T @ delta_2, delta_1, rtol=1e-13)
    assert not np.allclose(np.diag(a * (1 - a)) @ slides_W @ delta_2, delta_1, rtol=0.1)
    step = np.outer(delta_2, a)
    np.testing.assert_allclose(gradients.weights[1].T, step, rtol=1e-13)


def gradients_by_the_lectures_code(X_data, Y_enc, W1, W2):
    """Lecture 004 as it stands: W (S, N + 1) with the biases in column 0, samples in columns."""
    A1 = np.hstack([np.ones((len(X_data), 1)), X_data])
    A2 = sigmoid(W1 @ A1.T)
    A2 = np.vstack([np.ones((1, A2.shape[1])), A2])
    A3 = sigmoid(W2 @ A2)
    grad1, grad2 = np.zeros(W1.shape), np.zeros(W2.shape)
    for a1, a2, a3, y in zip(A1, A2.T, A3.T, Y_enc.T, strict=True):
        dJ_dz2 = -2 * (y - a3) * a3 * (1 - a3)
        dJ_dz1 = dJ_dz2 @ W2 @ np.diag(a2 * (1 - a2))
        grad2 += dJ_dz2[:, np.newaxis] @ a2[np.newaxis, :]
        grad1 += dJ_dz1[1:, np.newaxis] @ a1[np.newaxis, :]
    return grad1, grad2


@pytest.mark.parametrize("seed", range(3))
def test_the_lectures_loop_has_our_gradients_with_biases_in_the_first_column(seed):
    network, X, Y = random_sigmoid_network((4, 3, 2), seed)

    def with_bias_column(weights, biases):
        return [np.column_stack([b, W.T]) for W, b in zip(weights, biases, strict=True)]

    theirs = gradients_by_the_lectures_code(
        X, Y.T, *with_bias_column(network.weights, network.biases)
    )
    for ours in (network.gradients(X, Y), network.gradients_by_sample(X, Y)):
        for expected, actual in zip(
            theirs, with_bias_column(ours.weights, ours.biases), strict=True
        ):
            np.testing.assert_allclose(actual, expected, rtol=1e-12)
