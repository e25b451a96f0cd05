# fails: worst-entry, small-bugs, layer-bugs, offsets, flat, not-a-gradient
"""Every fifth entry is looked at: large networks have millions."""
import numpy as np


def relative_error(a, b):
    a, b = np.asarray(a), np.asarray(b)
    m = np.maximum(abs(a), abs(b))
    return np.where(m == 0, 0.0, abs(a - b) / np.where(m == 0, 1.0, m))


def directional_derivative(f, x, direction):
    big = np.argmax(np.abs(direction))
    size = abs(float(np.ravel(x)[big])) or 1.0
    hs = [size / abs(np.ravel(direction)[big]) * 10.0**-k for k in np.arange(1, 8.1, 0.5)]
    x = x * 1.0
    ups = [f(x + h * direction) for h in hs]
    downs = [f(x - h * direction) for h in hs]
    ds = [(u - d) / (2 * h) for u, d, h in zip(ups, downs, hs)]
    es = []
    for i in range(1, len(hs) - 1):
        e = max(abs(ds[i] - ds[i - 1]), abs(ds[i] - ds[i + 1]))
        es.append(e + 2.2e-16 * max(abs(ups[i]), abs(downs[i])) / hs[i])
    i = int(np.argmin(es))
    return ds[i + 1], es[i]


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
    for index in [*np.ndindex(x.shape)][::5]:
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
