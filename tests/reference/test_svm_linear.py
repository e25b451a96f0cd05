"""Linear machines: interior point, sub-gradients, squared hinge, all at one certified optimum."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference import numdiff
from reference.convergence import ConvergenceWarning
from reference.svm.certificates import (
    svm_dual_objective,
    svm_linear_duality_gap,
    svm_primal_objective,
)
from reference.svm.dual_smo import smo
from reference.svm.hinge import linear_svm_objective, linear_svm_subgradient
from reference.svm.interior_point import linear_svm_interior_point
from reference.svm.squared_hinge import squared_hinge_newton
from reference.svm.subgradient import pegasos, subgradient_descent
from tests.reference.worked import worked_example

LECTURE = worked_example("svm-2pt")
seeds = st.integers(0, 2**32 - 1)
no_bias = functools.partial(linear_svm_interior_point, has_bias=False)
every_solver = pytest.mark.parametrize(
    "solve",
    [linear_svm_interior_point, no_bias, subgradient_descent, pegasos, squared_hinge_newton],
)


def problem(kind, rng, n=40, n_features=3):
    """Samples with signs, by what is hard about them."""
    X = rng.normal(size=(n, n_features))
    y = np.where(X[:, 0] >= 0.2, 1.0, -1.0)
    if kind == "separable":
        X[:, 0] += 0.3 * y
    elif kind == "overlapping":
        y = np.where(rng.uniform(size=n) < 0.2, -y, y)
    elif kind == "one class tiny":
        y = np.ones(n)
    elif kind == "duplicated":
        X[n // 2 :] = X[: n - n // 2]
        y = np.where(rng.uniform(size=n) < 0.5, -1.0, 1.0)
    elif kind == "far from the origin":
        X += 1000
    y[:2] = 1.0, -1.0
    return X, y


kinds = st.sampled_from(
    ["separable", "overlapping", "one class tiny", "duplicated", "far from the origin"]
)


def weights(X, y, solution):
    return X.T @ (solution.alpha * y)


@pytest.mark.parametrize(("C", "values"), [(1.0, LECTURE), (0.1, LECTURE["C_small"])])
def test_two_points_of_the_lecture(C, values):
    X, y = np.array(LECTURE["X"]), np.array(LECTURE["y"])
    solution = linear_svm_interior_point(X, y, C, tolerance=1e-14)
    np.testing.assert_allclose(values["alpha"], solution.alpha, rtol=1e-12)
    np.testing.assert_allclose(values["w"], weights(X, y, solution), rtol=1e-12)
    assert solution.b == pytest.approx(0, abs=1e-12)
    primal = linear_svm_objective(X, y, C, weights(X, y, solution), solution.b)
    assert values["primal"] == pytest.approx(primal, rel=1e-12)


@given(seed=seeds, kind=kinds, C=st.sampled_from([1e-4, 0.1, 1.0, 100.0, 1e4]))
@settings(max_examples=60, deadline=None)
def test_an_interior_point_method_is_certified_on_every_kind_of_problem(seed, kind, C):
    X, y = problem(kind, np.random.default_rng(seed))
    solution = linear_svm_interior_point(X, y, C)
    assert solution.has_converged
    assert solution.n_iterations <= 40
    assert solution.alpha.min() >= 0
    assert solution.alpha.max() <= C
    assert abs(solution.alpha @ y) <= 1e-10 * solution.alpha.sum()
    assert svm_linear_duality_gap(X, y, C, solution.alpha) <= 1.1e-8


@given(seed=seeds, C=st.sampled_from([0.01, 1.0, 10.0]))
@settings(max_examples=20, deadline=None)
def test_an_interior_point_method_finds_the_optimum_of_smo(seed, C):
    X, y = problem("overlapping", np.random.default_rng(seed), n=20)
    K = X @ X.T
    solution = linear_svm_interior_point(X, y, C, tolerance=1e-10)
    by_smo = smo(K, y, C, tolerance=1e-8)
    expected = svm_dual_objective(K, y, by_smo.alpha)
    assert expected == pytest.approx(svm_dual_objective(K, y, solution.alpha), rel=1e-8)
    np.testing.assert_allclose(
        weights(X, y, by_smo), weights(X, y, solution), atol=1e-4 * np.sqrt(C)
    )


@given(seed=seeds, kind=kinds)
@settings(max_examples=20, deadline=None)
def test_primal_and_dual_of_a_linear_machine_agree(seed, kind):
    X, y = problem(kind, np.random.default_rng(seed))
    solution = linear_svm_interior_point(X, y, 1.0)
    primal = linear_svm_objective(X, y, 1.0, weights(X, y, solution), solution.b)
    assert primal == pytest.approx(svm_dual_objective(X @ X.T, y, solution.alpha), rel=2e-8)
    assert primal == pytest.approx(svm_primal_objective(X @ X.T, y, 1.0, solution.alpha))


@pytest.mark.parametrize(("kind", "C", "most"), [("overlapping", 1.0, 15), ("separable", 1e3, 23)])
def test_an_interior_point_method_takes_few_steps(kind, C, most):
    """Some 11 and 20; without the correction of second order it takes 21 and 27."""
    X, y = problem(kind, np.random.default_rng(0), n=500, n_features=20)
    assert linear_svm_interior_point(X, y, C).n_iterations <= most


def test_an_interior_point_method_does_not_go_in_circles():
    """As Mehrotra's does on this problem: the same four iterates over and over."""
    X, y = problem("separable", np.random.default_rng(811))
    assert linear_svm_interior_point(X, y, 100.0).n_iterations <= 20


