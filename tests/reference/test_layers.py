"""Layers: forward by hand, backward against the slope of forward."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reference
from reference import ACTIVATIONS, numdiff
from reference.layers.dense import activation_backward, activation_forward

sizes = st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(1, 5))
seeds = st.integers(0, 2**32 - 1)


def directional_slope(function, x, direction):
    """Exact for a function that is at most quadratic along the line."""
    return (function(x + direction) - function(x - direction)) / 2


def test_affine_by_hand():
    out, cache = reference.affine_forward(
        [[1.0, 2.0]], [[1.0, 0.0, -1.0], [2.0, 1.0, 0.0]], [0.5, 0.0, 1.0]
    )
    np.testing.assert_array_equal([[5.5, 2.0, 0.0]], out)
    grad_X, grad_W, grad_b = reference.affine_backward([[1.0, -1.0, 2.0]], cache)
    np.testing.assert_array_equal([[-1.0, 1.0]], grad_X)
    np.testing.assert_array_equal([[1.0, -1.0, 2.0], [2.0, -2.0, 4.0]], grad_W)
    np.testing.assert_array_equal([1.0, -1.0, 2.0], grad_b)


@given(size=sizes, seed=seeds)
def test_affine_backward_is_the_slope_of_affine_forward(size, seed):
    n, d, m = size
    rng = np.random.default_rng(seed)
    arguments = [rng.normal(size=shape) for shape in ((n, d), (d, m), (m,))]
    grad_out = rng.normal(size=(n, m))
    _, cache = reference.affine_forward(*arguments)
    for position, gradient in enumerate(reference.affine_backward(grad_out, cache)):
        direction = rng.normal(size=gradient.shape)

        def scalar(moved, position=position):
            replaced = [*arguments[:position], moved, *arguments[position + 1 :]]
            return (reference.affine_forward(*replaced)[0] * grad_out).sum()

        expected = directional_slope(scalar, arguments[position], direction)
        np.testing.assert_allclose((gradient * direction).sum(), expected, rtol=1e-9, atol=1e-10)


def test_relu_lets_the_gradient_through_where_its_argument_is_positive():
    out, cache = reference.relu_forward([[1.0, -2.0], [0.0, 3.0]])
    np.testing.assert_array_equal([[1, 0], [0, 3]], out)
    grad_out = [[5.0, 6.0], [7.0, 8.0]]
    np.testing.assert_array_equal([[5, 0], [0, 8]], reference.relu_backward(grad_out, cache))
    np.testing.assert_array_equal(
        [[5, 0], [7, 8]], reference.relu_backward(grad_out, cache, at_zero=1)
    )


def test_float32_stays_float32():
    ones = np.ones((2, 2), dtype=np.float32)
    out, cache = reference.affine_forward(ones, ones, ones[0])
    hidden, relu_cache = reference.relu_forward(out)
    gradients = reference.affine_backward(reference.relu_backward(hidden, relu_cache), cache)
    assert {np.dtype(np.float32)} == {array.dtype for array in (out, hidden, *gradients)}


@pytest.mark.parametrize(
    ("X", "W", "b", "message"),
    [
        (
            np.ones(3),
            np.ones((3, 2)),
            np.ones(2),
            r"X must be a matrix of shape \(N, D\), got shape \(3,\)",
        ),
        (np.ones((0, 3)), np.ones((3, 2)), np.ones(2), r"X must .* got shape \(0, 3\) \(empty\)"),
        (
            np.ones((1, 3)),
            np.ones((2, 3)),
            np.ones(3),
            r"W must be .* \(3, M\), got shape \(2, 3\)",
        ),
        (np.ones((1, 3)), np.ones((3, 2)), np.ones((1, 2)), r"b must be a vector of shape \(2,\)"),
        (np.ones((1, 3)), np.full((3, 2), np.nan), np.ones(2), r"W must be finite, got 6"),
    ],
)
def test_affine_names_the_argument_that_does_not_fit(X, W, b, message):
    with pytest.raises(ValueError, match=message):
        reference.affine_forward(X, W, b)


def test_backward_refuses_a_gradient_of_another_shape():
    _, cache = reference.affine_forward(np.ones((4, 3)), np.ones((3, 2)), np.ones(2))
    with pytest.raises(ValueError, match=r"grad_out must be a matrix of shape \(4, 2\)"):
        reference.affine_backward(np.ones((2, 4)), cache)
    _, relu_cache = reference.relu_forward(np.ones((4, 3)))
    with pytest.raises(ValueError, match=r"grad_out must be a matrix of shape \(4, 3\)"):
        reference.relu_backward(np.ones(3), relu_cache)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_layer_is_the_activation_and_its_derivative(name):
    Z, grad_out = np.array([[-1.5, 0.3], [0.7, -0.2]]), np.array([[1.0, -2.0], [0.5, 3.0]])
    out, cache = activation_forward(Z, name)
    np.testing.assert_array_equal(ACTIVATIONS[name].function(Z), out)
    slope = numdiff.gradient(lambda moved: (activation_forward(moved, name)[0] * grad_out).sum(), Z)
    np.testing.assert_allclose(activation_backward(grad_out, cache), slope, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_layer_is_finite_far_out_and_keeps_its_dtype(name, dtype):
    Z = np.array([[-800, 800]], dtype=dtype)
    out, cache = activation_forward(Z, name)
    for array in (out, activation_backward(np.ones_like(Z), cache)):
        assert array.dtype == dtype
        assert np.isfinite(array).all()


def test_an_activation_layer_names_what_does_not_fit():
    with pytest.raises(ValueError, match=r"activation must be one of identity, .*, got 'sign'"):
        activation_forward([1.0], "sign")
    with pytest.raises(ValueError, match="Z must be finite"):
        activation_forward([np.nan], "tanh")
    _, cache = activation_forward(np.ones((4, 3)), "tanh")
    with pytest.raises(ValueError, match=r"grad_out must be a matrix of shape \(4, 3\)"):
        activation_backward(np.ones((3, 4)), cache)
