"""Kernels: values of the lecture, inner products of features that can be written down, bounds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.kernels import (
    Kernel,
    gamma_of_scale,
    linear_kernel,
    polynomial_kernel,
    rbf_kernel,
    sigmoid_kernel,
)
from tests.reference.worked import worked_example

LECTURE = worked_example("kernels")
seeds = st.integers(0, 2**32 - 1)


def every_kernel(gamma=0.3):
    return (
        Kernel("linear"),
        Kernel("polynomial", gamma, coef0=1.0, degree=3),
        Kernel("rbf", gamma),
        Kernel("sigmoid", gamma, coef0=-0.5),
    )


def test_kernels_of_the_lecture():
    X, Z = [LECTURE["x"]], [LECTURE["x2"]]
    gamma, coef0, degree = LECTURE["gamma"], LECTURE["r"], LECTURE["d"]
    polynomial = polynomial_kernel(X, Z, gamma=gamma, coef0=coef0, degree=degree)
    assert LECTURE["poly"] == pytest.approx(polynomial.item(), rel=1e-12)
    assert LECTURE["rbf"] == pytest.approx(rbf_kernel(X, Z, gamma=gamma).item(), rel=1e-12)
    sigmoid = sigmoid_kernel(X, Z, gamma=gamma, coef0=coef0)
    assert LECTURE["sigmoid"] == pytest.approx(sigmoid.item(), rel=1e-12)
    assert 1.0 == linear_kernel(X, Z).item()


@given(seed=seeds)
def test_a_polynomial_kernel_is_an_inner_product_of_all_products_of_features(seed):
    """(x z + 1)^2 over one feature is the product of (1, sqrt 2 x, x^2) and (1, sqrt 2 z, z^2)."""
    x = np.random.default_rng(seed).normal(size=5)
    features = np.column_stack((np.ones(5), np.sqrt(2) * x, x**2))
    K = polynomial_kernel(x[:, np.newaxis], gamma=1.0, coef0=1.0, degree=2)
    np.testing.assert_allclose(features @ features.T, K, rtol=1e-12, atol=1e-13)


@given(seed=seeds)
def test_an_rbf_kernel_is_a_function_of_the_distance(seed):
    rng = np.random.default_rng(seed)
    X, Z = rng.normal(size=(4, 3)), rng.normal(size=(5, 3))
    differences = X[:, np.newaxis] - Z
    expected = np.exp(-0.7 * (differences**2).sum(axis=2))
    np.testing.assert_allclose(expected, rbf_kernel(X, Z, gamma=0.7), rtol=1e-12)


def test_distances_keep_their_digits_far_from_the_origin():
    """Without its mean taken out, |x|^2 of 1e16 would leave nothing of a distance of 1."""
    X = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0]])
    np.testing.assert_allclose(rbf_kernel(X, gamma=0.5), rbf_kernel(X + 1e8, gamma=0.5), rtol=1e-12)


@given(seed=seeds, gamma=st.sampled_from([1e-12, 1e-3, 1.0, 1e6]))
def test_an_rbf_kernel_is_one_on_the_diagonal_and_never_more(seed, gamma):
    X = np.random.default_rng(seed).normal(size=(8, 3)) * 100
    X[3] = X[4] + 1e-9
    K = rbf_kernel(X, gamma=gamma)
    assert (np.diagonal(K) == 1).all()
    assert K.max() == 1
    assert K.min() >= 0
    assert rbf_kernel(X, X, gamma=gamma).max() <= 1


@given(seed=seeds)
def test_without_a_second_argument_the_samples_meet_themselves(seed):
    X = np.random.default_rng(seed).normal(size=(6, 3))
    for kernel in every_kernel():
        K = kernel(X)
        np.testing.assert_array_equal(K, K.T)
        np.testing.assert_allclose(kernel(X, X.copy()), K, rtol=1e-12, atol=1e-14)


@given(seed=seeds)
def test_all_but_the_sigmoid_kernel_are_positive_semi_definite(seed):
    X = np.random.default_rng(seed).normal(size=(6, 3))
    for kernel in every_kernel():
        if kernel.name != "sigmoid":
            K = kernel(X)
            assert np.linalg.eigvalsh(K).min() >= -1e-12 * np.abs(K).max()


def test_a_sigmoid_kernel_may_be_indefinite():
    K = sigmoid_kernel([[1.0], [2.0]], gamma=1.0, coef0=-1.0)
    assert np.linalg.eigvalsh(K).min() < -0.1


def test_scale_is_one_over_the_features_times_the_variance_of_all_entries():
    X = np.array([[0.0, 2.0], [4.0, 6.0]])  # mean 3, variance 5
    assert 0.1 == gamma_of_scale(X)
    np.testing.assert_array_equal(rbf_kernel(X, gamma=0.1), rbf_kernel(X))
    np.testing.assert_array_equal(rbf_kernel(X), rbf_kernel(X, gamma="scale"))


def test_scale_makes_a_kernel_independent_of_the_unit():
    X = np.random.default_rng(0).normal(size=(5, 2))
    np.testing.assert_allclose(rbf_kernel(X), rbf_kernel(1000 * X), rtol=1e-12)
    np.testing.assert_allclose(polynomial_kernel(X), polynomial_kernel(1000 * X), rtol=1e-12)


def test_samples_that_are_all_equal_have_no_scale():
    assert 1.0 == gamma_of_scale(np.full((3, 2), 7.0))


def test_single_precision_stays_and_can_be_asked_for():
    X = np.random.default_rng(0).normal(size=(5, 2))
    for kernel in every_kernel():
        assert kernel(X.astype(np.float32)).dtype == np.float32
        K = kernel(X, dtype=np.float32)
        assert K.dtype == np.float32
        np.testing.assert_allclose(kernel(X), K, rtol=1e-5, atol=1e-6)


def test_the_samples_are_not_changed():
    X = np.arange(6.0).reshape(3, 2)
    for kernel in every_kernel():
        kernel(X)
        kernel(X, X)
    np.testing.assert_array_equal(np.arange(6.0).reshape(3, 2), X)


@pytest.mark.parametrize(
    ("kernel", "parameters", "message"),
    [
        (rbf_kernel, {"gamma": 0.0}, r"gamma must be greater than 0, got 0"),
        (sigmoid_kernel, {"gamma": -1.0}, r"gamma must be greater than 0, got -1"),
        (rbf_kernel, {"gamma": "auto"}, r"gamma must be one of scale, got 'auto'"),
        (rbf_kernel, {"Z": [[1.0, 2.0]]}, r"gamma must be a number where Z is given"),
        (polynomial_kernel, {"degree": 0}, r"degree must be at least 1, got 0"),
        (polynomial_kernel, {"degree": 1.5}, r"degree must be a whole number, got 1.5"),
        (polynomial_kernel, {"coef0": -1.0}, r"coef0 must be at least 0, got -1"),
        (sigmoid_kernel, {"coef0": np.nan}, r"coef0 must be finite"),
        (linear_kernel, {"Z": [[1.0]]}, r"Z must be a matrix of shape \(m, 2\)"),
        (polynomial_kernel, {"gamma": 1e300}, r"X must be scaled so that the kernel is finite"),
    ],
)
def test_parameters_of_no_kernel_are_refused(kernel, parameters, message):
    with pytest.raises(ValueError, match=message):
        kernel([[1.0, 2.0], [-3.0, 4.0]], **parameters)


@pytest.mark.parametrize(
    ("X", "message"),
    [
        ([1.0, 2.0], r"X must be a matrix of shape \(n, n_features\)"),
        (np.empty((0, 2)), r"X must be .* got shape \(0, 2\) \(empty\)"),
        ([[1.0, np.nan]], r"X must be finite"),
        ([[1e200, 0.0], [-1e200, 0.0]], r"X must be scaled so that the kernel is finite"),
    ],
)
def test_samples_that_are_none_are_refused(X, message):
    for kernel in every_kernel():
        with pytest.raises(ValueError, match=message):
            kernel(X)


def test_an_unknown_kernel_is_refused():
    with pytest.raises(ValueError, match="kernel must be one of linear, polynomial, rbf, sigmoid"):
        Kernel("cubic")  # type: ignore[arg-type]
