"""Scalers: the figures of the training samples, and of no others."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from reference.fitted import NotFittedError
from reference.preprocessing.scaling import MinMaxScaler, StandardScaler

SCALERS = [StandardScaler, MinMaxScaler]
tables = arrays(np.float64, (5, 3), elements=st.floats(-1e3, 1e3))


def test_standard_scaling_by_hand():
    """1, 2, 3, 6: mean 3, deviations -2, -1, 0, 3, variance 14/4."""
    scaler = StandardScaler()
    scaled = scaler.fit_transform([[1], [2], [3], [6]])
    assert scaler.mean == pytest.approx([3], rel=1e-15)
    assert scaler.scale == pytest.approx([np.sqrt(3.5)], rel=1e-15)
    np.testing.assert_allclose(scaled[:, 0], np.array([-2, -1, 0, 3]) / np.sqrt(3.5), rtol=1e-15)


def test_min_max_scaling_by_hand():
    np.testing.assert_array_equal([[0], [0.25], [1]], MinMaxScaler().fit_transform([[2], [3], [6]]))
    np.testing.assert_array_equal(
        [[-1], [-0.5], [1]], MinMaxScaler(-1, 1).fit_transform([[2], [3], [6]])
    )


@pytest.mark.parametrize("scaler", SCALERS)
def test_test_samples_have_no_say_in_the_scale(scaler):
    train, test = np.array([[0.0], [2.0]]), np.array([[100.0], [-100.0]])
    fitted = scaler().fit(train)
    before = fitted.transform(train)
    scaled = fitted.transform(test)
    np.testing.assert_array_equal(before, fitted.transform(train))
    np.testing.assert_array_equal(scaled[0], fitted.transform(test[:1])[0])
    assert np.abs(scaled).max() > 40


@settings(max_examples=40)
@given(X=tables)
def test_standardised_training_samples_have_mean_zero_and_deviation_one(X):
    X[:, 0] = np.arange(5)  # one feature at least varies
    scaled = StandardScaler().fit_transform(X)
    varies = X.max(axis=0) - X.min(axis=0) > 1e-6
    np.testing.assert_allclose(scaled[:, varies].mean(axis=0), 0, atol=1e-8)
    np.testing.assert_allclose(scaled[:, varies].std(axis=0), 1, rtol=1e-8)


@settings(max_examples=40)
@given(X=tables)
def test_min_max_scaled_training_samples_reach_both_ends_of_the_interval(X):
    scaled = MinMaxScaler().fit_transform(X)
    varies = X.max(axis=0) > X.min(axis=0)
    np.testing.assert_array_equal(scaled.min(axis=0), 0)
    np.testing.assert_array_equal(scaled.max(axis=0), varies.astype(float))


@settings(max_examples=40)
@given(X=tables, low=st.floats(-3, 0), high=st.floats(1, 3))
def test_scaling_is_undone(X, low, high):
    for scaler in (StandardScaler(), MinMaxScaler(low, high)):
        undone = scaler.inverse_transform(scaler.fit_transform(X))
        np.testing.assert_allclose(undone, X, rtol=1e-12, atol=1e-12 * np.abs(X).max())


def test_a_constant_feature_keeps_its_scale():
    """The mean of ten times 0.1 is not 0.1: the rounding must not be blown up to a feature."""
    X = np.full((10, 1), 0.1)
    for scaler, expected in ((StandardScaler(), 0), (MinMaxScaler(2, 3), 2)):
        np.testing.assert_array_equal(scaler.fit_transform(X), expected)
        np.testing.assert_allclose(scaler.transform([[1.1]]), expected + 1, rtol=1e-15)
        np.testing.assert_allclose(scaler.inverse_transform([[expected + 1]]), 1.1, rtol=1e-15)


@pytest.mark.parametrize("size", [1e-200, 1e200])
@pytest.mark.parametrize("scaler", SCALERS)
def test_very_large_and_very_small_features_are_scaled_alike(scaler, size):
    X = np.array([[1.0], [2.0], [4.0]])
    np.testing.assert_allclose(
        scaler().fit_transform(X * size), scaler().fit_transform(X), atol=1e-15
    )


@pytest.mark.parametrize("scaler", SCALERS)
def test_samples_are_not_scaled_in_place_and_single_precision_stays(scaler):
    X = np.array([[1.0, 5.0], [2.0, 3.0]], dtype=np.float32)
    before = X.copy()
    fitted = scaler()
    scaled = fitted.fit_transform(X)
    assert scaled.dtype == np.float32
    assert fitted.inverse_transform(scaled).dtype == np.float32
    np.testing.assert_array_equal(before, X)


@pytest.mark.parametrize("scaler", SCALERS)
def test_a_scaler_must_be_fitted_first(scaler):
    for ask in (scaler().transform, scaler().inverse_transform):
        with pytest.raises(NotFittedError, match=f"{scaler.__name__} must be fitted first"):
            ask([[1.0]])


@pytest.mark.parametrize("scaler", SCALERS)
@pytest.mark.parametrize(
    ("X", "message"),
    [
        (np.zeros((0, 2)), r"X must be a matrix of shape .*\(empty\)"),
        ([1.0, 2.0], "X must be a matrix of shape"),
        ([[np.nan, 1.0]], "X must be finite, got 1 NaN"),
        ([["a", "b"]], "X must be an array of real numbers"),
    ],
)
def test_what_is_no_table_of_numbers_is_refused(scaler, X, message):
    fitted = scaler().fit([[1.0, 2.0], [3.0, 5.0]])
    for use in (scaler().fit, fitted.transform, fitted.inverse_transform):
        with pytest.raises(ValueError, match=message):
            use(X)


@pytest.mark.parametrize("scaler", SCALERS)
def test_another_number_of_features_is_refused(scaler):
    fitted = scaler().fit([[1.0, 2.0], [3.0, 5.0]])
    for use in (fitted.transform, fitted.inverse_transform):
        with pytest.raises(ValueError, match=r"X must be a matrix of shape \(n_samples, 2\)"):
            use([[1.0]])


def test_an_interval_has_a_lower_end():
    with pytest.raises(ValueError, match="high must be greater than 1, got 1"):
        MinMaxScaler(1, 1)
