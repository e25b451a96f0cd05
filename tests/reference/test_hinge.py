"""Hinges: by hand, their slopes, the subgradients where they bend, and how they relate."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference import numdiff
from reference.losses.hinge import binary_hinge, crammer_singer_hinge, weston_watkins_hinge

seeds = st.integers(0, 2**32 - 1)
MULTICLASS = [weston_watkins_hinge, crammer_singer_hinge]


def random_scores(seed, n_samples=4, n_classes=3):
    rng = np.random.default_rng(seed)
    return 2 * rng.normal(size=(n_samples, n_classes)), rng.integers(n_classes, size=n_samples)


@pytest.mark.parametrize(
    ("options", "expected", "slopes"),
    [
        ({}, 3.5 / 3, [0, -1 / 3, 1 / 3]),
        ({"reduction": "sum"}, 3.5, [0, -1, 1]),
        ({"squared": True, "reduction": "sum"}, 9.25, [0, -1, 6]),
    ],
)
def test_binary_hinge_by_hand(options, expected, slopes):
    """Margins 2, 1/2 and -2 lack 0, 1/2 and 3 of 1."""
    loss, gradient = binary_hinge([2.0, 0.5, 2.0], [1, 1, -1], **options)
    assert loss == pytest.approx(expected, rel=1e-15)
    np.testing.assert_allclose(gradient, slopes, rtol=1e-15)


@pytest.mark.parametrize(
    ("loss_function", "squared", "expected", "slopes"),
    [
        (weston_watkins_hinge, False, 3.5, [-2, 1, 1]),
        (weston_watkins_hinge, True, 9.25, [-7, 6, 1]),
        (crammer_singer_hinge, False, 3, [-1, 1, 0]),
        (crammer_singer_hinge, True, 9, [-6, 6, 0]),
    ],
)
def test_multiclass_hinges_by_hand(loss_function, squared, expected, slopes):
    """Scores 1, 3, 1/2 with label 0: the margins -2 and 1/2 lack 3 and 1/2 of 1."""
    loss, gradient = loss_function([[1.0, 3.0, 0.5]], [0], squared=squared)
    assert loss == pytest.approx(expected, rel=1e-15)
    np.testing.assert_allclose(gradient, [slopes], rtol=1e-15)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("squared", [False, True])
@given(seed=seeds)
@settings(max_examples=10, deadline=None)
def test_every_gradient_is_the_slope_of_its_loss(squared, reduction, seed):
    scores, y = random_scores(seed)
    options = {"squared": squared, "reduction": reduction}
    for loss_function, z, labels in (
        (binary_hinge, scores[:, 0], np.where(y > 0, 1, -1)),
        (weston_watkins_hinge, scores, y),
        (crammer_singer_hinge, scores, y),
    ):
        _, gradient = loss_function(z, labels, **options)

        def loss_at(moved, loss_function=loss_function, labels=labels):
            return loss_function(moved, labels, **options)[0]

        slope = numdiff.gradient(loss_at, z)
        is_smooth = ~np.isnan(slope)
        assert is_smooth.any()
        np.testing.assert_allclose(gradient[is_smooth], slope[is_smooth], rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("at_zero", [0.0, 0.25, 1.0])
def test_where_the_margin_is_one_the_subgradient_is_the_one_that_is_asked_for(at_zero):
    _, gradient = binary_hinge([1.0, -1.0], [1, -1], at_zero=at_zero, reduction="sum")
    np.testing.assert_array_equal([-at_zero, at_zero], gradient)
    for loss_function in MULTICLASS:
        _, gradient = loss_function([[2.0, 1.0]], [0], at_zero=at_zero)
        np.testing.assert_array_equal([[-at_zero, at_zero]], gradient)


def test_the_squared_hinge_has_a_derivative_where_the_margin_is_one():
    _, gradient = binary_hinge([1.0], [1], squared=True, at_zero=1)
    assert gradient[0] == 0


@given(seed=seeds, squared=st.booleans())
def test_with_two_classes_all_hinges_are_that_of_the_difference(seed, squared):
    scores, y = random_scores(seed, n_classes=2)
    binary, slope = binary_hinge(scores[:, 1] - scores[:, 0], 2 * y - 1, squared=squared)
    for loss_function in MULTICLASS:
        loss, gradient = loss_function(scores, y, squared=squared)
        assert loss == pytest.approx(binary, rel=1e-12)
        np.testing.assert_allclose(gradient, np.stack([-slope, slope], axis=1), rtol=1e-12)


@given(seed=seeds)
def test_the_best_wrong_class_costs_at_most_what_all_of_them_do(seed):
    scores, y = random_scores(seed)
    assert crammer_singer_hinge(scores, y)[0] <= weston_watkins_hinge(scores, y)[0]


@pytest.mark.parametrize("loss_function", MULTICLASS)
def test_a_margin_of_one_over_all_classes_costs_nothing(loss_function):
    loss, gradient = loss_function([[1.0, 2.5, 1.5], [800.0, -800.0, 0.0]], [1, 0])
    assert loss == 0
    assert not gradient.any()


def test_of_wrong_classes_that_tie_the_first_is_taken():
    _, gradient = crammer_singer_hinge([[0.0, 0.5, 0.5]], [0])
    np.testing.assert_array_equal([[-1, 1, 0]], gradient)


@pytest.mark.parametrize("squared", [False, True])
def test_single_precision_stays_so(squared):
    scores = np.array([[800, -800]], dtype=np.float32)
    for loss_function in MULTICLASS:
        assert loss_function(scores, [1], squared=squared)[1].dtype == np.float32
    assert binary_hinge(scores[0], [1, -1], squared=squared)[1].dtype == np.float32


@pytest.mark.parametrize("loss_function", MULTICLASS)
@pytest.mark.parametrize(
    ("scores", "y", "options", "message"),
    [
        ([1.0, 2.0], [0], {}, "scores must be a matrix"),
        ([[1.0]], [0], {}, r"scores must have two classes or more, got shape \(1, 1\)"),
        (np.zeros((0, 2)), [], {}, r"scores must .*\(empty\)"),
        ([[1.0, np.nan]], [0], {}, "scores must be finite"),
        ([[1.0, 2.0]], [2], {}, r"y must be labels in 0\.\.1, got 2\.\.2"),
        ([[1.0, 2.0]], [0, 1], {}, r"y must be a vector of shape \(1,\)"),
        ([[1.0, 2.0]], [0], {"at_zero": 2}, "at_zero must be a subgradient of ReLU"),
        ([[1.0, 2.0]], [0], {"reduction": "max"}, "reduction must be 'mean' or 'sum'"),
    ],
)
def test_multiclass_hinges_name_what_does_not_fit(loss_function, scores, y, options, message):
    with pytest.raises(ValueError, match=message):
        loss_function(scores, y, **options)


@pytest.mark.parametrize(
    ("scores", "y", "options", "message"),
    [
        ([[1.0]], [1], {}, "scores must be a vector"),
        ([], [], {}, r"scores must .*\(empty\)"),
        ([1.0], [0], {}, r"y must hold only -1 and \+1, got 0"),
        ([1.0], [1, 1], {}, r"y must be a vector of shape \(1,\)"),
        ([1.0], [1], {"at_zero": -1}, "at_zero must be at least 0"),
        ([1.0], [1], {"reduction": "max"}, "reduction must be 'mean' or 'sum'"),
    ],
)
def test_the_binary_hinge_names_what_does_not_fit(scores, y, options, message):
    with pytest.raises(ValueError, match=message):
        binary_hinge(scores, y, **options)
