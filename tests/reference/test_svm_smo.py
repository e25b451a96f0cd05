"""SMO: certified optima on every kind of problem, and a fast twin that takes the same steps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.convergence import ConvergenceWarning
from reference.kernels import Kernel, rbf_kernel
from reference.svm.certificates import svm_dual_objective, svm_duality_gap, svm_kkt_violation
from reference.svm.dual_smo import smo
from reference.svm.dual_smo_fast import smo_fast, smo_kernel
from tests.reference.worked import worked_example

LECTURE = worked_example("svm-2pt")
seeds = st.integers(0, 2**32 - 1)
solvers = pytest.mark.parametrize("solve", [smo, smo_fast])


def problem(kind, rng, n=30):
    """Samples in the plane with signs, by what is hard about them."""
    X = rng.normal(size=(n, 2))
    y = np.where(X[:, 0] + 0.5 * X[:, 1] >= 0, 1.0, -1.0)
    if kind == "separable":
        X += 0.3 * y[:, np.newaxis]
    elif kind == "overlapping":
        y = np.where(rng.uniform(size=n) < 0.2, -y, y)
    elif kind == "one class tiny":
        y = np.ones(n)
    elif kind == "duplicated":
        X[n // 2 :] = X[: n - n // 2]
        y = np.where(rng.uniform(size=n) < 0.5, -1.0, 1.0)
    y[:2] = 1.0, -1.0
    return X, y


kinds = st.sampled_from(["separable", "overlapping", "one class tiny", "duplicated"])


@solvers
@pytest.mark.parametrize(("C", "values"), [(1.0, LECTURE), (0.1, LECTURE["C_small"])])
def test_two_points_of_the_lecture(solve, C, values):
    X, y = np.array(LECTURE["X"]), np.array(LECTURE["y"])
    solution = solve(X @ X.T, y, C)
    np.testing.assert_allclose(values["alpha"], solution.alpha, rtol=1e-12)
    np.testing.assert_allclose(values["w"], X.T @ (solution.alpha * y), rtol=1e-12)
    assert solution.b == pytest.approx(0, abs=1e-12)
    assert values["dual"] == pytest.approx(svm_dual_objective(X @ X.T, y, solution.alpha))
    assert (1, True) == (solution.n_iterations, solution.has_converged)


@given(seed=seeds, kind=kinds, C=st.sampled_from([1e-4, 0.1, 1.0, 100.0]))
@settings(max_examples=40, deadline=None)
def test_the_solution_is_certified_on_every_kind_of_problem(seed, kind, C):
    X, y = problem(kind, np.random.default_rng(seed))
    K = rbf_kernel(X, gamma=0.5)
    solution = smo(K, y, C, tolerance=1e-8)
    assert solution.has_converged
    assert solution.alpha.min() >= 0
    assert solution.alpha.max() <= C
    assert abs(solution.alpha @ y) <= 1e-12 * solution.alpha.sum()
    # What is on a bound is exactly there.
    assert not ((solution.alpha > 0) & (solution.alpha < 1e-12 * C)).any()
    assert not ((solution.alpha < C) & (solution.alpha > C * (1 - 1e-12))).any()
    assert solution.kkt_violation == pytest.approx(svm_kkt_violation(K, y, C, solution.alpha))
    assert solution.kkt_violation <= 0.5e-8
    assert solution.duality_gap == pytest.approx(svm_duality_gap(K, y, C, solution.alpha))
    assert solution.duality_gap <= 1e-6


@given(seed=seeds, kind=kinds, C=st.sampled_from([1e-4, 0.1, 1.0, 100.0]))
@settings(max_examples=40, deadline=None)
def test_the_fast_twin_finds_the_same_optimum(seed, kind, C):
    X, y = problem(kind, np.random.default_rng(seed))
    K = rbf_kernel(X, gamma=0.5)
    solution, twin = (solve(K, y, C, tolerance=1e-10) for solve in (smo, smo_fast))
    expected = svm_dual_objective(K, y, solution.alpha)
    assert expected == pytest.approx(svm_dual_objective(K, y, twin.alpha), rel=1e-12)
    assert twin.has_converged
    assert twin.alpha.min() >= 0
    assert twin.alpha.max() <= C


@pytest.mark.parametrize("tolerance", [1.0, 0.3, 0.1, 0.01, 1e-3])
@pytest.mark.parametrize("C", [0.1, 1.0, 10.0])
def test_the_fast_twin_takes_the_same_steps(C, tolerance):
    for seed in range(5):
        X, y = problem("overlapping", np.random.default_rng(seed), n=60)
        K = rbf_kernel(X, gamma=0.5)
        solution, twin = (solve(K, y, C, tolerance=tolerance) for solve in (smo, smo_fast))
        assert solution.n_iterations == twin.n_iterations
        np.testing.assert_array_equal(twin.alpha, solution.alpha)


@pytest.mark.parametrize("name", ["rbf", "polynomial", "sigmoid"])
@pytest.mark.parametrize("tolerance", [1e-3, 1e-8])
def test_single_precision_does_not_show_in_the_solution(name, tolerance):
    X, y = problem("overlapping", np.random.default_rng(1), n=80)
    kernel = Kernel(name, 0.5, coef0=0.1)
    limits = {"tolerance": tolerance, "max_iterations": 100_000}
    solution, scores = smo_kernel(kernel, X, y, 10.0, **limits)
    K = kernel(X)
    assert solution.has_converged
    assert 2 * svm_kkt_violation(K, y, 10.0, solution.alpha) <= tolerance * (1 + 1e-9)
    np.testing.assert_allclose(K @ (solution.alpha * y), scores, atol=1e-10)
    expected = svm_dual_objective(K, y, smo(K, y, 10.0, tolerance=tolerance).alpha)
    if name != "sigmoid":  # whose dual has more than one stationary point
        objective = svm_dual_objective(K, y, solution.alpha)
        assert expected == pytest.approx(objective, rel=max(1e-2 * tolerance, 1e-12))


def test_steps_go_on_in_double_precision_where_single_was_not_enough(monkeypatch):
    """With a kernel matrix that single precision has spoilt, the solution is as good."""
    X, y = problem("overlapping", np.random.default_rng(2), n=40)
    right = Kernel.__call__

    def spoilt(kernel, X, Z=None, *, dtype=None):
        K = right(kernel, X, Z, dtype=dtype)
        return K + np.float32(0.1) * np.eye(len(K), dtype=K.dtype) if dtype == np.float32 else K

    monkeypatch.setattr(Kernel, "__call__", spoilt)
    kernel = Kernel("rbf", 0.5)
    solution, _ = smo_kernel(kernel, X, y, 1.0, tolerance=1e-3, max_iterations=100_000)
    assert solution.has_converged
    assert 2 * svm_kkt_violation(rbf_kernel(X, gamma=0.5), y, 1.0, solution.alpha) <= 1e-3


@given(seed=seeds, kind=kinds)
@settings(max_examples=25, deadline=None)
def test_the_order_of_the_samples_does_not_matter(seed, kind):
    rng = np.random.default_rng(seed)
    X, y = problem(kind, rng)
    K = rbf_kernel(X, gamma=0.5)
    order = rng.permutation(y.size)
    solution = smo(K, y, 1.0, tolerance=1e-9)
    permuted = smo(K[np.ix_(order, order)], y[order], 1.0, tolerance=1e-9)
    f = K @ (solution.alpha * y)
    f_permuted = K[:, order] @ (permuted.alpha * y[order])
    np.testing.assert_allclose(f, f_permuted, atol=1e-6)


@solvers
def test_an_indefinite_kernel_ends_at_a_stationary_point(solve):
    """K = diag(-1, -1): the curvature is negative, and the step goes to the bound."""
    solution = solve(-np.eye(2), [1, -1], 3.0)
    np.testing.assert_array_equal([3, 3], solution.alpha)
    assert solution.has_converged


@solvers
def test_equal_samples_of_both_classes_end_at_the_bound(solve):
    solution = solve(np.ones((2, 2)), [1, -1], 2.0)
    np.testing.assert_array_equal([2, 2], solution.alpha)
    assert solution.b == 0


@solvers
def test_too_few_iterations_are_reported(solve):
    X, y = problem("overlapping", np.random.default_rng(0))
    with pytest.warns(ConvergenceWarning, match=rf"{solve.__name__} has not .* 3 iterations"):
        solution = solve(rbf_kernel(X), y, 1.0, max_iterations=3)
    assert not solution.has_converged
    assert solution.n_iterations == 3
    assert solution.duality_gap > 1e-3


@solvers
def test_the_kernel_matrix_and_the_labels_are_not_changed(solve):
    X, y = problem("overlapping", np.random.default_rng(0))
    K = rbf_kernel(X)
    before = K.copy(), y.copy()
    solve(K, y, 1.0)
    np.testing.assert_array_equal(before[0], K)
    np.testing.assert_array_equal(before[1], y)


@solvers
@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"C": 0.0}, r"C must be greater than 0, got 0"),
        ({"C": np.inf}, r"C must be finite"),
        ({"y": [0, 1]}, r"y must hold only -1 and \+1, got 0"),
        ({"y": [1, 1]}, r"y must hold both -1 and \+1, got only \+1"),
        ({"y": [-1, -1]}, r"y must hold both -1 and \+1, got only -1"),
        ({"y": [], "K": np.empty((0, 0))}, r"y must be a vector .* \(empty\)"),
        ({"K": [[1.0, np.nan], [np.nan, 1.0]]}, r"K must be finite"),
        ({"K": [[1.0, 2.0], [3.0, 1.0]]}, r"K must be symmetric"),
        ({"K": np.eye(3)}, r"K must be a matrix of shape \(2, 2\)"),
        ({"tolerance": 0.0}, r"tolerance must be greater than 0, got 0"),
        ({"max_iterations": 0}, r"max_iterations must be at least 1, got 0"),
    ],
)
def test_a_problem_that_is_none_is_refused(solve, changed, message):
    with pytest.raises(ValueError, match=message):
        solve(**({"K": np.eye(2), "y": [1, -1], "C": 1.0} | changed))
