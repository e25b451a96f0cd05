"""Hessians are right within their error, and tell a convex loss from one that is not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from reference import MLP, squared_error
from reference.hessians import (
    find_nonconvexity,
    hessian,
    hessian_of_gradient,
    is_positive_semidefinite,
)

# A function whose values are subnormal has no digits to differentiate.
points = arrays(np.float64, 3, elements=st.floats(-3, 3, allow_subnormal=False))
A = np.array([[2.0, -1.0, 0.5], [-1.0, 1.0, 0.0], [0.5, 0.0, -3.0]])


def quadratic(x):
    return float(x @ A @ x / 2 + x.sum())


def exponential(x):
    return float(np.exp(x @ np.array([1.0, -0.5, 0.25])))


def exponential_hessian(x):
    a = np.array([1.0, -0.5, 0.25])
    return exponential(x) * np.outer(a, a)


def wave(x):
    return float(np.sin(x[0] * x[1]) + x[1] * np.cos(x[2]))


def wave_gradient(x):
    c = np.cos(x[0] * x[1])
    return np.array([x[1] * c, x[0] * c + np.cos(x[2]), -x[1] * np.sin(x[2])])


def wave_hessian(x):
    s, c = np.sin(x[0] * x[1]), np.cos(x[0] * x[1])
    mixed = c - x[0] * x[1] * s
    last = -np.sin(x[2])
    return np.array([
        [-(x[1] ** 2) * s, mixed, 0],
        [mixed, -(x[0] ** 2) * s, last],
        [0, last, -x[1] * np.cos(x[2])],
    ])  # fmt: skip


SMOOTH = {
    "quadratic": (quadratic, lambda _: A),
    "quadratic beside 1e6": (lambda x: 1e6 + quadratic(x), lambda _: A),
    "exponential": (exponential, exponential_hessian),
    "wave": (wave, wave_hessian),
    "tiny": (lambda x: 1e-9 * wave(x), lambda x: 1e-9 * wave_hessian(x)),
}


@pytest.mark.parametrize("name", SMOOTH)
@settings(max_examples=10, deadline=None)
@given(x=points)
def test_the_error_estimate_covers_the_true_error(name, x):
    f, expected = SMOOTH[name]
    result = hessian(f, x)
    np.testing.assert_array_equal(result.value, result.value.T)
    np.testing.assert_array_equal(result.error, result.error.T)
    assert (np.abs(result.value - expected(x)) <= 4 * result.error + 1e-300).all()


@pytest.mark.parametrize(
    ("name", "atol"),
    [("quadratic", 1e-10), ("exponential", 1e-8), ("wave", 1e-8), ("quadratic beside 1e6", 1e-4)],
)
def test_the_estimate_is_not_only_safe_but_small(name, atol):
    result = hessian(SMOOTH[name][0], np.array([0.7, -0.3, 1.1]))
    assert result.error.max() <= atol
    assert result.eigenvalue_error <= 4 * 3 * atol


@settings(max_examples=10, deadline=None)
@given(x=points)
def test_with_the_gradient_it_has_more_digits(x):
    result = hessian_of_gradient(wave_gradient, x)
    error = np.abs(result.value - wave_hessian(x))
    assert (error <= 4 * result.error + 1e-300).all()
    assert result.error.max() <= 1e-9
    assert result.n_evaluations < hessian(wave, x).n_evaluations


@pytest.mark.parametrize("x", [1e-6, 1.0, 1e5])
def test_the_steps_fit_a_large_and_a_small_x(x):
    point = np.array([x, 2.0])
    result = hessian(lambda p: float(-np.log(p).sum() if (p > 0).all() else np.nan), point)
    np.testing.assert_allclose(result.value[0, 0], x**-2.0, rtol=1e-6)
    np.testing.assert_allclose(result.value[1, 1], 0.25, rtol=1e-6)


def test_a_matrix_of_weights_is_taken_entry_by_entry():
    """f(W) = |W u|^2 / 2: the Hessian is u u^T for each row of W, and 0 between rows."""
    u = np.array([2.0, -1.0])
    result = hessian(lambda W: float(((W @ u) ** 2).sum() / 2), np.array([[1.0, 2.0], [0.5, -1.0]]))
    np.testing.assert_allclose(result.value, np.kron(np.eye(2), np.outer(u, u)), atol=1e-10)


def test_the_argument_is_left_alone():
    x = np.array([0.5, 2.0])

    def greedy(z):
        value = float((z**2).sum())
        z[:] = 7
        return value

    np.testing.assert_allclose(hessian(greedy, x).value, 2 * np.eye(2), atol=1e-8)
    squared_in_place = hessian_of_gradient(lambda z: np.multiply(z, z, out=z), x)
    np.testing.assert_allclose(squared_in_place.value, np.diag(2 * x), atol=1e-8)
    np.testing.assert_array_equal([0.5, 2.0], x)


def test_a_kink_is_no_confident_curvature():
    result = hessian(lambda x: float(abs(x[0])), [0.0])
    assert 4 * result.error[0, 0] >= abs(result.value[0, 0])
    result = hessian_of_gradient(np.abs, [0.0, 1.0])
    assert np.isnan(result.value[0, 0])
    assert result.error[0, 0] == np.inf
    assert result.value[1, 1] == pytest.approx(1)


def test_a_function_that_is_finite_on_one_side_only_has_no_hessian():
    result = hessian(lambda x: float(x[0] ** 2 if x[0] >= 1 else np.inf), [1.0])
    assert np.isnan(result.value[0, 0])
    assert result.error[0, 0] == np.inf


def test_a_field_that_is_no_gradient_is_seen_by_its_asymmetry():
    """(y, -x) turns round the origin: its Jacobian is antisymmetric, and no function has it."""
    result = hessian_of_gradient(lambda x: np.array([x[1], -x[0]]), [0.3, 0.7])
    assert result.error[0, 1] == pytest.approx(1)
    assert hessian_of_gradient(lambda x: x[::-1], [0.3, 0.7]).error[0, 1] < 1e-9


def test_a_matrix_is_positive_semidefinite_if_no_eigenvalue_is_negative():
    u = np.array([[1.0, 2.0, -1.0]])
    verdict = is_positive_semidefinite(u.T @ u)
    assert verdict
    assert abs(verdict.smallest_eigenvalue) < 1e-14
    verdict = is_positive_semidefinite(A)
    assert not verdict
    v = verdict.direction
    assert v @ v == pytest.approx(1)
    assert v @ A @ v == pytest.approx(verdict.smallest_eigenvalue)
    assert verdict.smallest_eigenvalue == pytest.approx(np.linalg.eigvalsh(A).min())


def test_a_tolerance_says_how_negative_an_eigenvalue_may_be():
    H = np.diag([1.0, -1e-6])
    assert not is_positive_semidefinite(H)
    assert is_positive_semidefinite(H, tolerance=1e-5)
    assert is_positive_semidefinite(np.zeros((2, 2)), tolerance=0.0)


def least_squares(rng):
    X, y = rng.normal(size=(20, 4)), rng.normal(size=20)
    return lambda w: squared_error(X @ w, y)[0]


def network(theta):
    """A 2-3-1 network with tanh units, of 13 weights and biases."""
    W1, b1, W2, b2 = np.split(theta, [6, 9, 12])
    return MLP([W1.reshape(2, 3), W2.reshape(3, 1)], [b1, b2], hidden="tanh", loss=squared_error)


def test_the_loss_of_linear_regression_is_convex_wherever_one_looks():
    """The lecture: its Hessian, X^T X / N, is positive semi-definite everywhere."""
    rng = np.random.default_rng(0)
    assert find_nonconvexity(least_squares(rng), 3 * rng.normal(size=(8, 4))) is None


def test_the_loss_of_a_network_is_not_convex_and_a_chord_proves_it():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(8, 2)), rng.normal(size=(8, 1))

    def loss(theta):
        return network(theta).loss(X, y)

    chord = find_nonconvexity(loss, rng.normal(size=(3, 13)))
    assert chord is not None
    ends = (loss(chord.middle + chord.offset) + loss(chord.middle - chord.offset)) / 2
    assert loss(chord.middle) - ends == pytest.approx(chord.excess)
    assert chord.excess > 1e-3
    assert chord.curvature < 0


def test_permuted_hidden_units_are_another_minimum_and_half_way_the_loss_is_higher():
    """The lecture: networks with different weights can be the same function."""
    rng = np.random.default_rng(1)
    theta, X = rng.normal(size=13), rng.normal(size=(8, 2))
    y = network(theta).feed_forward(X)
    W1, b1, W2, b2 = np.split(theta, [6, 9, 12])
    order = [1, 2, 0]
    permuted = np.concatenate([W1.reshape(2, 3)[:, order].ravel(), b1[order], W2[order], b2])
    assert network(theta).loss(X, y) == 0
    assert network(permuted).loss(X, y) < 1e-30
    assert network((theta + permuted) / 2).loss(X, y) > 1e-3


def test_one_point_is_asked_for_as_a_list_of_one():
    assert find_nonconvexity(lambda x: float(x**2), [1.0]) is None
    chord = find_nonconvexity(lambda x: float(x**2 * (x**2 - 2)), [0.1])
    assert chord is not None
    assert chord.middle == pytest.approx(0.1)
    assert chord.curvature == pytest.approx(12 * 0.01 - 4)


def test_an_eigenvalue_is_within_its_error_where_the_function_is_huge():
    result = hessian(lambda x: 1e200 * quadratic(x), np.array([0.7, -0.3, 1.1]))
    expected = 1e200 * np.linalg.eigvalsh(A)
    error = np.abs(np.linalg.eigvalsh(result.value) - expected).max()
    assert error <= result.eigenvalue_error <= 1e-9 * 1e200


def test_no_counterexample_at_a_point_is_no_proof():
    """x^4 - 2 x^2 is convex beyond 1 / sqrt(3), and not between."""

    def f(x):
        return float(x**4 - 2 * x**2)

    assert find_nonconvexity(f, [1.0, -2.0]) is None
    assert find_nonconvexity(f, [1.0, -2.0, 0.0]) is not None


def test_where_there_is_no_hessian_there_is_no_verdict():
    assert (
        find_nonconvexity(lambda x: float(np.sqrt(x[0])) if x[0] >= 0 else np.nan, [[0.0]]) is None
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: hessian(quadratic, [np.nan, 1, 2]), "x must be finite, got 1 NaN"),
        (lambda: hessian_of_gradient(np.sin, [np.inf]), "x must be finite"),
        (
            lambda: hessian_of_gradient(lambda x: x[:1], [1.0, 2.0]),
            r"gradient\(x\) must be a vector",
        ),
        (lambda: hessian_of_gradient(lambda x: x / 0, [1.0]), r"gradient\(x\) must be finite"),
        (lambda: is_positive_semidefinite([1.0]), r"H must be a matrix of shape \(n, n\)"),
        (lambda: is_positive_semidefinite(np.ones((2, 3))), "H must be a matrix of shape"),
        (lambda: is_positive_semidefinite([[1, 2], [3, 1]]), "H must be symmetric, got .* by 1"),
        (lambda: is_positive_semidefinite([[np.nan]]), "H must be finite"),
        (lambda: is_positive_semidefinite([[1.0]], -1.0), "tolerance must be at least 0, got -1"),
        (lambda: find_nonconvexity(quadratic, np.zeros((0, 3))), "points must hold at least one"),
        (lambda: find_nonconvexity(quadratic, 1.0), "points must hold at least one"),
        (lambda: find_nonconvexity(quadratic, [[np.inf, 1, 2]]), "points must be finite"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with np.errstate(all="ignore"), pytest.raises(ValueError, match=message):
        call()
