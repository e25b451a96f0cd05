"""L-BFGS: the minima of known functions, its two loops, and every way of stopping."""

from __future__ import annotations

import math
from collections import deque

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference import MLP
from reference.convergence import ConvergenceWarning
from reference.optimizers.lbfgs import _quasi_newton_direction, minimize_lbfgs

seeds = st.integers(0, 2**32 - 1)


def rosenbrock(x):
    """A curved valley; the minimum 0 is at (1, ..., 1)."""
    a, b = x[:-1], x[1:]
    gradient = np.zeros_like(x)
    gradient[:-1] = -400 * a * (b - a * a) - 2 * (1 - a)
    gradient[1:] += 200 * (b - a * a)
    return float((100 * (b - a * a) ** 2 + (1 - a) ** 2).sum()), gradient


def quadratic(rng, n=8):
    """A positive definite quadratic x A x / 2 - b x, its function and its A and b."""
    root = rng.normal(size=(n, n))
    A, b = root @ root.T + np.eye(n), rng.normal(size=n)
    return (lambda x: (float(0.5 * x @ A @ x - b @ x), A @ x - b)), A, b


@pytest.mark.parametrize("n", [2, 10])
def test_it_follows_the_valley_of_rosenbrock(n):
    result = minimize_lbfgs(rosenbrock, np.resize([-1.2, 1.0], n), gradient_tolerance=1e-9)
    np.testing.assert_allclose(result.x, 1, rtol=1e-8)
    assert result.has_converged
    assert result.n_iterations < 100
    assert result.n_evaluations < 1.5 * result.n_iterations
    expected_loss, expected_gradient = rosenbrock(result.x)
    assert expected_loss == result.loss
    np.testing.assert_array_equal(expected_gradient, result.gradient)


@given(seed=seeds, memory=st.integers(1, 12))
@settings(max_examples=30)
def test_on_a_quadratic_it_ends_where_the_linear_system_is_solved(seed, memory):
    function, A, b = quadratic(np.random.default_rng(seed))
    result = minimize_lbfgs(function, np.zeros(8), memory=memory, gradient_tolerance=1e-6)
    np.testing.assert_allclose(A @ result.x, b, atol=1.001e-6)
    assert result.has_converged
    assert result.reason == "the gradient is below its tolerance"


@given(seed=seeds)
@settings(max_examples=30)
def test_the_two_loops_are_the_product_with_the_bfgs_matrix(seed):
    """H <- V^T H V + s s^T / (y.s) with V = I - y s^T / (y.s), Nocedal and Wright eq. 6.17."""
    rng = np.random.default_rng(seed)
    _, A, _ = quadratic(rng, n=5)
    g = rng.normal(size=5)
    steps = rng.normal(size=(3, 5))
    pairs = deque((s, A @ s, float(s @ A @ s)) for s in steps)
    s, y, curvature = pairs[-1]
    H = np.eye(5) * curvature / (y @ y)
    for s, y, curvature in pairs:
        V = np.eye(5) - np.outer(y, s) / curvature
        H = V.T @ H @ V + np.outer(s, s) / curvature
    np.testing.assert_allclose(_quasi_newton_direction(g, pairs), -H @ g, rtol=1e-9, atol=1e-10)
    np.testing.assert_array_equal(-g, _quasi_newton_direction(g, deque()))


def test_it_trains_a_network_whose_gradients_stand_in_one_buffer(rng):
    """The same array comes back at every call, as from a function that saves allocations."""
    network = MLP.initialise((2, 8, 2), rng, hidden="tanh")
    X = rng.normal(size=(60, 2))
    y = (X[:, 0] * X[:, 1] > 0).astype(int)
    sizes = [a.size for a in (*network.weights, *network.biases)]
    buffer = np.empty(sum(sizes))

    def loss_and_gradient(flat):
        parts = np.split(flat, np.cumsum(sizes)[:-1])
        shaped = [
            part.reshape(a.shape)
            for part, a in zip(parts, (*network.weights, *network.biases), strict=True)
        ]
        moved = MLP(shaped[:2], shaped[2:], hidden="tanh")
        gradients = moved.gradients(X, y, reg=1e-3)
        buffer[:] = np.concatenate([g.ravel() for g in (*gradients.weights, *gradients.biases)])
        return gradients.loss, buffer

    start = np.concatenate([a.ravel() for a in (*network.weights, *network.biases)])
    result = minimize_lbfgs(loss_and_gradient, start, gradient_tolerance=1e-6)
    assert result.has_converged
    assert result.loss < 0.5 * loss_and_gradient(start)[0]


@pytest.mark.parametrize("outside", [math.inf, math.nan])
def test_a_step_out_of_the_domain_is_shortened(outside):
    """x - log(x) has its minimum at 1 and no value at x <= 0, where the first steps lead."""

    def barrier(x):
        if x[0] <= 0:
            return outside, np.array([outside])
        return float(x[0] - np.log(x[0])), 1 - 1 / x

    result = minimize_lbfgs(barrier, [50.0], gradient_tolerance=1e-9)
    assert result.x[0] == pytest.approx(1, rel=1e-8)
    assert result.has_converged


def test_a_step_so_long_that_the_loss_overflows_is_shortened_without_a_warning():
    """exp(x) - 1000 x: where it begins the slope does not change, so the second step is 1e24."""
    result = minimize_lbfgs(
        lambda x: (float(np.exp(x[0]) - 1000 * x[0]), np.exp(x) - 1000), [-50.0]
    )
    assert result.x[0] == pytest.approx(math.log(1000), rel=1e-8)


