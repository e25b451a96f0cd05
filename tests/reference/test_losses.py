"""Losses: values by hand, gradients against slopes, extremes."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from reference import numdiff
from reference.losses.cross_entropy import softmax_cross_entropy
from reference.losses.regression import absolute_error, gaussian_nll, signed_error, squared_error
from tests.reference.worked import worked_example

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


def test_squared_error_follows_the_dtype_of_the_prediction():
    _, gradient = squared_error(np.ones(2, np.float32), [0, 1])
    assert gradient.dtype == np.float32


batches = arrays(np.float64, st.sampled_from([(3,), (2, 3)]), elements=st.floats(-5, 5))


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize(
    "loss_function",
    [signed_error, absolute_error, squared_error, partial(gaussian_nll, sigma=0.7)],
    ids=["signed", "absolute", "squared", "gaussian"],
)
@given(prediction=batches)
@settings(max_examples=15, deadline=None)
def test_every_gradient_is_the_slope_of_its_loss(loss_function, reduction, prediction):
    target = np.linspace(-6.3, 6.1, prediction.size).reshape(prediction.shape)
    _, gradient = loss_function(prediction, target, reduction=reduction)
    slope = numdiff.gradient(
        lambda moved: loss_function(moved, target, reduction=reduction)[0], prediction
    )
    is_smooth = ~np.isnan(slope)
    np.testing.assert_allclose(gradient[is_smooth], slope[is_smooth], rtol=1e-7, atol=1e-10)


@pytest.mark.parametrize(("reduction", "expected"), [("mean", 1.5), ("sum", 3.0)])
def test_signed_errors_add_up_with_their_signs(reduction, expected):
    """Errors 1, 0 and 4, -2."""
    loss, _ = signed_error([[1.0, 0.0], [4.0, -2.0]], np.zeros((2, 2)), reduction=reduction)
    assert loss == expected


def test_signed_errors_cancel_and_lower_predictions_are_always_better():
    target = [1.0, 2.0]
    assert signed_error([101.0, -98.0], target)[0] == 0
    assert signed_error([-1e6, -1e6], target)[0] < signed_error(target, target)[0]


@pytest.mark.parametrize(("reduction", "expected"), [("mean", 3.5), ("sum", 7.0)])
def test_absolute_errors_add_up_without_their_signs(reduction, expected):
    loss, _ = absolute_error([[1.0, 0.0], [4.0, -2.0]], np.zeros((2, 2)), reduction=reduction)
    assert loss == expected


@pytest.mark.parametrize("at_zero", [-1.0, 0.0, 0.3, 1.0])
def test_absolute_error_takes_the_subgradient_at_zero_that_is_asked_for(at_zero):
    _, gradient = absolute_error([1.0, 2.0, 3.0], [2.0, 2.0, 2.0], at_zero=at_zero, reduction="sum")
    np.testing.assert_array_equal([-1, at_zero, 1], gradient)
    assert absolute_error([2.0], [2.0])[1][0] == 0


def test_absolute_error_is_continuous_at_zero_whatever_the_slide_says():
    """The lecture calls it discontinuous; what jumps is the derivative."""
    losses = [absolute_error([error], [0.0])[0] for error in (-1e-12, 0.0, 1e-12)]
    assert losses == pytest.approx([0, 0, 0], abs=2e-12)
    slopes = [absolute_error([error], [0.0])[1][0] for error in (-1e-12, 1e-12)]
    assert slopes == [-1, 1]


def test_absolute_error_is_least_at_the_median_and_squared_error_at_the_mean():
    target = np.array([0.0, 1.0, 11.0])
    for loss_function, best in ((absolute_error, 1.0), (squared_error, 4.0)):
        losses = [loss_function(np.full(3, level), target)[0] for level in np.arange(0, 11.5, 0.5)]
        assert np.arange(0, 11.5, 0.5)[np.argmin(losses)] == best


def test_gaussian_nll_of_the_lecture():
    """y = 1.5, prediction 1.1, sigma = 0.5."""
    example = worked_example("gauss-nll")
    loss, gradient = gaussian_nll([1.1], [1.5], sigma=0.5)
    assert loss == pytest.approx(example["nll"], rel=1e-12)
    assert gradient[0] == pytest.approx((1.1 - 1.5) / 0.25, rel=1e-12)
    assert gaussian_nll([1.1], [1.5]) == gaussian_nll([1.1], [1.5], sigma=1)


def test_gaussian_nll_is_a_line_in_the_sum_of_squares_which_the_slide_calls_mse():
    example = worked_example("gauss-nll")
    target = np.array([1.5, -0.2, 0.9])
    sums = [
        squared_error(prediction, target, half=False, reduction="sum")[0]
        for prediction in ([1.1, -0.2, 0.9], [0.0, 1.0, 2.0])
    ]
    nlls = [
        gaussian_nll(prediction, target, sigma=0.5, reduction="sum")[0]
        for prediction in ([1.1, -0.2, 0.9], [0.0, 1.0, 2.0])
    ]
    assert sums[0] == pytest.approx(example["sse"], rel=1e-12)
    assert (nlls[1] - nlls[0]) / (sums[1] - sums[0]) == pytest.approx(example["slope"], rel=1e-12)


def test_the_slide_lost_the_minus_of_the_negative_log_likelihood():
    """Sum log p falls as a prediction gets worse; what is minimised must rise."""
    losses = [gaussian_nll([prediction], [1.5])[0] for prediction in (1.5, 1.1, 0.0)]
    assert losses == sorted(losses)


def test_the_slides_gaussian_density_does_not_integrate_to_one_and_ours_does():
    """The slide divides by sqrt(2 pi^2 sigma) where sqrt(2 pi sigma^2) belongs."""
    sigma, t = 0.5, np.linspace(-6, 6, 2001)
    density = np.exp([-gaussian_nll([0.3], [one], sigma=sigma)[0] for one in t])
    slide = np.exp(-((t - 0.3) ** 2) / (2 * sigma**2)) / np.sqrt(2 * np.pi**2 * sigma)
    assert density.sum() * (t[1] - t[0]) == pytest.approx(1, rel=1e-12)
    assert slide.sum() * (t[1] - t[0]) == pytest.approx(1 / np.sqrt(2 * np.pi), rel=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: signed_error([1.0], [1.0, 2.0]), r"target must be a vector of shape \(1,\)"),
        (lambda: signed_error([], []), "prediction must be a non-empty batch"),
        (lambda: absolute_error([np.nan], [1.0]), "prediction must be finite"),
        (lambda: absolute_error([1.0], [1.0], at_zero=1.5), "at_zero must be at most 1, got 1.5"),
        (lambda: absolute_error([1.0], [1.0], at_zero=-2), "at_zero must be at least -1, got -2"),
        (lambda: gaussian_nll([1.0], [1.0], sigma=0), "sigma must be greater than 0, got 0"),
        (lambda: gaussian_nll([1.0], [[1.0]]), r"target must be a vector of shape \(1,\)"),
    ],
)
def test_what_does_not_fit_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("loss_function", [signed_error, absolute_error, gaussian_nll])
def test_an_unknown_reduction_is_refused(loss_function):
    with pytest.raises(ValueError, match="reduction must be 'mean' or 'sum', got 'max'"):
        loss_function([1.0], [1.0], reduction="max")
