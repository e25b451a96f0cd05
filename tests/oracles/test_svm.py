"""Support vector machines, against LIBSVM and LIBLINEAR by way of scikit-learn."""

from __future__ import annotations

import functools

import numpy as np
import pytest
import sklearn.multiclass
import sklearn.svm

from reference.kernels import Kernel
from reference.svm.certificates import svm_dual_objective, svm_duality_gap, svm_kkt_violation
from reference.svm.dual_smo import smo
from reference.svm.dual_smo_fast import smo_fast
from reference.svm.hinge import linear_svm_objective
from reference.svm.interior_point import linear_svm_interior_point
from reference.svm.squared_hinge import squared_hinge_newton
from reference.svm.subgradient import pegasos
from reference.svm.svc import SVC, LinearSVC

SKLEARN_NAMES = {"linear": "linear", "polynomial": "poly", "rbf": "rbf"}


def two_classes(n=200, n_features=5, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, n_features))
    y = np.where(X[:, 0] * X[:, 1] + X[:, 2] + 0.5 * rng.normal(size=n) > 0, 1.0, -1.0)
    return X, y


def three_classes(n=240, seed=0):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 3, size=n)
    corners = np.array([[2.0, 0.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, 2.0]])
    return corners[y] + rng.normal(size=(n, 3)), y


@functools.cache
def both(name, C):
    """The kernel matrix and signs of one problem, and scikit-learn's machine for it."""
    X, y = two_classes()
    kernel = Kernel(name, 0.2, coef0=1.0, degree=3)
    theirs = sklearn.svm.SVC(
        C=C, kernel=SKLEARN_NAMES[name], gamma=0.2, coef0=1.0, degree=3, tol=1e-10
    ).fit(X, y)
    return X, y, kernel(X), theirs


def signed_alpha(theirs, n):
    signed = np.zeros(n)
    signed[theirs.support_] = theirs.dual_coef_[0]
    return signed


@pytest.mark.parametrize("solve", [smo, smo_fast])
@pytest.mark.parametrize("C", [0.1, 1.0, 10.0])
@pytest.mark.parametrize("name", ["linear", "polynomial", "rbf"])
def test_smo_finds_the_dual_optimum_of_libsvm(name, C, solve):
    _, y, K, theirs = both(name, C)
    solution = solve(K, y, C, tolerance=1e-10)
    expected = svm_dual_objective(K, y, signed_alpha(theirs, y.size) * y)
    assert expected == pytest.approx(svm_dual_objective(K, y, solution.alpha), rel=1e-10)
    assert svm_duality_gap(K, y, C, solution.alpha) <= 1e-8


@pytest.mark.parametrize("solve", [smo, smo_fast])
@pytest.mark.parametrize("C", [0.1, 1.0])
@pytest.mark.parametrize("name", ["linear", "polynomial", "rbf"])
def test_smo_decides_as_libsvm(name, C, solve):
    X, y, K, theirs = both(name, C)
    solution = solve(K, y, C, tolerance=1e-10)
    decision = K @ (solution.alpha * y) + solution.b
    np.testing.assert_allclose(theirs.decision_function(X), decision, rtol=0, atol=1e-5)


@pytest.mark.parametrize("name", ["linear", "polynomial", "rbf"])
def test_where_decisions_differ_libsvm_is_farther_from_the_optimum(name):
    """Its cache of kernel values is float32, whatever its tolerance: at C = 10 that shows."""
    _, y, K, theirs = both(name, 10.0)
    ours = smo_fast(K, y, 10.0, tolerance=1e-10).kkt_violation
    assert ours < 1e-3 * svm_kkt_violation(K, y, 10.0, signed_alpha(theirs, y.size) * y)


@pytest.mark.parametrize("C", [0.1, 1.0, 10.0])
def test_an_interior_point_finds_the_dual_optimum_of_libsvm(C):
    X, y, K, theirs = both("linear", C)
    solution = linear_svm_interior_point(X, y, C, tolerance=1e-12)
    expected = svm_dual_objective(K, y, signed_alpha(theirs, y.size) * y)
    assert expected == pytest.approx(svm_dual_objective(K, y, solution.alpha), rel=1e-10)


