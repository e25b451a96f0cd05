"""Cross-entropy from probabilities and from logits: by hand, against each other, and far out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from reference import numdiff
from reference.activations.elementwise import sigmoid
from reference.activations.probabilities import softmax, softmax_derivative
from reference.losses.cross_entropy import (
    binary_cross_entropy,
    categorical_cross_entropy,
    sigmoid_cross_entropy,
    softmax_cross_entropy,
)
from tests.reference.worked import worked_example

shapes = st.sampled_from([(3,), (2, 3)])
unit_interval = st.floats(0, 1)


def logits_and_targets(shape):
    """Logits, and anything from 0 to 1 for each."""
    logits = arrays(np.float64, shape, elements=st.floats(-5, 5))
    return st.tuples(logits, arrays(np.float64, shape, elements=unit_interval))


def random_rows(seed, n_samples=3, n_classes=4):
    """Logits, and for each row a distribution over the classes."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n_samples, n_classes)), rng.dirichlet(np.ones(n_classes), n_samples)


def test_binary_cross_entropy_by_hand():
    """Probabilities 3/4 and 1/2 of what is: log 4/3 + log 2; slopes -1/p and 1/(1-p)."""
    loss, gradient = binary_cross_entropy([0.75, 0.5], [1, 0])
    assert loss == pytest.approx((np.log(4 / 3) + np.log(2)) / 2, rel=1e-15)
    np.testing.assert_allclose(gradient, [-2 / 3, 1], rtol=1e-15)
    loss, gradient = binary_cross_entropy([0.75, 0.5], [1, 0], reduction="sum")
    assert loss == pytest.approx(np.log(4 / 3) + np.log(2), rel=1e-15)
    np.testing.assert_allclose(gradient, [-4 / 3, 2], rtol=1e-15)


def test_the_slide_has_a_minus_between_the_terms_of_the_slope_where_a_plus_belongs():
    """W X = 9: p = sigmoid(9). Where y = 0 the slide's slope has the wrong sign."""
    example = worked_example("dLdp-sign")
    p = sigmoid([9.0])
    _, slope_y1 = binary_cross_entropy(p, [1])
    _, slope_y0 = binary_cross_entropy(p, [0])
    assert slope_y1[0] == pytest.approx(example["correct_y1"], rel=1e-12)
    assert slope_y0[0] == pytest.approx(example["correct_y0"], rel=1e-12)
    assert slope_y0[0] == pytest.approx(-example["slide_y0"], rel=1e-12)


def test_the_slope_for_the_weight_is_minus_x_times_y_minus_p():
    """What lecture 002 derives for logistic regression, at X = 3, W = 3, y = 1."""
    _, grad_logit = sigmoid_cross_entropy([9.0], [1])
    assert 3 * grad_logit[0] == pytest.approx(worked_example("dLA-formula"), rel=1e-12)
    _, grad_logit = sigmoid_cross_entropy([9.0], [0])
    assert 3 * grad_logit[0] == pytest.approx(worked_example("dLB-y0"), rel=1e-12)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@given(pair=shapes.flatmap(logits_and_targets))
@settings(max_examples=20, deadline=None)
def test_the_binary_losses_agree_and_their_gradients_are_slopes(reduction, pair):
    logits, y = pair
    loss, grad_logits = sigmoid_cross_entropy(logits, y, reduction=reduction)
    p = sigmoid(logits)
    loss_of_p, grad_p = binary_cross_entropy(p, y, reduction=reduction)
    assert loss_of_p == pytest.approx(loss, rel=1e-12)
    np.testing.assert_allclose(grad_p * p * (1 - p), grad_logits, rtol=1e-10, atol=1e-12)
    slope = numdiff.gradient(
        lambda moved: sigmoid_cross_entropy(moved, y, reduction=reduction)[0], logits
    )
    np.testing.assert_allclose(grad_logits, slope, rtol=1e-7, atol=1e-10)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_hopeless_logits_cost_what_they_are(dtype):
    loss, gradient = sigmoid_cross_entropy(np.array([800, -800], dtype=dtype), [0, 1])
    assert loss == 800
    assert gradient.dtype == dtype
    np.testing.assert_array_equal([0.5, -0.5], gradient)


def test_a_sure_and_right_answer_keeps_its_digits():
    """e^-40 in both loss and slope, where 1 - p and p - 1 are 0 already."""
    doubt = np.exp(-40.0)
    loss, gradient = sigmoid_cross_entropy([40.0], [1])
    assert loss == pytest.approx(doubt, rel=1e-15, abs=0)
    assert gradient[0] == pytest.approx(-doubt, rel=1e-15, abs=0)
    loss, gradient = softmax_cross_entropy([[40.0, 0.0]], [0])
    assert loss == pytest.approx(doubt, rel=1e-15, abs=0)
    np.testing.assert_allclose(gradient, [[-doubt, doubt]], rtol=1e-15)


def test_a_sure_and_right_probability_costs_nothing():
    loss, gradient = binary_cross_entropy([1.0, 0.0], [1, 0])
    assert loss == 0
    np.testing.assert_array_equal([-0.5, 0.5], gradient)
    loss, gradient = categorical_cross_entropy([[0.0, 1.0]], [1])
    assert loss == 0
    np.testing.assert_array_equal([[0, -1]], gradient)