def test_at_a_stationary_point_it_stays():
    result = minimize_lbfgs(lambda x: (3.0, np.zeros_like(x)), [1.0, 2.0])
    assert (result.n_iterations, result.n_evaluations, result.has_converged) == (0, 1, True)
    np.testing.assert_array_equal([1.0, 2.0], result.x)


def test_stopping_at_the_limit_is_reported():
    with pytest.warns(ConvergenceWarning, match="limit of iterations is reached.* 3 iterations"):
        result = minimize_lbfgs(rosenbrock, [-1.2, 1.0], max_iterations=3)
    assert not result.has_converged
    assert result.n_iterations == 3
    assert result.loss < rosenbrock(np.array([-1.2, 1.0]))[0]


def test_a_wrong_gradient_is_reported():
    with pytest.warns(ConvergenceWarning, match="no lower loss was found along the gradient"):
        result = minimize_lbfgs(lambda x: (float(x @ x), -2 * x), [1.0, 1.0])
    assert not result.has_converged
    np.testing.assert_array_equal([1.0, 1.0], result.x)


def test_a_tolerance_below_the_rounding_of_the_function_is_reported_and_soon():
    """The loss is rounded to multiples of 1e-6, and so is the gradient, which is never 0."""

    def rounded(x):
        return round(float(x @ x), 6), np.round(2 * x, 6) + 5e-7

    with pytest.warns(ConvergenceWarning, match="after .* iterations"):
        result = minimize_lbfgs(rounded, [0.3, 0.7], gradient_tolerance=1e-12)
    assert not result.has_converged
    assert result.n_evaluations < 300
    np.testing.assert_allclose(result.x, 0, atol=1e-3)


@pytest.mark.parametrize("seed", range(5))
def test_where_rounding_hides_the_fall_of_the_loss_its_slope_leads_on(seed):
    """The loss, near 100, is rounded to 1e-14; the gradient still gets to 1e-11."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(300, 12))
    signs = np.sign(X @ rng.normal(size=12) + rng.normal(size=300))

    def logistic(w):
        margin = signs * (X @ w)
        loss = np.logaddexp(0, -margin).sum() + 0.5 * w @ w
        return loss, w - X.T @ (signs / (1 + np.exp(margin)))

    assert minimize_lbfgs(logistic, np.zeros(12), gradient_tolerance=1e-11).has_converged


@pytest.mark.parametrize("seed", range(8))
def test_a_tolerance_that_cannot_be_met_does_not_take_all_iterations(seed):
    function, A, b = quadratic(np.random.default_rng(seed))
    with pytest.warns(ConvergenceWarning, match="minimize_lbfgs"):
        result = minimize_lbfgs(function, np.zeros(8), gradient_tolerance=0)
    assert result.n_iterations < 200
    np.testing.assert_allclose(A @ result.x, b, atol=1e-6)


def test_beside_a_kink_it_ends_with_a_report_and_no_division_by_zero():
    """On either side of it the gradient never changes: such steps carry no curvature."""
    with pytest.warns(ConvergenceWarning, match="minimize_lbfgs"):
        result = minimize_lbfgs(lambda x: (float(np.abs(x).sum()), np.sign(x)), [3.3, -0.4])
    assert not result.has_converged
    assert result.loss < 3.7


def test_a_small_fall_of_the_loss_stops_it_when_asked_to():
    result = minimize_lbfgs(rosenbrock, [-1.2, 1.0], gradient_tolerance=0, loss_tolerance=1e-6)
    assert result.has_converged
    assert result.reason == "the loss falls by less than its tolerance"
    assert 0 < result.loss < 1e-2


def test_the_start_is_left_alone_and_nothing_of_the_result_is_shared_with_it():
    x0 = np.array([1.0, 1.0])
    result = minimize_lbfgs(rosenbrock, x0)
    assert not np.shares_memory(x0, result.x)
    np.testing.assert_array_equal([1.0, 1.0], x0)


@pytest.mark.parametrize(
    ("function", "x0", "options", "message"),
    [
        (rosenbrock, [], {}, r"x0 must be a vector of shape \(n,\), got shape \(0,\)"),
        (rosenbrock, [[1.0, 2.0]], {}, r"x0 must be a vector"),
        (rosenbrock, [1.0, np.nan], {}, "x0 must be finite"),
        (rosenbrock, [1.0, 2.0], {"memory": 0}, "memory must be at least 1"),
        (rosenbrock, [1.0, 2.0], {"gradient_tolerance": -1}, "gradient_tolerance must be at le"),
        (rosenbrock, [1.0, 2.0], {"loss_tolerance": -1}, "loss_tolerance must be at least 0"),
        (rosenbrock, [1.0, 2.0], {"max_iterations": 0}, "max_iterations must be at least 1"),
        (lambda x: (math.inf, x), [1.0], {}, "the loss at x0 must be finite"),
        (lambda _: (1.0, np.array([np.nan])), [1.0], {}, "at x0 must be finite"),
        (lambda _: (1.0, np.ones(3)), [1.0, 2.0], {}, r"a gradient of shape \(2,\), got \(3,\)"),
    ],
)
def test_bad_input_is_refused(function, x0, options, message):
    with pytest.raises(ValueError, match=message):
        minimize_lbfgs(function, x0, **options)