@pytest.mark.parametrize("C", [0.1, 1.0])
def test_an_interior_point_decides_as_libsvm(C):
    X, y, _, theirs = both("linear", C)
    solution = linear_svm_interior_point(X, y, C, tolerance=1e-12)
    decision = X @ (X.T @ (solution.alpha * y)) + solution.b
    np.testing.assert_allclose(theirs.decision_function(X), decision, rtol=0, atol=1e-5)


@pytest.mark.parametrize("C", [0.01, 1.0])
def test_primal_hinge_with_a_regularised_bias_is_that_of_liblinear(C):
    X, y = two_classes()
    with_ones = np.column_stack((X, np.ones_like(y)))
    solution = linear_svm_interior_point(with_ones, y, C, has_bias=False, tolerance=1e-10)
    theirs = sklearn.svm.LinearSVC(
        C=C, loss="hinge", tol=1e-9, max_iter=1_000_000, random_state=0
    ).fit(X, y)
    expected = linear_svm_objective(
        with_ones, y, C, np.append(theirs.coef_[0], theirs.intercept_[0])
    )
    objective = linear_svm_objective(with_ones, y, C, with_ones.T @ (solution.alpha * y))
    assert expected == pytest.approx(objective, rel=1e-6)


def test_pegasos_comes_to_the_minimum_of_the_interior_point():
    """With a strong regulariser; the gap falls like 1 / t, and without one 1e-6 takes hours."""
    X, y = two_classes()
    C = 0.01
    best = linear_svm_interior_point(X, y, C, has_bias=False, tolerance=1e-10)
    least = linear_svm_objective(X, y, C, X.T @ (best.alpha * y))
    solution = pegasos(X, y, C, batch_size=y.size, max_epochs=20_000, tolerance=1e-5)
    assert solution.has_converged
    assert least == pytest.approx(solution.objective, rel=1e-6)


@pytest.mark.parametrize("C", [0.01, 1.0, 100.0])
def test_squared_hinge_is_that_of_liblinear(C):
    X, y = two_classes(n=1000)
    solution = squared_hinge_newton(X, y, C, is_bias_regularised=True)
    theirs = sklearn.svm.LinearSVC(C=C, dual=False, tol=1e-10, max_iter=10_000).fit(X, y)
    with_ones = np.column_stack((X, np.ones_like(y)))
    expected = linear_svm_objective(
        with_ones, y, C, np.append(theirs.coef_[0], theirs.intercept_[0]), is_squared=True
    )
    assert expected == pytest.approx(solution.objective, rel=1e-8)
    np.testing.assert_allclose(theirs.coef_[0], solution.w, rtol=1e-5)


@pytest.mark.parametrize("name", ["linear", "polynomial", "rbf"])
def test_one_versus_one_predicts_as_libsvm(name):
    X, y = three_classes()
    ours = SVC(kernel=name, coef0=1.0, tolerance=1e-8).fit(X, y)
    theirs = sklearn.svm.SVC(
        kernel=SKLEARN_NAMES[name], coef0=1.0, tol=1e-8, decision_function_shape="ovo"
    ).fit(X, y)
    # Theirs scores the earlier class of a pair as positive.
    np.testing.assert_allclose(-theirs.decision_function(X), ours.decision_function(X), atol=1e-5)
    np.testing.assert_array_equal(theirs.predict(X), ours.predict(X))


@pytest.mark.parametrize("name", ["linear", "rbf"])
def test_one_versus_rest_predicts_as_scikit_learn(name):
    X, y = three_classes()
    ours = SVC(kernel=name, tolerance=1e-8, multiclass="one-versus-rest").fit(X, y)
    theirs = sklearn.multiclass.OneVsRestClassifier(
        sklearn.svm.SVC(kernel=SKLEARN_NAMES[name], tol=1e-8)
    ).fit(X, y)
    np.testing.assert_allclose(theirs.decision_function(X), ours.decision_function(X), atol=1e-5)
    np.testing.assert_array_equal(theirs.predict(X), ours.predict(X))


def test_linear_classes_are_those_of_liblinear():
    X, y = three_classes()
    ours = LinearSVC(is_bias_regularised=True).fit(X, y)
    theirs = sklearn.svm.LinearSVC(dual=False, tol=1e-10).fit(X, y)
    np.testing.assert_allclose(theirs.decision_function(X), ours.decision_function(X), atol=1e-6)
    np.testing.assert_array_equal(theirs.predict(X), ours.predict(X))
