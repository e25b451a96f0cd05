"""Thresholds: what they return at 0, and that they refuse to make up a derivative there."""

from __future__ import annotations

import numpy as np
import pytest

from reference.activations.thresholds import (
    hard_threshold,
    hard_threshold_derivative,
    sign,
    sign_derivative,
)

BOTH = [(hard_threshold, hard_threshold_derivative), (sign, sign_derivative)]


def test_the_hard_threshold_is_one_from_zero_on():
    np.testing.assert_array_equal([0, 0, 1, 1, 1], hard_threshold([-800.0, -1e-300, 0.0, 2.0, 800]))


def test_the_sign_of_zero_is_plus_one():
    np.testing.assert_array_equal([-1, -1, 1, 1, 1], sign([-800.0, -1e-300, 0.0, 2.0, 800]))


@pytest.mark.parametrize(("function", "derivative"), BOTH)
def test_away_from_zero_the_derivative_is_zero(function, derivative):
    z = np.array([[-800.0, -0.5], [1e-300, 800.0]])
    np.testing.assert_array_equal(np.zeros((2, 2)), derivative(z))
    np.testing.assert_array_equal(function(z), function(1.001 * z))


@pytest.mark.parametrize(("function", "derivative"), BOTH)
def test_at_zero_there_is_no_derivative(function, derivative):
    message = rf"z must not be 0, where {function.__name__} jumps .*; got 2 zeros of 3 entries"
    with pytest.raises(ValueError, match=message):
        derivative([0.0, 1.0, -0.0])


@pytest.mark.parametrize("derivative", [hard_threshold_derivative, sign_derivative])
@pytest.mark.parametrize("at_zero", [0, 0.5])
def test_the_slide_takes_zero_for_the_derivative_at_zero_and_so_does_who_asks(derivative, at_zero):
    np.testing.assert_array_equal([0, at_zero, 0], derivative([-1.0, 0.0, 1.0], at_zero))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("function", [one for pair in BOTH for one in pair])
def test_thresholds_keep_the_dtype(function, dtype):
    assert function(np.array([-1, 1], dtype=dtype)).dtype == dtype


@pytest.mark.parametrize("function", [one for pair in BOTH for one in pair])
def test_bad_numbers_are_named(function):
    with pytest.raises(ValueError, match="z must be finite, got 1 NaN"):
        function([np.nan, 1.0])


def test_what_stands_in_for_the_derivative_must_be_a_number():
    with pytest.raises(ValueError, match="at_zero must be finite"):
        sign_derivative([0.0], at_zero=np.inf)