def test_categorical_cross_entropy_by_hand():
    """Probabilities 1/4 and 1/2 of what is: log 4 + log 2; slope -1/p in the label's place."""
    p = [[0.25, 0.75], [0.5, 0.5]]
    loss, gradient = categorical_cross_entropy(p, [0, 1])
    assert loss == pytest.approx(np.log(8) / 2, rel=1e-15)
    np.testing.assert_allclose(gradient, [[-2, 0], [0, -1]], rtol=1e-15)
    loss, gradient = categorical_cross_entropy(p, [0, 1], reduction="sum")
    assert loss == pytest.approx(np.log(8), rel=1e-15)
    np.testing.assert_allclose(gradient, [[-4, 0], [0, -2]], rtol=1e-15)


@pytest.mark.parametrize("loss_function", [categorical_cross_entropy, softmax_cross_entropy])
def test_one_hot_rows_are_labels(loss_function):
    scores = softmax(random_rows(0)[0])
    y = np.array([3, 0, 1])
    by_label, by_row = loss_function(scores, y), loss_function(scores, np.eye(4)[y])
    assert by_label[0] == by_row[0]
    np.testing.assert_array_equal(by_label[1], by_row[1])


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_the_categorical_losses_agree_and_their_gradients_are_slopes(reduction, seed):
    """The gradient for p goes through the Jacobian of the softmax to that for the logits."""
    logits, y = random_rows(seed)
    loss, grad_logits = softmax_cross_entropy(logits, y, reduction=reduction)
    loss_of_p, grad_p = categorical_cross_entropy(softmax(logits), y, reduction=reduction)
    assert loss_of_p == pytest.approx(loss, rel=1e-12)
    np.testing.assert_allclose(
        np.einsum("nk,nkj->nj", grad_p, softmax_derivative(logits)),
        grad_logits,
        rtol=1e-10,
        atol=1e-12,
    )
    slope = numdiff.gradient(
        lambda moved: softmax_cross_entropy(moved, y, reduction=reduction)[0], logits
    )
    np.testing.assert_allclose(grad_logits, slope, rtol=1e-7, atol=1e-10)


def test_with_two_classes_the_categorical_loss_is_the_binary_one():
    p, y = np.array([0.3, 0.9]), np.array([1, 0])
    binary, grad_p = binary_cross_entropy(p, y)
    categorical, grad_both = categorical_cross_entropy(np.stack([1 - p, p], axis=1), y)
    assert categorical == pytest.approx(binary, rel=1e-15)
    np.testing.assert_allclose(grad_both[:, 1] - grad_both[:, 0], grad_p, rtol=1e-15)


@pytest.mark.parametrize("loss_function", [categorical_cross_entropy, binary_cross_entropy])
def test_probabilities_of_single_precision_stay_so(loss_function):
    p = np.array([[0.25, 0.75]], dtype=np.float32)
    y = np.array([[0.0, 1.0]])
    assert loss_function(p, y)[1].dtype == np.float32


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: binary_cross_entropy([0.0], [1]), "probabilities must not be 0 or 1 where y is"),
        (lambda: binary_cross_entropy([1.0], [0.5]), "sigmoid_cross_entropy takes the logits"),
        (lambda: binary_cross_entropy([1.5], [1]), r"probabilities must be in \[0, 1\], got 1.5"),
        (lambda: binary_cross_entropy([0.5], [-1]), r"y must be in \[0, 1\], got -1"),
        (lambda: binary_cross_entropy([0.5], [[1]]), r"y must be a vector of shape \(1,\)"),
        (lambda: binary_cross_entropy([], []), "probabilities must be a non-empty batch"),
        (lambda: sigmoid_cross_entropy([0.5], [2]), r"y must be in \[0, 1\], got 2"),
        (lambda: sigmoid_cross_entropy([np.inf], [1]), "logits must be finite"),
        (lambda: sigmoid_cross_entropy(0.5, 1), "logits must be a non-empty batch"),
        (lambda: categorical_cross_entropy([[0.0, 1.0]], [0]), "must not be 0 where y has a class"),
        (
            lambda: categorical_cross_entropy([[0.5, 0.4]], [0]),
            "rows that sum to 1, got one of 0.9",
        ),
        (lambda: categorical_cross_entropy([[1.5, -0.5]], [0]), r"be in \[0, 1\], got 1.5"),
        (lambda: categorical_cross_entropy([[0.5, 0.5]], [2]), r"y must be labels in 0\.\.1"),
        (lambda: categorical_cross_entropy([[0.5, 0.5]], [[1.0]]), r"y must be .* \(1, 2\)"),
        (lambda: categorical_cross_entropy([0.5, 0.5], [1]), "probabilities must be a matrix"),
        (lambda: softmax_cross_entropy([[1.0, 2.0]], [[0.5, 0.4]]), "y must have rows that sum to"),
    ],
)
def test_what_does_not_fit_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    ("loss_function", "scores", "y"),
    [
        (binary_cross_entropy, [0.5], [1]),
        (sigmoid_cross_entropy, [0.5], [1]),
        (categorical_cross_entropy, [[0.5, 0.5]], [1]),
        (softmax_cross_entropy, [[0.5, 0.5]], [1]),
    ],
)
def test_an_unknown_reduction_is_refused(loss_function, scores, y):
    with pytest.raises(ValueError, match="reduction must be 'mean' or 'sum', got 'max'"):
        loss_function(scores, y, reduction="max")
