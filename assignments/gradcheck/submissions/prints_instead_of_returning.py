# fails: relative-error, relative-error-tiny, slope, slope-error, numerical-gradient, practice, worst-entry, small-bugs, layer-bugs, sizes, offsets, flat, near-kinks, not-a-gradient, nothing-right-rejected, directions, directions-hidden, counted-calls
# diagnosis: printed_not_returned
"""Prints its results."""
import numpy as np


def relative_error(a, b):
    a, b = np.asarray(a), np.asarray(b)
    m = np.maximum(abs(a), abs(b))
    print(np.where(m == 0, 0.0, abs(a - b) / np.where(m == 0, 1.0, m)))


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
    print(ds[i + 1], es[i])



def one_hot(x, index):
    e = np.zeros(np.shape(x))
    e[index] = 1.0
    return e


def numerical_gradient(f, x):
    gradient = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        h = 1e-5 * one_hot(x, index)
        gradient[index] = (f(x + h) - f(x - h)) / 2e-5
    print(gradient)


def check_gradient(f, grad, x):
    g = np.asarray(grad(x))
    bad = {}
    for index in np.ndindex(x.shape):
        h = 1e-5 * one_hot(x, index)
        d = (f(x + h) - f(x - h)) / 2e-5
        if not relative_difference(g[index], d) < 1e-6:
            bad[index] = abs(g[index] - d)
    print(not bad, max(bad, key=bad.get, default=None))


def relative_difference(a, b):
    return abs(a - b) / max(abs(a), abs(b), 1e-300)


def directional_check(f, grad, x, rng):
    v = rng.standard_normal(x.shape)
    d = (f(x + 1e-5 * v) - f(x - 1e-5 * v)) / 2e-5
    print(relative_difference(np.sum(grad(x) * v), d) < 1e-6)
