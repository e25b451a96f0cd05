# Written from the handout alone.
"""A gradient checker: numeric derivatives that know how far off they are, and a verdict."""

import numpy as np

FACTOR = 5  # each step of the ladder is so much shorter than the one before
N_STEPS = 14  # for an axis 10 do; along a direction, small entries may meet kinks early
N_DIRECTIONS = 3  # each costs 2 * N_STEPS calls


def relative_error(a, b):
    """Return how far a and b are apart, entry by entry, relative to the larger of the two.

    a and b are two numbers, or two arrays of one shape. Where both are 0 the error is 0.
    """
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    larger = np.maximum(np.abs(a), np.abs(b))
    error = np.zeros_like(larger)
    np.divide(np.abs(a - b), larger, out=error, where=larger != 0)
    return error[()]


def first_step(x, direction):
    """Return the longest step: it moves the entry that moves most by a fifth of its size."""
    most = np.argmax(np.abs(direction))
    size = abs(x.flat[most]) or 1.0
    return 0.2 * size / abs(direction.flat[most])


def doubt(slopes, error):
    """Return the errors, larger where a shorter step has a slope that contradicts.

    Beyond a kink or two, slopes may agree with each other and be wrong all the same: those of |t|
    near 0 are all 0. Shorter steps know better, as far as their own errors allow.
    """
    doubted = error.copy()
    for i in range(len(slopes)):
        for j in range(i + 1, len(slopes)):
            if np.isfinite(error[i]) and np.isfinite(error[j]):
                doubted[i] = max(doubted[i], abs(slopes[i] - slopes[j]) - 10 * error[j])
    return doubted


def climb_down(f, x, direction):
    """Return (slope, error, is_flat); is_flat is whether all values of f that were seen are equal.

    x and direction are arrays of floats.
    """
    if not direction.any():
        return 0.0, 0.0, True
    steps = first_step(x, direction) / FACTOR ** np.arange(N_STEPS)
    with np.errstate(all="ignore"):  # f may be inf or nan far out
        above = np.array([float(f(x + h * direction)) for h in steps])
        below = np.array([float(f(x - h * direction)) for h in steps])
        slopes = (above - below) / (2 * steps)
        to_next = np.abs(np.diff(slopes))
        jump = np.maximum(to_next[:-1], to_next[1:])
        size = np.maximum(np.abs(above), np.abs(below))
        error = jump + (np.finfo(float).eps * size / steps)[1:-1]
    slopes = slopes[1:-1]  # the ends have one neighbour only
    error[~np.isfinite(error)] = np.inf
    error = doubt(slopes, error)
    best = np.argmin(error)
    is_flat = np.all(above == above[0]) and np.all(below == above[0])
    return float(slopes[best]), float(error[best]), bool(is_flat)


def directional_derivative(f, x, direction):
    """Return (slope, error): the derivative of t -> f(x + t * direction) at t = 0.

    error is an estimate of how far slope is off, a number of 0 or more.
    """
    x, direction = np.array(x, dtype=float), np.array(direction, dtype=float)
    slope, error, is_flat = climb_down(f, x, direction)
    # all values equal: a constant, as far as anybody can tell, however large it is
    return slope, min(error, 1e-10) if is_flat else error


def axis_slopes(f, x):
    """Return (slopes, errors), two arrays of the shape of x: the derivatives along the axes."""
    slopes, errors = np.zeros(x.shape), np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        axis = np.zeros(x.shape)
        axis[index] = 1.0
        slopes[index], errors[index], _ = climb_down(f, x, axis)
    return slopes, errors


def numerical_gradient(f, x):
    """Return the gradient of f at x: the derivatives along the axes, an array of the shape of x."""
    return axis_slopes(f, np.array(x, dtype=float))[0]


def badness(g, slope, error):
    """Return how far g is from slope, in units of what is allowed: above 1 it is wrong."""
    allowed = 1e-6 * np.maximum(np.abs(g), np.abs(slope)) + 10 * error
    gap = np.abs(g - slope)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(gap == 0, 0.0, gap / allowed)


def check_gradient(f, grad, x):
    """Return (is_right, worst): whether grad is the gradient of f at x, looking at every entry.

    worst is the index of the entry that is most wrong, a tuple; it is None where is_right is True,
    and where what grad returns has another shape than x.
    """
    x = np.array(x, dtype=float)
    g = np.array(grad(x.copy()), dtype=float)
    if g.shape != x.shape:
        return False, None
    if np.all(np.isfinite(g)):
        bad = badness(g, *axis_slopes(f, x))
    else:
        bad = np.where(np.isfinite(g), 0.0, np.inf)
    if np.all(bad <= 1):
        return True, None
    return False, tuple(int(i) for i in np.unravel_index(np.argmax(bad), x.shape))


def directional_check(f, grad, x, rng):
    """Return whether grad is the gradient of f at x, from a few random directions."""
    x = np.array(x, dtype=float)
    g = np.array(grad(x.copy()), dtype=float)
    if g.shape != x.shape or not np.all(np.isfinite(g)):
        return False
    for _ in range(N_DIRECTIONS):
        direction = rng.normal(size=x.shape)
        slope, error, _ = climb_down(f, x, direction)
        if not badness(np.sum(g * direction), slope, error) <= 1:
            return False
    return True
