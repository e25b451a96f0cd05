"""Losses: values by hand, gradients against slopes, extremes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from reference import softmax_cross_entropy, squared_error

logits_3x4 = arrays(np.float64, (3, 4), elements=st.floats(-5, 5))
labels_3 = arrays(np.int64, 3, elements=st.integers(0, 3))


def numeric_gradient(loss, x, h=1e-3):
    """Central differences with one Richardson step, entry by entry."""
    gradient = np.empty_like(x)
    for index in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[index] = h
        coarse = (loss(x + step) - loss(x - step)) / (2 * h)
        fine = (loss(x + step / 2) - loss(x - step / 2)) / h
        gradient[index] = (4 * fine - coarse) / 3
    return gradient


def test_cross_entropy_by_hand():
    """Odds 1 : 3 and 1 : 1; labels 1 and 0 have probabilities 3/4 and 1/2."""
    loss, gradient = softmax_cross_entropy(np.log([[1.0, 3.0], [2.0, 2.0]]), [1, 0])
    assert loss == pytest.approx((np.log(4 / 3) + np.log(2)) / 2, rel=1e-15)
    np.testing.assert_allclose(gradient, [[0.125, -0.125], [-0.25, 0.25]], rtol=1e-15)


def test_equal_logits_cost_the_logarithm_of_the_number_of_classes():
    loss, _ = softmax_cross_entropy(np.zeros((5, 10)), [0, 1, 2, 3, 9])
    assert loss == pytest.approx(np.log(10), rel=1e-15)


@given(logits=logits_3x4, y=labels_3)
def test_cross_entropy_gradient_is_the_slope_of_the_loss(logits, y):
    _, gradient = softmax_cross_entropy(logits, y)
    expected = numeric_gradient(lambda moved: softmax_cross_entropy(moved, y)[0], logits)
    np.testing.assert_allclose(gradient, expected, rtol=1e-7, atol=1e-10)


@given(logits=logits_3x4, y=labels_3)
def test_the_mean_does_not_grow_with_copies_of_the_batch(logits, y):
    loss, gradient = softmax_cross_entropy(logits, y)
    doubled_loss, doubled_gradient = softmax_cross_entropy(np.tile(logits, (2, 1)), np.tile(y, 2))
    assert doubled_loss == pytest.approx(loss, rel=1e-12)
    np.testing.assert_allclose(2 * doubled_gradient[:3], gradient, rtol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_hopeless_logits_cost_what_they_are_apart(dtype):
    logits = np.array([[800, -800]], dtype=dtype)
    loss, gradient = softmax_cross_entropy(logits, [1])
    assert loss == 1600
    assert gradient.dtype == dtype
    np.testing.assert_array_equal([[1, -1]], gradient)


@pytest.mark.parametrize(
    ("logits", "y", "message"),
    [
        (np.zeros((0, 3)), np.zeros(0, int), r"logits must be a matrix .*\(empty\)"),
        (np.zeros(3), [0], r"logits must be a matrix of shape \(N, K\), got shape \(3,\)"),
        (np.zeros((2, 3)), [0, 3], r"y must be labels in 0\.\.2, got 0\.\.3"),
        (np.zeros((2, 3)), [-1, 0], r"y must be labels in 0\.\.2, got -1\.\.0"),
        (np.zeros((2, 3)), [0.0, 1.0], r"y must be integer labels, got dtype float64"),
        (np.zeros((2, 3)), [0], r"y must be a vector of shape \(2,\), got shape \(1,\)"),
        (np.zeros((2, 3)), np.eye(3, dtype=int)[:2], r"y must be a vector of shape \(2,\)"),
        (np.full((2, 3), np.nan), [0, 1], r"logits must be finite"),
    ],
)
def test_cross_entropy_names_the_argument_that_does_not_fit(logits, y, message):
    with pytest.raises(ValueError, match=message):
        softmax_cross_entropy(logits, y)


@pytest.mark.parametrize(
    ("half", "reduction", "expected"),
    [(True, "mean", 1.25), (False, "mean", 2.5), (True, "sum", 2.5), (False, "sum", 5.0)],
)
def test_squared_error_in_its_four_conventions(half, reduction, expected):
    """Errors 1, 0 and 0, -2 of two samples with two outputs each."""
    prediction, target = np.array([[2.0, 1.0], [0.0, 1.0]]), np.array([[1.0, 1.0], [0.0, 3.0]])
    loss, gradient = squared_error(prediction, target, half=half, reduction=reduction)
    assert loss == expected
    slope = numeric_gradient(
        lambda moved: squared_error(moved, target, half=half, reduction=reduction)[0], prediction
    )
    np.testing.assert_allclose(gradient, slope, rtol=1e-9, atol=1e-12)


def test_squared_error_of_vectors_counts_entries_as_samples():
    loss, gradient = squared_error([3.0, 0.0], [1.0, 0.0])
    assert loss == 1.0
    np.testing.assert_array_equal([1.0, 0.0], gradient)


def test_squared_error_of_the_lecture_is_a_sum_without_the_half():
    """y = 1.5, prediction 1.1: the slide's "MSE" is the sum of squares, 0.16."""
    loss, _ = squared_error([1.1], [1.5], half=False, reduction="sum")
    assert loss == pytest.approx(0.16, rel=1e-14)


@pytest.mark.parametrize(
    ("prediction", "target", "options", "message"),
    [
        ([1.0, 2.0], [[1.0], [2.0]], {}, r"target must be a vector of shape \(2,\)"),
        ([], [], {}, r"prediction must be a non-empty batch"),
        (1.0, 1.0, {}, r"prediction must be a non-empty batch"),
        ([1.0], [1.0], {"reduction": "none"}, r"reduction must be 'mean' or 'sum', got 'none'"),
    ],
)
def test_squared_error_names_the_argument_that_does_not_fit(prediction, target, options, message):
    with pytest.raises(ValueError, match=message):
        squared_error(prediction, target, **options)
