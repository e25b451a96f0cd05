"""Activations: values, derivatives, and what happens far out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import reference
from reference import ACTIVATIONS
from tests.reference.worked import worked_example

moderate = st.floats(-30, 30)
logit_batches = arrays(np.float64, (3, 4), elements=moderate)


def slope(function, z, h=1e-3):
    """Central difference with one Richardson step: error of order h^4."""
    coarse = (function(z + h) - function(z - h)) / (2 * h)
    fine = (function(z + h / 2) - function(z - h / 2)) / h
    return (4 * fine - coarse) / 3


def test_relu_is_the_positive_part():
    np.testing.assert_array_equal([0, 0, 0.5], reference.relu([-2.0, 0.0, 0.5]))


@pytest.mark.parametrize("at_zero", [0.0, 0.5, 1.0])
def test_relu_takes_the_subgradient_at_zero_that_is_asked_for(at_zero):
    derivative = reference.relu_derivative([-1.0, 0.0, 2.0], at_zero)
    np.testing.assert_array_equal([0, at_zero, 1], derivative)


def test_relu_subgradient_at_zero_is_zero_unless_asked():
    assert reference.relu_derivative([0.0])[0] == 0


def test_the_lectures_disagree_on_the_slope_of_relu_at_zero_and_either_can_be_had():
    """Lectures 000 and 001 write 1 for x >= 0, lecture 003 writes 0 for z <= 0."""
    slopes = worked_example("relu0")
    assert reference.relu_derivative(0.0) == slopes["seed_003"]
    assert reference.relu_derivative(0.0, at_zero=1) == slopes["seeds_000_001"]


def test_relu_refuses_a_number_that_is_no_subgradient():
    with pytest.raises(ValueError, match=r"at_zero must be a subgradient of ReLU.*got 2"):
        reference.relu_derivative([0.0], at_zero=2)


def test_sigmoid_neuron_of_the_lecture():
    """w = (2, -3, -3), x = (-1, -2): z = 1, and dp/dz = p (1 - p)."""
    assert reference.sigmoid(1.0) == pytest.approx(0.73105857863000488, rel=1e-15)
    assert reference.sigmoid_derivative(1.0) == pytest.approx(0.19661193324148185, rel=1e-15)


def test_tanh_derivative_of_the_lecture():
    example = worked_example("tanh-deriv")
    assert reference.tanh_derivative(example["z"]) == pytest.approx(example["v"], rel=1e-15)


def test_sigmoid_derivative_keeps_its_digits_where_one_minus_sigmoid_has_none_left():
    assert reference.sigmoid_derivative(40.0) == pytest.approx(np.exp(-40.0), rel=1e-15, abs=0)


def test_tanh_derivative_keeps_its_digits_where_one_minus_tanh_squared_is_zero():
    assert reference.tanh_derivative(-25.0) == pytest.approx(4 * np.exp(-50.0), rel=1e-15, abs=0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=lambda a: a.name)
def test_far_out_everything_is_finite_and_keeps_its_dtype(activation, dtype):
    z = np.array([-800, 0, 800], dtype=dtype)
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        for values in (activation.function(z), activation.derivative(z)):
            assert values.dtype == dtype
            assert np.isfinite(values).all()


@given(z=arrays(np.float64, 5, elements=st.floats(0.01, 5) | st.floats(-5, -0.01)))
def test_every_derivative_is_the_slope_of_its_function(z):
    for activation in ACTIVATIONS.values():
        expected = slope(activation.function, z)
        np.testing.assert_allclose(activation.derivative(z), expected, rtol=1e-8, atol=1e-10)


def test_integers_are_computed_in_float64():
    assert reference.sigmoid([0, 1]).dtype == np.float64


def test_identity_does_not_hand_out_its_argument():
    z = np.ones(2)
    reference.identity(z)[0] = 7
    np.testing.assert_array_equal([1, 1], z)


def test_softmax_by_hand():
    """Logits log 1, log 2, log 5 have odds 1 : 2 : 5."""
    np.testing.assert_allclose(
        reference.softmax(np.log([[1.0, 2.0, 5.0]])), [[0.125, 0.25, 0.625]], rtol=1e-15
    )


@given(logits=logit_batches, shift=moderate)
def test_adding_one_number_to_all_logits_leaves_softmax_unchanged(logits, shift):
    np.testing.assert_allclose(
        reference.softmax(logits + shift), reference.softmax(logits), rtol=1e-12
    )


@given(logits=logit_batches)
def test_softmax_is_a_distribution_and_log_softmax_its_logarithm(logits):
    p = reference.softmax(logits)
    np.testing.assert_allclose(p.sum(axis=1), np.ones(3), rtol=1e-14)
    np.testing.assert_allclose(reference.log_softmax(logits), np.log(p), rtol=1e-12, atol=1e-14)


def test_softmax_along_the_first_axis_is_that_of_the_transpose():
    logits = np.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(reference.softmax(logits.T).T, reference.softmax(logits, axis=0))


def test_with_two_classes_softmax_is_the_sigmoid_of_the_difference():
    for z in (-800.0, -3.0, 0.0, 40.0):
        logits = np.array([z, 0.0])
        p, slope_of_p = reference.sigmoid(z), reference.sigmoid_derivative(z)
        np.testing.assert_allclose(reference.softmax(logits)[0], p, rtol=1e-15)
        np.testing.assert_allclose(
            reference.softmax_derivative(logits), slope_of_p * np.array([[1, -1], [-1, 1]]), 1e-15
        )


def test_a_sure_class_keeps_the_digits_of_what_it_lacks():
    """p = 1 / (1 + e^-40) rounds to 1; log p = -log(1 + e^-40), and 1 - p = e^-40 p do not."""
    logits = np.array([40.0, 0.0])
    doubt = np.exp(-40.0)
    assert reference.softmax(logits)[0] == 1
    assert reference.log_softmax(logits)[0] == pytest.approx(-np.log1p(doubt), rel=1e-15, abs=0)
    assert reference.log_softmax_derivative(logits)[0, 0] == pytest.approx(doubt, rel=1e-15, abs=0)


def test_the_softmax_of_a_hopeless_class_keeps_its_digits():
    """e^-599 / 2; through the logarithm, the rounding of 599.7 would be one of p."""
    p = reference.softmax([-599.0, 0.0, 0.0])
    assert p[0] == pytest.approx(np.exp(-599.0) / 2, rel=1e-15, abs=0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_softmax_and_its_jacobians_are_finite_far_out_and_keep_their_dtype(dtype):
    logits = np.array([800, 0, -800], dtype=dtype)
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        for function in (
            reference.softmax,
            reference.softmax_derivative,
            reference.log_softmax_derivative,
        ):
            assert function(logits).dtype == dtype
            assert np.isfinite(function(logits)).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_log_softmax_is_an_ordinary_number_where_softmax_underflows(dtype):
    log_p = reference.log_softmax(np.array([[800, 0, -800]], dtype=dtype))
    assert log_p.dtype == dtype
    np.testing.assert_array_equal([[0, -800, -1600]], log_p)


@given(logits=arrays(np.float64, 4, elements=st.floats(-3, 3)))
def test_softmax_jacobians_are_the_slopes_along_each_logit(logits):
    for function, jacobian in (
        (reference.softmax, reference.softmax_derivative(logits)),
        (reference.log_softmax, reference.log_softmax_derivative(logits)),
    ):
        columns = [
            slope(lambda t, axis=axis, f=function: f(logits + t * axis), 0.0) for axis in np.eye(4)
        ]
        np.testing.assert_allclose(jacobian, np.stack(columns, axis=1), rtol=1e-8, atol=1e-10)


def test_jacobians_of_a_batch_are_those_of_its_samples():
    logits = np.array([[0.0, 1.0], [2.0, -1.0]])
    for derivative in (reference.softmax_derivative, reference.log_softmax_derivative):
        np.testing.assert_array_equal(
            np.stack([derivative(row) for row in logits]), derivative(logits)
        )


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ([1.0, np.nan, np.inf], "z must be finite, got 2 NaN or infinite entries of 3"),
        (["a"], "z must be an array of real numbers, got dtype <U1"),
        ([1j], "z must be an array of real numbers, got dtype complex128"),
    ],
)
def test_bad_numbers_are_named(argument, message):
    for activation in ACTIVATIONS.values():
        with pytest.raises(ValueError, match=message):
            activation.function(argument)
        with pytest.raises(ValueError, match=message):
            activation.derivative(argument)


@pytest.mark.parametrize("logits", [3.0, np.zeros((0, 3)), np.zeros((3, 0))])
def test_softmax_needs_samples_and_classes(logits):
    with pytest.raises(ValueError, match="logits must have samples and classes"):
        reference.softmax(logits)
