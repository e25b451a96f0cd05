# fails: slope, slope-error, numerical-gradient, practice, worst-entry, small-bugs, layer-bugs, sizes, offsets, flat, near-kinks, not-a-gradient, nothing-right-rejected, directions, directions-hidden, counted-calls
"""Forwards, from f(x) to f(x + h)."""
import numpy as np


def relative_error(a, b):
    a, b = np.asarray(a), np.asarray(b)
    m = np.maximum(abs(a), abs(b))
    return np.where(m == 0, 0.0, abs(a - b) / np.where(m == 0, 1.0, m))


def directional_derivative(f, x, direction):
    h = 1e-4 * (np.max(np.abs(x)) or 1.0)
    before = f(x * 1.0)
    slope = (f(x + h * direction) - before) / h
    return slope, 1e-7 * abs(slope)


def one_hot(x, index):
    e = np.zeros(np.shape(x))
    e[index] = 1.0
    return e


def numerical_gradient(f, x):
    gradient = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        gradient[index] = directional_derivative(f, x, one_hot(x, index))[0]
    return gradient


def check_gradient(f, grad, x):
    g = np.asarray(grad(x))
    if g.shape != x.shape:
        return False, None
    bad = {}
    for index in np.ndindex(x.shape):
        d, e = directional_derivative(f, x, one_hot(x, index))
        gap = abs(g[index] - d)
        if not np.isfinite(g[index]):
            bad[index] = np.inf
        elif not gap <= 1e-6 * max(abs(g[index]), abs(d)) + 10 * e:
            bad[index] = gap
    if not bad:
        return True, None
    return False, max(bad, key=bad.get)


def directional_check(f, grad, x, rng):
    g = np.asarray(grad(x))
    if g.shape != x.shape:
        return False
    for trial in range(3):
        v = rng.standard_normal(x.shape)
        d, e = directional_derivative(f, x, v)
        if not abs((g * v).sum() - d) <= 1e-6 * np.linalg.norm(g) + 10 * e:
            return False
    return True
