"""Suspects to train on: functions with a gradient that may be wrong, and the truth about them."""

import numpy as np


def ripple(x):
    """Return a number for an array of any shape: sum of sin(x) times its square, a full mix."""
    return float(np.sin(x).sum() * (1 + 0.5 * (x**2).sum()) + np.exp(0.1 * x.ravel()[-1]))


def hills(x):
    """Return a number for an array of any shape, however large: the sum of sin(x) + x**2 / 2."""
    return float((np.sin(x) + 0.5 * x**2).sum())


def hills_gradient(x):
    """Return the gradient of hills."""
    return np.cos(x) + x


def least_squares(X, y, reg=0.1):
    """Return (f, grad): half the mean squared error of X w, with a penalty on w, and its gradient.

    f(w) is the mean of (X w - y)**2 / 2 over the samples, plus reg / 2 times the sum of w**2.
    """

    def f(w):
        return float(0.5 * np.mean((X @ w - y) ** 2) + 0.5 * reg * np.sum(w**2))

    def grad(w):
        return X.T @ (X @ w - y) / len(y) + reg * w

    return f, grad


def practice(X, y, w):
    """Return suspects at w or near it, a list of (name, f, grad, x, is_right).

    X has shape (N, D), y shape (N,) and w shape (D,).
    """
    f, grad = least_squares(X, y)
    n = len(y)
    first = np.eye(len(w))[0]
    near = w + 3e-4 * np.where(w > 0, 1, -1)

    def saturated(x):
        return float(np.sum(1 / (1 + np.exp(-x))))

    def saturated_grad(x):
        return np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))) ** 2

    x = np.linspace(-26.0, 27.0, len(w)) + 0.1 * w
    return [
        ("right", f, grad, w, True),
        ("sign lost", f, lambda w: -grad(w), w, False),
        ("sum instead of mean", f, lambda w: n * grad(w), w, False),
        ("penalty left out", f, lambda w: grad(w) - 0.1 * w, w, False),
        ("one entry off by a thousandth", f, lambda w: grad(w) * (1 + 0.001 * first), w, False),
        ("not a number", f, lambda w: np.where(first > 0, np.nan, grad(w)), w, False),
        ("of another shape", f, lambda w: grad(w)[:, np.newaxis], w, False),
        ("tiny and right", lambda w: 1e-8 * f(w), lambda w: 1e-8 * grad(w), w, True),
        ("tiny, sign lost", lambda w: 1e-8 * f(w), lambda w: -1e-8 * grad(w), w, False),
        ("beside a large constant", lambda w: 1e6 + f(w), grad, w, True),
        ("a small x", lambda x: f(1e6 * x), lambda x: 1e6 * grad(1e6 * x), 1e-6 * w, True),
        ("saturated", saturated, saturated_grad, x, True),
        ("saturated, doubled", saturated, lambda x: 2 * saturated_grad(x), x, False),
        ("zero everywhere", lambda _: 3.7, np.zeros_like, w, True),
        ("near a kink", lambda x: float(np.abs(x - w).sum()), lambda x: np.sign(x - w), near, True),
    ]