def test_moving_the_samples_moves_only_the_bias():
    X, y = problem("overlapping", np.random.default_rng(0))
    solution, moved = (linear_svm_interior_point(at, y, 10.0) for at in (X, X + 1e6))
    assert moved.has_converged
    w = weights(X, y, solution)
    np.testing.assert_allclose(w, weights(X, y, moved), atol=1e-7)
    assert solution.b - 1e6 * w.sum() == pytest.approx(moved.b, rel=1e-6)
    assert svm_linear_duality_gap(X + 1e6, y, 10.0, solution.alpha) <= 1e-8


@pytest.mark.parametrize("seed", [20, 43, 123])
def test_the_sum_of_a_solution_vanishes_where_hardly_a_variable_is_free(seed):
    X, y = problem("duplicated", np.random.default_rng(seed))
    solution = linear_svm_interior_point(X, y, 1e-4)
    assert abs(solution.alpha @ y) <= 1e-13 * solution.alpha.sum()


def test_samples_on_the_margin_are_on_it_to_the_last_digits():
    """C is far above every alpha: a slack of 1e-13 already shows in the gap."""
    X, y = problem("separable", np.random.default_rng(47), n=27, n_features=7)
    solution = linear_svm_interior_point(X, y, 1e4)
    assert solution.kkt_violation <= 1e-13
    assert solution.duality_gap <= 1e-10


def test_more_features_than_samples_cost_no_more_than_as_many(monkeypatch):
    rng = np.random.default_rng(0)
    X, y = problem("overlapping", rng, n=15, n_features=200)
    sizes = []
    solve = np.linalg.solve

    def measured(matrix, right):
        sizes.append(len(matrix))
        return solve(matrix, right)

    monkeypatch.setattr(np.linalg, "solve", measured)
    assert linear_svm_interior_point(X, y, 1.0).has_converged
    assert {16} == set(sizes)
    monkeypatch.undo()
    for C in (0.001, 1.0, 100.0):
        solution = linear_svm_interior_point(X, y, C)
        assert solution.has_converged
        assert svm_linear_duality_gap(X, y, C, solution.alpha) <= 1.1e-8


