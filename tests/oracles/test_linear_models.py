"""Linear models against scikit-learn, NumPy and SciPy."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import scipy.optimize
import sklearn.linear_model
import torch

from reference.linear_models.adaline import adaline_loss, fit_adaline
from reference.linear_models.least_squares import fit_least_squares
from reference.linear_models.logistic import LogisticFit, fit_logistic_descent, fit_logistic_newton
from reference.linear_models.logistic_objective import logistic_hessian, logistic_loss
from reference.linear_models.one_versus_all import OneVersusAll
from reference.linear_models.perceptron import fit_perceptron


def problem(seed, n=120, d=4, n_classes=3):
    """Classes that overlap, so that there is a fit without a penalty too."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    scores = X @ rng.normal(size=(d, n_classes)) + rng.normal(size=(n, n_classes))
    return X, scores.argmax(axis=1), rng


@pytest.mark.parametrize("d", [3, 30])
def test_least_squares_of_scikit_learn_with_enough_and_too_few_samples(d):
    X, _, rng = problem(0, n=20, d=d)
    Y = rng.normal(size=(20, 2))
    ours, theirs = fit_least_squares(X, Y), sklearn.linear_model.LinearRegression().fit(X, Y)
    np.testing.assert_allclose(ours.w, theirs.coef_.T, rtol=0, atol=1e-12)
    np.testing.assert_allclose(ours.b, theirs.intercept_, rtol=0, atol=1e-12)
    assert ours.rank == theirs.rank_
    assert ours.is_unique == (d < 20)


@pytest.mark.parametrize("seed", range(5))
def test_perceptron_of_scikit_learn(seed):
    """Where no score is exactly 0, which the two take for different sides.

    At the start all scores are 0: there theirs learns from a first sample of class +1, ours does
    not. So both are given a first sample of class -1.
    """
    X, _, rng = problem(seed, d=3)
    w, b = rng.normal(size=3), rng.normal()
    X = X[np.abs(X @ w + b) > 0.3]
    y = np.where(X @ w + b > 0, 1, -1)
    order = np.argsort(y, kind="stable")[[0]]
    X, y = np.vstack([X[order], X]), np.append(y[order], y)
    ours = fit_perceptron(X, y)
    theirs = sklearn.linear_model.Perceptron(
        shuffle=False, tol=None, max_iter=ours.n_iterations
    ).fit(X, y)
    assert ours.has_converged
    np.testing.assert_allclose(ours.w, theirs.coef_[0], rtol=0, atol=1e-12)
    assert ours.b == theirs.intercept_[0]


def test_the_limit_of_adaline_is_least_squares_of_numpy():
    X, y, _ = problem(1)
    Y = np.eye(3)[y]
    ours = fit_adaline(X, Y)
    design = np.column_stack([X, np.ones(len(X))])
    limit = np.linalg.lstsq(design, Y, rcond=None)[0]
    np.testing.assert_allclose(ours.w, limit[:-1], rtol=0, atol=1e-10)
    np.testing.assert_allclose(ours.b, limit[-1], rtol=0, atol=1e-10)


def test_gradients_of_adaline_and_logistic_regression_are_those_of_torch():
    X, y, rng = problem(2)
    w, b, is_class = rng.normal(size=4), float(rng.normal()), (y == 0).astype(np.int64)
    inputs, targets = torch.tensor(X), torch.tensor(is_class, dtype=torch.float64)
    weights = torch.tensor(w, requires_grad=True)
    bias = torch.tensor(b, dtype=torch.float64, requires_grad=True)
    scores = inputs @ weights + bias
    squared = ((targets - scores) ** 2).sum()
    likelihood = (
        torch.nn.functional.binary_cross_entropy_with_logits(scores, targets, reduction="sum")
        + 0.35 * (weights**2).sum()
    )
    for theirs, ours in (
        (squared, adaline_loss(w, b, X, is_class)),
        (likelihood, logistic_loss(w, b, X, is_class, alpha=0.7)),
    ):
        grads = torch.autograd.grad(theirs, (weights, bias), retain_graph=True)
        assert ours[0] == pytest.approx(theirs.item(), rel=1e-12)
        np.testing.assert_allclose(ours[1], grads[0], rtol=1e-12)
        assert ours[2] == pytest.approx(grads[1].item(), rel=1e-12)


