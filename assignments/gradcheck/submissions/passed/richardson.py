"""Extrapolated to a step of 0, as Richardson did, where both neighbours confirm it."""
import numpy as np

LEVELS = 12


def relative_error(a, b):
    a, b = np.broadcast_arrays(np.asarray(a, float), np.asarray(b, float))
    out = np.zeros(a.shape)
    is_equal = a == b
    np.divide(abs(a - b), np.maximum(abs(a), abs(b)), out=out, where=~is_equal)
    return out


def directional_derivative(f, x, direction):
    x = np.array(x, dtype=np.float64)
    direction = np.array(direction, dtype=np.float64)
    moved = direction != 0
    scale = np.linalg.norm(x[moved]) / np.linalg.norm(direction) or 1 / np.linalg.norm(direction)
    slopes, noise = [], []
    for k in range(LEVELS):
        h = 0.1 * scale / 4**k
        up, down = f(x + h * direction), f(x - h * direction)
        slopes.append((up - down) / (2 * h))
        noise.append(3e-16 * (abs(up) + abs(down)) / h)
    # the error is in proportion to h**2, so a sixteenth of it is left at a quarter of h
    finer = [fine + (fine - coarse) / 15 for coarse, fine in zip(slopes, slopes[1:])]
    found, least = np.nan, np.inf
    for k in range(1, len(finer) - 1):
        neighbours = abs(finer[k] - finer[k - 1]), abs(finer[k] - finer[k + 1])
        error = max(neighbours) + 2 * noise[k + 1]
        if error < least:
            found, least = finer[k], error
    return found, least


def numerical_gradient(f, x):
    axes = np.eye(x.size).reshape((x.size,) + x.shape)
    return np.array([directional_derivative(f, x, axis)[0] for axis in axes]).reshape(x.shape)


def check_gradient(f, grad, x):
    claimed = np.array(grad(x), dtype=float)
    if np.shape(claimed) != np.shape(x):
        return False, None
    if not np.isfinite(claimed).all():
        return False, tuple(np.argwhere(~np.isfinite(claimed))[0])
    axes = np.eye(x.size).reshape((x.size,) + x.shape)
    pairs = np.array([directional_derivative(f, x, axis) for axis in axes])
    slopes, errors = pairs[:, 0].reshape(x.shape), pairs[:, 1].reshape(x.shape)
    beyond = np.abs(claimed - slopes) - 30 * errors
    size = np.maximum(np.abs(claimed), np.abs(slopes))
    excess = np.where(size > 0, beyond / np.where(size > 0, size, 1), 0)
    if excess.max() <= 2e-7:
        return True, None
    return False, np.unravel_index(excess.argmax(), x.shape)


def directional_check(f, grad, x, rng):
    claimed = np.array(grad(x), dtype=float)
    if claimed.shape != x.shape or not np.isfinite(claimed).all():
        return False
    for _ in range(4):
        d = rng.normal(size=x.shape)
        d /= np.linalg.norm(d)
        slope, error = directional_derivative(f, x, d)
        if abs(np.vdot(claimed, d) - slope) > 30 * error + 1e-7 * np.linalg.norm(claimed):
            return False
    return True