def test_a_regularised_bias_is_the_weight_of_a_column_of_ones():
    X, y = problem("overlapping", np.random.default_rng(3))
    with_ones = np.column_stack((X, np.ones_like(y)))
    solution = linear_svm_interior_point(with_ones, y, 1.0, has_bias=False)
    assert solution.has_converged
    assert solution.b == 0
    gap = svm_linear_duality_gap(with_ones, y, 1.0, solution.alpha, has_bias=False)
    assert gap <= 1e-8


@given(seed=seeds, is_squared=st.booleans())
@settings(max_examples=20, deadline=None)
def test_the_subgradient_is_the_gradient_where_there_is_one(seed, is_squared):
    rng = np.random.default_rng(seed)
    X, y = problem("overlapping", rng, n=6)
    w, b = rng.normal(size=3), float(rng.normal())

    def objective(at):
        return linear_svm_objective(X, y, 2.0, at[:3], float(at[3]), is_squared=is_squared)

    grad_w, grad_b = linear_svm_subgradient(X, y, 2.0, w, b, is_squared=is_squared)
    expected = numdiff.gradient(objective, np.append(w, b))
    np.testing.assert_allclose(np.append(grad_w, grad_b), expected, rtol=1e-6, atol=1e-6)


def test_on_the_margin_any_share_of_the_slope_is_a_subgradient():
    """x = 1 with y = +1 at w = 1 lies on its margin: J(v) >= J(1) + g (v - 1) for each share."""
    for at_kink in (0.0, 0.3, 1.0):
        grad_w, grad_b = linear_svm_subgradient([[1.0]], [1], 2.0, [1.0], at_kink=at_kink)
        assert (1 - 2 * at_kink, -2 * at_kink) == (grad_w.item(), grad_b)
        for v in (-1.0, 0.5, 0.99, 1.01, 3.0):
            lower = 0.5 + grad_w.item() * (v - 1)
            assert linear_svm_objective([[1.0]], [1], 2.0, [v]) >= lower


def test_the_squared_loss_has_no_kink():
    for at_kink in (0.0, 1.0):
        grad_w, _ = linear_svm_subgradient(
            [[1.0]], [1], 2.0, [1.0], at_kink=at_kink, is_squared=True
        )
        assert grad_w.item() == 1


@given(seed=seeds, kind=kinds, C=st.sampled_from([1e-4, 0.1, 1.0, 100.0, 1e4]))
@settings(max_examples=50, deadline=None)
def test_newtons_method_ends_where_the_gradient_of_the_squared_hinge_is_zero(seed, kind, C):
    X, y = problem(kind, np.random.default_rng(seed))
    solution = squared_hinge_newton(X, y, C)
    assert solution.has_converged
    expected = linear_svm_objective(X, y, C, solution.w, solution.b, is_squared=True)
    assert expected == pytest.approx(solution.objective, rel=1e-9)
    grad_w, grad_b = linear_svm_subgradient(X, y, C, solution.w, solution.b, is_squared=True)
    at_zero = linear_svm_subgradient(X, y, C, np.zeros(3), is_squared=True)[0]
    assert np.abs(grad_w).max() <= 1e-4 * np.abs(at_zero).max()
    assert abs(grad_b) <= 1e-4 * C * y.size


@given(seed=seeds, is_bias_regularised=st.booleans())
@settings(max_examples=20, deadline=None)
def test_the_gap_bounds_what_the_squared_hinge_could_still_fall(seed, is_bias_regularised):
    X, y = problem("overlapping", np.random.default_rng(seed))
    solve = functools.partial(squared_hinge_newton, X, y, 1.0)
    best = solve(is_bias_regularised=is_bias_regularised, tolerance=1e-14)
    for tolerance in (0.5, 0.1, 1e-3):
        early = solve(is_bias_regularised=is_bias_regularised, tolerance=tolerance)
        assert early.objective * (1 - early.duality_gap) <= best.objective * (1 + 1e-12)
        assert early.duality_gap <= tolerance


