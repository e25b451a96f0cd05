# fails: slope-error, sizes
"""Many steps, but the first is 1/16 for every x."""
import math

import numpy as np


def relative_error(a, b):
    if np.ndim(a) > 0:
        return [relative_error(p, q) for p, q in zip(a, b)]
    if a == b:
        return 0.0
    return abs(float(a) - float(b)) / max(abs(float(a)), abs(float(b)))


def shifted(x, direction, t):
    flat = [float(v) + t * float(u) for v, u in zip(np.ravel(x), np.ravel(direction))]
    return np.array(flat).reshape(np.shape(x))


def directional_derivative(f, x, direction):
    reach = max(abs(float(u)) for u in np.ravel(direction))
    h = 1 / reach / 16
    rows = []
    for _ in range(25):
        if len(rows) >= 12:
            break
        up, down = f(shifted(x, direction, h)), f(shifted(x, direction, -h))
        rows.append(((up - down) / (h + h), 2.3e-16 * max(abs(up), abs(down)) / h))
        h /= 4
    best = (math.nan, math.inf)
    for (before, _), (here, noise), (after, _) in zip(rows, rows[1:], rows[2:]):
        error = noise + max(abs(here - before), abs(here - after))
        if error < best[1]:
            best = (here, error)
    return best


def axes_of(x):
    for index in np.ndindex(*np.shape(x)):
        axis = np.zeros(np.shape(x))
        axis[index] = 1
        yield index, axis


def numerical_gradient(f, x):
    gradient = 0.0 * x
    for index, axis in axes_of(x):
        gradient[index], _ = directional_derivative(f, x, axis)
    return gradient


def agree(claimed, slope, error, size):
    return abs(claimed - slope) <= 20 * error + 3e-7 * size


def check_gradient(f, grad, x):
    g = np.array(grad(x))
    if np.shape(g) != np.shape(x):
        return False, None
    wrong = []
    for index, axis in axes_of(x):
        slope, error = directional_derivative(f, x, axis)
        number = float(g[index])
        if not math.isfinite(number):
            wrong.append((math.inf, index))
        elif not agree(number, slope, error, max(abs(number), abs(slope))):
            wrong.append((relative_error(number, slope), index))
    if wrong:
        return False, max(wrong)[1]
    return True, None


def directional_check(f, grad, x, rng):
    g = np.array(grad(x))
    if np.shape(g) != np.shape(x):
        return False
    length = math.sqrt(sum(float(v) ** 2 for v in np.ravel(g)))
    for _ in range(3):
        d = np.array([rng.normal() for _ in range(g.size)]).reshape(g.shape)
        slope, error = directional_derivative(f, x, d)
        along = sum(float(p) * float(q) for p, q in zip(np.ravel(g), np.ravel(d)))
        if not agree(along, slope, error, length):
            return False
    return True
