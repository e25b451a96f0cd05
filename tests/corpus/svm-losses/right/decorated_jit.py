"""Loops with numba, where there is numba"""
from __future__ import annotations

import functools
import typing as t
from collections import namedtuple

import numpy as np
import numpy.typing as npt

try:
    from numba import njit
except ImportError:
    def njit(f=None, **options):
        return f if f is not None else (lambda g: g)

Array = npt.NDArray[np.float64]
Result = namedtuple('Result', 'loss grad')


def with_penalty(strength: float):
    """decorator: adds strength * reg * ||W||^2 to a loss and its gradient"""
    def decorate(f):
        @functools.wraps(f)
        def wrapped(W: Array, X: Array, y, reg: float) -> Result:
            loss, grad = f(W, X, y, reg)
            return Result(loss + strength * reg * np.square(W).sum(), grad + 2 * strength * reg * W)
        return wrapped
    return decorate


@njit(cache=True)
def pairs(S, y):
    n, k = S.shape
    out = np.zeros((n, k))
    total = 0.0
    for i in range(n):
        for j in range(k):
            if j == y[i]:
                continue
            m = S[i, j] - S[i, y[i]] + 1
            if m <= 0:
                continue
            total += m
            out[i, j] += 1
            out[i, y[i]] -= 1
    return total, out


@with_penalty(1.0)
def svm_loss_naive(W, X, y, reg):
    total, coefficients = pairs(X.dot(W), y)
    return total / y.shape[0], X.T.dot(coefficients) / y.shape[0]


@with_penalty(strength=1)
def svm_loss_vectorized(W, X, y, reg):
    S = X @ W
    S -= np.choose(y, S.T).reshape(-1, 1) - 1
    np.clip(S, 0, None, out=S)
    S[np.arange(y.size), y] = 0
    C = np.sign(S)
    C[np.arange(y.size), y] = -np.count_nonzero(S, axis=1)
    return S.sum() / y.size, np.einsum('nd,nk->dk', X, C, optimize=True) / y.size


@t.no_type_check
def _scores(w, b, X):
    return np.inner(X, w) + b


def binary_hinge(w: Array, b: float, X: Array, y, C: float) -> tuple[float, Array, float]:
    loss, dw, db = 0.5 * float(np.vdot(w, w)), np.copy(w), 0.0
    for f, x, s in zip(_scores(w, b, X).tolist(), X, y.tolist()):
        if (xi := 1 - s * f) > 0:
            loss += C * xi
            dw -= C * s * x
            db -= C * s
    return loss, dw, db


def squared_hinge(w: Array, b: float, X: Array, y, reg: float) -> tuple[float, Array, float]:
    xi = np.where(y * _scores(w, b, X) < 1, 1 - y * _scores(w, b, X), 0.0)
    g = np.matmul(-2 * y * xi, np.column_stack((X, np.ones(len(y))))) / len(y)
    return np.linalg.norm(xi) ** 2 / len(y) + 0.5 * reg * np.linalg.norm(w) ** 2, g[:-1] + reg * w, g[-1]