def test_a_regularised_bias_is_part_of_the_objective():
    X, y = problem("one class tiny", np.random.default_rng(5))
    solution = squared_hinge_newton(X, y, 1.0, is_bias_regularised=True)
    with_ones = np.column_stack((X, np.ones_like(y)))
    weights_and_bias = np.append(solution.w, solution.b)
    expected = linear_svm_objective(with_ones, y, 1.0, weights_and_bias, is_squared=True)
    assert expected == pytest.approx(solution.objective, rel=1e-12)
    grad, _ = linear_svm_subgradient(with_ones, y, 1.0, weights_and_bias, is_squared=True)
    np.testing.assert_allclose(grad, 0, atol=1e-9)
    assert abs(solution.b) < abs(squared_hinge_newton(X, y, 1.0).b)


@given(seed=seeds, kind=kinds)
@settings(max_examples=15, deadline=None)
def test_subgradient_descent_is_certified(seed, kind):
    X, y = problem(kind, np.random.default_rng(seed))
    X = X - X.mean(axis=0)
    solution = subgradient_descent(X, y, 0.02, tolerance=1e-2)
    assert solution.has_converged
    best = linear_svm_interior_point(X, y, 0.02)
    least = linear_svm_objective(X, y, 0.02, weights(X, y, best), best.b)
    assert least <= solution.objective * (1 + 1e-8)
    assert solution.objective * (1 - solution.duality_gap) <= least * (1 + 1e-8)


@given(seed=seeds, kind=kinds, batch_size=st.sampled_from([1, 8, 40]))
@settings(max_examples=15, deadline=None)
def test_pegasos_is_certified(seed, kind, batch_size):
    rng = np.random.default_rng(seed)
    X, y = problem(kind, rng)
    X = X - X.mean(axis=0)
    solution = pegasos(X, y, 0.02, batch_size=batch_size, rng=rng, tolerance=2e-2)
    assert solution.has_converged
    best = no_bias(X, y, 0.02)
    least = linear_svm_objective(X, y, 0.02, weights(X, y, best))
    assert least <= solution.objective * (1 + 1e-8)
    assert solution.objective * (1 - solution.duality_gap) <= least * (1 + 1e-8)
    assert solution.b == 0


def test_pegasos_takes_the_steps_of_the_paper():
    """Sample by sample, with lambda = 1 / (n C), as figure 1 of the paper has it."""
    X, y = problem("overlapping", np.random.default_rng(0), n=10)
    C, n_epochs = 0.5, 3
    regularisation = 1 / (y.size * C)
    w = np.zeros(3)
    for t in range(1, n_epochs * y.size + 1):
        i = (t - 1) % y.size
        rate = 1 / (regularisation * t)
        is_inside = y[i] * (X[i] @ w) < 1
        w = (1 - rate * regularisation) * w + rate * y[i] * X[i] * is_inside
    with pytest.warns(ConvergenceWarning):
        solution = pegasos(X, y, C, max_epochs=n_epochs, tolerance=1e-12)
    np.testing.assert_allclose(w, solution.w, rtol=1e-12)
    assert n_epochs * y.size == solution.n_iterations


def test_the_gap_of_pegasos_falls_like_one_over_t():
    X, y = problem("overlapping", np.random.default_rng(0))
    gaps = []
    for max_epochs in (100, 1000, 10_000):
        with pytest.warns(ConvergenceWarning):
            solution = pegasos(X, y, 1.0, batch_size=40, max_epochs=max_epochs, tolerance=1e-9)
        gaps.append(solution.duality_gap)
    assert 5 < gaps[0] / gaps[1] < 20
    assert 5 < gaps[1] / gaps[2] < 20


