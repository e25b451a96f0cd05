"""Support vector machines against LIBSVM and LIBLINEAR, by way of scikit-learn.

Both sides get the same samples, n x 20 unless said otherwise, and fit a model from them, kernel
values and all, on one thread, in turns; of the times of each side the least counts. RBF machines
stop at the same KKT tolerance, 1e-3, and their dual objectives are compared. Linear machines are
certified by their duality gap, which LIBSVM's are not.
"Over" is our time over theirs, "vs" how many times faster ours is.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.rows import Row
from reference.arrays import Array
from reference.kernels import rbf_kernel
from reference.svm.certificates import svm_dual_objective, svm_linear_duality_gap
from reference.svm.hinge import linear_svm_objective
from reference.svm.squared_hinge import squared_hinge_newton
from reference.svm.svc import SVC

try:
    from sklearn import svm as sklearn
except ImportError:
    sklearn = None

_RBF_GOALS = {
    (500, 1): "<= 2.2",
    (500, 10): "<= 2.2",
    (2000, 1): "<= 1.0",
    (2000, 10): "<= 1.4",
    (2000, 100): "<= 1.7",
    (5000, 1): "<= 1.0",
    (5000, 10): "<= 1.4",
    (5000, 100): "<= 1.7",
}
"""Of our time over LIBSVM's, by the number of samples and C."""
_MOST_QUICK = 2000
"""Samples of the problems that a quick run takes."""


def measure(is_quick: bool) -> list[Row]:
    """Time ours and theirs in turns."""
    most = _MOST_QUICK if is_quick else 5000
    n_turns = 5 if is_quick else 9
    rows = [
        row
        for (n, C), goal in _RBF_GOALS.items()
        if n <= most
        for row in _rbf(n, float(C), goal, n_turns)
    ]
    for n in (500, 2000, 5000):
        if n <= most:
            rows += _linear(n, 3 if n == most else 5 * n_turns)
    sizes = [(5000, 20)] if is_quick else [(5000, 20), (20_000, 100)]
    for n, n_features in sizes:
        rows += _squared_hinge(n, n_features, n_turns)
    return rows


def _rbf(n: int, C: float, goal: str, n_turns: int) -> list[Row]:
    ratio = difference = None
    if sklearn is not None:
        X, y = _samples(n)
        ours, theirs, seconds, their_seconds = _fit_in_turns(
            SVC(C).fit, sklearn.SVC(C=C, tol=1e-3).fit, X, y, n_turns
        )
        K = rbf_kernel(X)
        their_alpha = np.zeros(n)
        their_alpha[theirs.support_] = np.abs(theirs.dual_coef_[0])
        expected = svm_dual_objective(K, y, their_alpha)
        objective = svm_dual_objective(K, y, ours.machine.solution.alpha)
        ratio, difference = seconds / their_seconds, abs(objective / expected - 1)
    name = f"RBF n={n} C={C:g}"
    return [
        Row(f"{name} over LIBSVM", ratio, "", goal),
        Row(f"{name}, objectives differ", difference, "", "<= 1e-6"),
    ]


def _linear(n: int, n_turns: int) -> list[Row]:
    ratio = gap = None
    if sklearn is not None:
        X, y = _samples(n)
        ours, _, seconds, their_seconds = _fit_in_turns(
            SVC(kernel="linear").fit, sklearn.SVC(kernel="linear").fit, X, y, n_turns
        )
        ratio = their_seconds / seconds
        gap = svm_linear_duality_gap(X, y, 1.0, ours.machine.solution.alpha)
    name = f"linear n={n}"
    return [
        Row(f"{name} vs LIBSVM", ratio, "", ">= 5"),
        Row(f"{name}, duality gap", gap, "", "<= 1e-8"),
    ]


def _squared_hinge(n: int, n_features: int, n_turns: int) -> list[Row]:
    ratio = excess = None
    if sklearn is not None:
        X, y = _samples(n, n_features)
        ours, theirs, seconds, their_seconds = _fit_in_turns(
            lambda X, y: squared_hinge_newton(X, y, 1.0, is_bias_regularised=True),
            sklearn.LinearSVC(dual=False).fit,
            X,
            y,
            n_turns,
        )
        with_ones = np.column_stack((X, np.ones(n)))
        their_weights = np.append(theirs.coef_[0], theirs.intercept_[0])
        expected = linear_svm_objective(with_ones, y, 1.0, their_weights, is_squared=True)
        ratio, excess = their_seconds / seconds, ours.objective / expected - 1
    name = f"squared hinge {n}x{n_features}"
    return [
        Row(f"{name} vs LIBLINEAR", ratio, "", ">= 1.3"),
        Row(f"{name}, above its objective", excess, "", "<= 1e-8"),
    ]


def _samples(n: int, n_features: int = 20) -> tuple[Array, Array]:
    """Two classes on the sides of a curved surface, with noise."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, n_features))
    side = X[:, 0] * X[:, 1] + X[:, 2] + 0.5 * rng.normal(size=n)
    return X, np.where(side > 0, 1.0, -1.0)


def _fit_in_turns(
    fit: Callable[[Array, Array], Any],
    their_fit: Callable[[Array, Array], Any],
    X: Array,
    y: Array,
    n_turns: int,
) -> tuple[Any, Any, float, float]:
    """Return both models, and the least seconds that each took."""
    seconds, their_seconds = [], []
    for _ in range(n_turns):
        started = time.perf_counter()
        theirs = their_fit(X, y)
        between = time.perf_counter()
        ours = fit(X, y)
        seconds.append(time.perf_counter() - between)
        their_seconds.append(between - started)
    return ours, theirs, min(seconds), min(their_seconds)