def test_second_derivatives_of_logistic_regression_are_those_of_torch():
    X, y, rng = problem(3)
    is_class = (y == 0).astype(np.int64)
    beta = rng.normal(size=5)
    design = torch.tensor(np.column_stack([X, np.ones(len(X))]))

    def loss(beta):
        margins = torch.where(torch.tensor(is_class) == 1, 1.0, -1.0) * (design @ beta)
        return (
            torch.nn.functional.softplus(-margins, threshold=50).sum()
            + 0.35 * (beta[:-1] ** 2).sum()
        )

    expected = torch.autograd.functional.hessian(loss, torch.tensor(beta))
    ours = logistic_hessian(beta[:-1], beta[-1], X, is_class, alpha=0.7)
    np.testing.assert_allclose(ours, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("C", [0.01, 1.0, 100.0])
def test_one_versus_all_of_logistic_regressions_is_that_of_scikit_learn(C):
    X, y, _ = problem(4)
    ours = OneVersusAll(partial(fit_logistic_newton, alpha=1 / C)).fit(X, y)
    assert len(ours.scorers) == 3
    for label, scorer in enumerate(ours.scorers):
        theirs = sklearn.linear_model.LogisticRegression(
            solver="newton-cholesky", C=C, tol=1e-12, max_iter=1000
        ).fit(X, y == label)
        assert isinstance(scorer, LogisticFit)
        np.testing.assert_allclose(scorer.w, theirs.coef_[0], rtol=0, atol=1e-6)
        assert scorer.b == pytest.approx(theirs.intercept_[0], abs=1e-6)


def test_logistic_regression_without_a_penalty_has_the_minimum_that_scipy_finds():
    X, y, _ = problem(5)
    is_class = (y == 0).astype(np.int64)

    def loss_and_gradient(beta):
        loss, grad_w, grad_b = logistic_loss(beta[:-1], beta[-1], X, is_class)
        return loss, np.append(grad_w, grad_b)

    theirs = scipy.optimize.minimize(
        loss_and_gradient, np.zeros(5), jac=True, method="BFGS", options={"gtol": 1e-7}
    )
    newton = fit_logistic_newton(X, is_class)
    descent = fit_logistic_descent(X, is_class, tolerance=1e-9)
    for ours in (newton, descent):
        assert ours.losses[-1] == pytest.approx(theirs.fun, rel=1e-12)
        np.testing.assert_allclose(ours.w, theirs.x[:-1], rtol=0, atol=1e-6)


def is_separable(X, y):
    """Whether some s_i (w . x_i + b) >= 0 for all i, and > 0 for one: a linear program."""
    signed = np.column_stack([X, np.ones(y.size)]) * np.where(y == 1, 1, -1)[:, np.newaxis]
    program = scipy.optimize.linprog(
        -signed.sum(axis=0), A_ub=-signed, b_ub=np.zeros(y.size), bounds=(-1, 1)
    )
    return -program.fun > 1e-7


@pytest.mark.filterwarnings("ignore::reference.convergence.ConvergenceWarning")
def test_a_fit_is_called_separated_where_a_linear_program_finds_the_hyperplane():
    """On a grid of few points, where samples often lie on the hyperplane."""
    n_separable = 0
    for seed in range(1, 400, 2):
        rng = np.random.default_rng(seed)
        n, d = int(rng.integers(4, 16)), int(rng.integers(1, 4))
        X = rng.integers(-2, 3, size=(n, d)).astype(float)
        y = rng.integers(0, 2, size=n)
        y[:2] = 0, 1
        fit = fit_logistic_newton(X, y)
        assert fit.is_separated == is_separable(X, y), seed
        assert fit.has_converged == (not fit.is_separated), seed
        n_separable += fit.is_separated
    assert 20 < n_separable < 180