@pytest.mark.parametrize(
    ("solve", "limit"),
    [
        (linear_svm_interior_point, {"max_iterations": 2}),
        (squared_hinge_newton, {"max_iterations": 1}),
        (subgradient_descent, {"max_iterations": 2}),
        (pegasos, {"max_epochs": 2}),
    ],
)
def test_too_few_iterations_are_reported(solve, limit):
    X, y = problem("overlapping", np.random.default_rng(0))
    with pytest.warns(ConvergenceWarning, match=f"{solve.__name__} has not converged"):
        solution = solve(X, y, 10.0, **limit)
    assert not solution.has_converged
    assert solution.duality_gap > 1e-3


def test_a_linear_machine_is_a_function_of_w_and_b_alone():
    """What the lecture's self test asks for: the trained parameters are w and b."""
    X, y = problem("overlapping", np.random.default_rng(0))
    solution = squared_hinge_newton(X, y, 1.0)
    np.testing.assert_allclose(X @ solution.w + solution.b, solution.decision_function(X))


@every_solver
def test_the_samples_are_not_changed(solve):
    X, y = problem("separable", np.random.default_rng(0))
    before = X.copy(), y.copy()
    solve(X, y, 0.01, tolerance=0.5)
    np.testing.assert_array_equal(before[0], X)
    np.testing.assert_array_equal(before[1], y)


@every_solver
@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"C": 0.0}, r"C must be greater than 0, got 0"),
        ({"C": np.nan}, r"C must be finite"),
        ({"y": [0, 1]}, r"y must hold only -1 and \+1, got 0"),
        ({"y": [1, 1]}, r"y must hold both -1 and \+1, got only \+1"),
        ({"y": [], "X": np.empty((0, 2))}, r"y must be a vector .* \(empty\)"),
        ({"X": [[1.0], [np.nan]]}, r"X must be finite"),
        ({"X": [1.0, 2.0]}, r"X must be a matrix of shape \(2, n_features\)"),
        ({"X": [[1.0]]}, r"X must be a matrix of shape \(2, n_features\)"),
        ({"tolerance": -1.0}, r"tolerance must be greater than 0, got -1"),
    ],
)
def test_a_problem_that_is_none_is_refused(solve, changed, message):
    with pytest.raises(ValueError, match=message):
        solve(**({"X": [[1.0], [2.0]], "y": [1, -1], "C": 1.0} | changed))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda X, y: pegasos(X, y, 1.0, batch_size=7), r"batch_size must divide the 40 samples"),
        (lambda X, y: pegasos(X, y, 1.0, batch_size=0), r"batch_size must be at least 1, got 0"),
        (lambda X, y: pegasos(X, y, 1.0, max_epochs=0), r"max_epochs must be at least 1, got 0"),
        (
            lambda X, y: subgradient_descent(X, y, 1.0, max_iterations=0),
            r"max_iterations must be at least 1, got 0",
        ),
        (
            lambda X, y: linear_svm_interior_point(X, y, 1.0, max_iterations=0),
            r"max_iterations must be at least 1, got 0",
        ),
        (
            lambda X, y: squared_hinge_newton(X, y, 1.0, max_iterations=0),
            r"max_iterations must be at least 1, got 0",
        ),
        (
            lambda X, y: linear_svm_subgradient(X, y, 1.0, [1, 2, 3], at_kink=2.0),
            r"at_kink must be at most 1, got 2",
        ),
        (
            lambda X, y: linear_svm_objective(X, y, 1.0, [1, 2]),
            r"w must be a vector of shape \(3,\), got shape \(2,\)",
        ),
        (
            lambda X, y: squared_hinge_newton(X, y, 1.0).decision_function([[1.0]]),
            r"X must be a matrix of shape \(n, 3\), got shape \(1, 1\)",
        ),
    ],
)
def test_a_parameter_out_of_its_range_is_refused(call, message):
    X, y = problem("overlapping", np.random.default_rng(0))
    with pytest.raises(ValueError, match=message):
        call(X, y)
