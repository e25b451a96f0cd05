"""SVM certificates: zero at the solution, and nowhere else."""

from __future__ import annotations

import functools
import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reference.svm.certificates import (
    svm_best_bias,
    svm_dual_objective,
    svm_duality_gap,
    svm_kkt_violation,
    svm_linear_duality_gap,
    svm_primal_objective,
)

# Two points, (1, 1) positive and (-1, -1) negative, linear kernel.
TWO_POINTS = np.array([[2.0, -2.0], [-2.0, 2.0]])
SIGNS = np.array([1.0, -1.0])
seeds = st.integers(0, 2**32 - 1)


def random_problem(seed, n=6):
    """A linear kernel, mixed labels, and a C between hard and soft."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 3))
    y = rng.permutation(np.resize([1.0, -1.0, 1.0], n))
    return X @ X.T, y, float(rng.choice([0.1, 1.0, 10.0])), rng


def random_feasible_alpha(y, C, rng):
    """A point of the box with sum(alpha * y) = 0: shares within each class, of one total."""
    alpha = rng.uniform(0, 1, size=y.size)
    is_positive = y > 0
    total = C * rng.uniform(0.1, 0.9) * min(is_positive.sum(), (~is_positive).sum())
    for members in (is_positive, ~is_positive):
        share = alpha[members] / alpha[members].sum() * total
        alpha[members] = total / members.sum() if share.max() > C else share
    return alpha


def solve_by_enumeration(K, y, C):
    """The dual optimum, by trying every way of putting the variables at 0, at C, or between.

    For each the equality-constrained stationary point is a linear system; the best feasible one
    is the optimum, since some choice is the optimum's own.
    """
    n = y.size
    Q = K * np.outer(y, y)
    best = (-np.inf, np.zeros(n))
    for state in itertools.product((0, 1, 2), repeat=n):
        alpha = np.where(np.array(state) == 1, C, 0.0)
        free = np.flatnonzero(np.array(state) == 2)
        if free.size:
            system = np.zeros((free.size + 1, free.size + 1))
            system[:-1, :-1] = Q[np.ix_(free, free)]
            system[:-1, -1] = system[-1, :-1] = y[free]
            right = np.append(1 - Q[free] @ alpha, -(y @ alpha))
            solution = np.linalg.lstsq(system, right, rcond=None)[0]
            if not np.allclose(system @ solution, right, atol=1e-10):
                continue
            alpha[free] = solution[:-1]
        if alpha.min() < 0 or alpha.max() > C or abs(y @ alpha) > 1e-12:
            continue
        best = max(best, (svm_dual_objective(K, y, alpha), alpha), key=lambda pair: pair[0])
    return best[1]


@functools.cache
def optimum_of_random_problem(seed):
    """The dual optimum of `random_problem(seed)`."""
    K, y, C, _ = random_problem(seed)
    return solve_by_enumeration(K, y, C)


@pytest.mark.parametrize(
    ("C", "alpha", "objective"), [(1.0, 0.25, 0.25), (10.0, 0.25, 0.25), (0.1, 0.1, 0.16)]
)
def test_two_points_by_hand(C, alpha, objective):
    """w = (1/2, 1/2), b = 0; with C = 0.1 the box binds: w = (0.2, 0.2), slack 0.6 each."""
    alphas = np.full(2, alpha)
    assert svm_dual_objective(TWO_POINTS, SIGNS, alphas) == pytest.approx(objective, rel=1e-15)
    assert svm_primal_objective(TWO_POINTS, SIGNS, C, alphas) == pytest.approx(objective, rel=1e-15)
    assert svm_best_bias(TWO_POINTS, SIGNS, alphas) == 0
    assert svm_duality_gap(TWO_POINTS, SIGNS, C, alphas) == pytest.approx(0, abs=1e-15)
    assert svm_kkt_violation(TWO_POINTS, SIGNS, C, alphas) == pytest.approx(0, abs=1e-15)
    assert svm_kkt_violation(TWO_POINTS, SIGNS, C, alphas, b=0.0) == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize("alpha", [0.0, 0.2, 0.24999, 0.25001, 0.3, 1.0])
def test_two_points_with_another_alpha_are_not_optimal(alpha):
    alphas = np.full(2, alpha)
    assert svm_duality_gap(TWO_POINTS, SIGNS, 1.0, alphas) > 1e-5
    assert svm_kkt_violation(TWO_POINTS, SIGNS, 1.0, alphas) > 1e-5


@pytest.mark.parametrize("seed", range(4))
def test_both_certificates_vanish_at_the_solution(seed):
    K, y, C, _ = random_problem(seed)
    alpha = optimum_of_random_problem(seed)
    assert svm_duality_gap(K, y, C, alpha) < 1e-10
    assert svm_kkt_violation(K, y, C, alpha) < 1e-9


@given(seed=seeds, toward=st.floats(0.01, 1))
def test_a_feasible_alpha_off_the_solution_never_looks_optimal(seed, toward):
    K, y, C, _ = random_problem(seed % 4)
    optimum = optimum_of_random_problem(seed % 4)
    wrong = random_feasible_alpha(y, C, np.random.default_rng(seed))
    alpha = optimum + toward * (wrong - optimum)
    short_by = svm_dual_objective(K, y, optimum) - svm_dual_objective(K, y, alpha)
    assume(short_by > 1e-6 * C)
    assert svm_duality_gap(K, y, C, alpha, relative=False) >= short_by * (1 - 1e-9)
    assert svm_kkt_violation(K, y, C, alpha) > 0


@given(seed=seeds)
def test_the_gap_is_primal_minus_dual(seed):
    K, y, C, rng = random_problem(seed)
    alpha = random_feasible_alpha(y, C, rng)
    primal, dual = svm_primal_objective(K, y, C, alpha), svm_dual_objective(K, y, alpha)
    gap = svm_duality_gap(K, y, C, alpha, relative=False)
    assert gap == pytest.approx(primal - dual, rel=1e-9, abs=1e-9)
    assert svm_duality_gap(K, y, C, alpha) == pytest.approx(gap / max(abs(primal), abs(dual)))


@given(seed=seeds, factor=st.sampled_from([1e-3, 10.0, 1e4]))
def test_the_relative_gap_does_not_depend_on_the_unit_of_the_data(seed, factor):
    """K -> factor K with alpha -> alpha / factor, C -> C / factor is the same problem."""
    K, y, C, rng = random_problem(seed)
    alpha = random_feasible_alpha(y, C, rng)
    expected = svm_duality_gap(K, y, C, alpha)
    assert svm_duality_gap(factor * K, y, C / factor, alpha / factor) == pytest.approx(expected)


@given(seed=seeds)
def test_no_bias_has_a_smaller_hinge_loss_than_the_best_one(seed):
    K, y, C, rng = random_problem(seed)
    alpha = random_feasible_alpha(y, C, rng)
    least = svm_primal_objective(K, y, C, alpha)
    kinks = y - K @ (alpha * y)
    candidates = (*kinks, *(kinks + rng.normal(size=y.size)), -1e3, 1e3)
    others = [svm_primal_objective(K, y, C, alpha, b=float(b)) for b in candidates]
    assert least <= min(others) * (1 + 1e-12)
    assert min(others) == pytest.approx(least)  # a minimum is always at a kink


@given(seed=seeds)
def test_no_bias_has_a_smaller_violation_than_the_one_chosen(seed):
    K, y, C, rng = random_problem(seed)
    alpha = random_feasible_alpha(y, C, rng)
    least = svm_kkt_violation(K, y, C, alpha)
    grid = np.linspace(-20, 20, 401)
    assert all(svm_kkt_violation(K, y, C, alpha, b=float(b)) >= least - 1e-12 for b in grid)


def test_a_wrong_bias_violates_by_as_much_as_it_is_off():
    alphas = np.full(2, 0.25)
    assert svm_kkt_violation(TWO_POINTS, SIGNS, 1.0, alphas, b=0.3) == pytest.approx(0.3)


def test_kkt_conditions_sample_by_sample():
    """alpha = 0 asks for margin >= 1, alpha = C for margin <= 1: here margins are 1/2 and 2."""
    K = np.diag([0.5, 2.0])
    alpha = np.ones(2)
    assert svm_kkt_violation(K, SIGNS, 1.0, alpha, b=0.0) == pytest.approx(1.0)
    assert svm_kkt_violation(K, SIGNS, 5.0, alpha, b=0.0) == pytest.approx(1.0)
    assert svm_kkt_violation(np.diag([0.5, 0.25]), SIGNS, 1.0, alpha, b=0.0) == 0.0
    assert svm_kkt_violation(np.diag([0.5, 0.25]), SIGNS, 5.0, alpha, b=0.0) == pytest.approx(0.75)
    assert svm_kkt_violation(K, SIGNS, 1.0, np.zeros(2), b=0.0) == pytest.approx(1.0)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_with_one_class_alpha_zero_is_optimal(sign):
    y = np.full(3, sign)
    assert svm_duality_gap(np.eye(3), y, 1.0, np.zeros(3)) == 0
    assert svm_kkt_violation(np.eye(3), y, 1.0, np.zeros(3)) == 0
    assert svm_best_bias(np.eye(3), y, np.zeros(3)) == sign


@pytest.mark.parametrize(
    "alpha",
    [
        [0.25, 0.35],  # sum(alpha * y) is not 0
        [0.25, 0.25 + 1e-6],
        [1.5, 1.5],  # above C
        [-0.25, -0.25],  # below 0
        [np.nan, 0.25],
        [np.inf, np.inf],
    ],
)
def test_an_infeasible_alpha_is_infinitely_far_from_optimal(alpha):
    assert svm_duality_gap(TWO_POINTS, SIGNS, 1.0, alpha) == math.inf
    assert svm_kkt_violation(TWO_POINTS, SIGNS, 1.0, alpha) == math.inf


def test_a_hard_margin_does_not_loosen_the_constraints():
    """With C = 1e9 a tolerance in units of C would let any small alpha through."""
    assert svm_duality_gap(TWO_POINTS, SIGNS, 1e9, [0.25, 0.26]) == math.inf
    assert svm_duality_gap(TWO_POINTS, SIGNS, 1e9, [0.25, 0.25]) == pytest.approx(0, abs=1e-15)


def test_objectives_of_an_alpha_that_is_no_number_are_the_worst():
    alpha = [np.nan, 0.25]
    assert svm_dual_objective(TWO_POINTS, SIGNS, alpha) == -math.inf
    assert svm_primal_objective(TWO_POINTS, SIGNS, 1.0, alpha) == math.inf


@given(seed=seeds)
def test_random_numbers_are_never_optimal(seed):
    K, y, C, rng = random_problem(seed)
    alpha = rng.normal(size=y.size)
    assert svm_duality_gap(K, y, C, alpha) == math.inf
    assert svm_kkt_violation(K, y, C, alpha) == math.inf


@given(seed=seeds)
def test_the_gap_of_a_linear_kernel_needs_no_kernel_matrix(seed):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(6, 3))
    _, y, C, _ = random_problem(seed)
    alpha = random_feasible_alpha(y, C, rng)
    for relative in (True, False):
        expected = svm_duality_gap(X @ X.T, y, C, alpha, relative=relative)
        gap = svm_linear_duality_gap(X, y, C, alpha, relative=relative)
        assert expected == pytest.approx(gap, rel=1e-12)


def test_without_a_bias_the_dual_has_no_constraint_on_the_sum():
    """The point 2, positive, by itself: w = 1/2, alpha = 1/4; -2, negative, asks for the same w."""
    X = [[2.0], [-2.0]]
    assert 0 == svm_linear_duality_gap(X, SIGNS, 1.0, [0.25, 0.0], has_bias=False)
    assert math.inf == svm_linear_duality_gap(X, SIGNS, 1.0, [0.25, 0.0])
    assert svm_linear_duality_gap(X, SIGNS, 1.0, [0.2, 0.0], has_bias=False) > 0.01


@pytest.mark.parametrize("alpha", [[1.5, 1.5], [-0.1, -0.1], [np.nan, 0.0]])
def test_an_infeasible_alpha_has_no_gap_without_a_kernel_matrix_either(alpha):
    for has_bias in (True, False):
        gap = svm_linear_duality_gap([[2.0], [-2.0]], SIGNS, 1.0, alpha, has_bias=has_bias)
        assert math.inf == gap


@pytest.mark.parametrize(
    ("X", "y", "C", "alpha", "message"),
    [
        ([[1.0], [2.0]], SIGNS, 0.0, [0, 0], r"C must be greater than 0, got 0"),
        ([[1.0], [2.0]], [0, 1], 1.0, [0, 0], r"y must hold only -1 and \+1, got 0"),
        ([[1.0]], SIGNS, 1.0, [0, 0], r"X must be a matrix of shape \(2, n_features\)"),
        ([[1.0], [np.nan]], SIGNS, 1.0, [0, 0], r"X must be finite"),
        ([[1.0], [2.0]], SIGNS, 1.0, [0], r"alpha must have one entry for each of the 2 samples"),
    ],
)
def test_a_linear_problem_that_is_none_is_refused(X, y, C, alpha, message):
    with pytest.raises(ValueError, match=message):
        svm_linear_duality_gap(X, y, C, alpha)


def test_a_column_of_dual_variables_is_taken_as_a_vector():
    assert svm_duality_gap(TWO_POINTS, SIGNS, 1.0, np.full((2, 1), 0.25)) < 1e-15


@pytest.mark.parametrize(
    ("K", "y", "C", "alpha", "message"),
    [
        (TWO_POINTS, SIGNS, 0.0, [0, 0], r"C must be greater than 0, got 0"),
        (TWO_POINTS, SIGNS, np.nan, [0, 0], r"C must be finite"),
        (TWO_POINTS, [0, 1], 1.0, [0, 0], r"y must hold only -1 and \+1, got 0"),
        (
            TWO_POINTS,
            [],
            1.0,
            [],
            r"y must be a vector of shape \(n,\), got shape \(0,\) \(empty\)",
        ),
        (TWO_POINTS[:1], SIGNS, 1.0, [0, 0], r"K must be a matrix of shape \(2, 2\)"),
        (
            np.triu(TWO_POINTS),
            SIGNS,
            1.0,
            [0, 0],
            r"K must be symmetric, got entries that differ by 2",
        ),
        (TWO_POINTS * np.nan, SIGNS, 1.0, [0, 0], r"K must be finite"),
        (TWO_POINTS, SIGNS, 1.0, [0, 0, 0], r"alpha must have one entry for each of the 2 samples"),
        (TWO_POINTS, SIGNS, 1.0, ["a", "b"], r"alpha must be real numbers"),
    ],
)
def test_a_problem_that_is_none_is_refused(K, y, C, alpha, message):
    for certificate in (svm_duality_gap, svm_kkt_violation, svm_primal_objective):
        with pytest.raises(ValueError, match=message):
            certificate(K, y, C, alpha)


def test_a_bias_is_found_only_for_finite_dual_variables():
    with pytest.raises(ValueError, match=r"alpha must be finite"):
        svm_best_bias(TWO_POINTS, SIGNS, [np.nan, 0])
