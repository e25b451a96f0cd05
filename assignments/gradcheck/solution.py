"""A gradient checker: numeric derivatives that know how far off they are, and a verdict.

The handout (README.md) has the mathematics, the conventions, and worked examples.
"""

import numpy as np


def relative_error(a, b):
    """Return how far a and b are apart, entry by entry, relative to the larger of the two.

    a and b are two numbers, or two arrays of one shape. Where both are 0 the error is 0; where one
    is, it is 1; numbers of opposite signs have one between 1 and 2. It is an array of floats of the
    same shape.
    """
    # BEGIN SOLUTION
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    larger = np.maximum(np.abs(a), np.abs(b))
    return np.abs(a - b) / np.where(larger > 0, larger, 1.0)
    # END SOLUTION


def directional_derivative(f, x, direction):
    """Return (slope, error): the derivative of t -> f(x + t * direction) at t = 0.

    f takes an array of the shape of x and returns a number. x and direction have one shape; x may
    hold whole numbers, and afterwards it is as it was. error is your estimate of how far slope is
    off, a number of 0 or more. Neither is an array.
    """
    # BEGIN SOLUTION
    x, direction = np.asarray(x, dtype=float), np.asarray(direction, dtype=float)
    longest = np.abs(direction).max()
    size = np.abs(x[np.abs(direction) == longest]).max()
    if size == 0:
        size = 1.0
    steps = size / longest * 0.2 ** np.arange(1, 11)
    slopes, rounding = [], []
    for h in steps:
        above, below = f(x + h * direction), f(x - h * direction)
        slopes.append((above - below) / (2 * h))
        rounding.append(np.finfo(float).eps * max(abs(above), abs(below)) / h)
    jumps = np.abs(np.diff(slopes))
    # both neighbours have to agree: one alone may do so by chance
    errors = np.maximum(jumps[1:], jumps[:-1]) + rounding[1:-1]
    best = np.argmin(errors)
    return slopes[best + 1], errors[best]
    # END SOLUTION


def numerical_gradient(f, x):
    """Return the gradient of f at x: the derivatives along the axes, an array of the shape of x.

    f takes an array of the shape of x and returns a number. x is an array of any shape, of floats
    or of whole numbers; afterwards it is as it was.
    """
    # BEGIN SOLUTION
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        axis = np.zeros(x.shape)
        axis[index] = 1.0
        gradient[index] = directional_derivative(f, x, axis)[0]
    return gradient
    # END SOLUTION


def check_gradient(f, grad, x):
    """Return (is_right, worst): whether grad is the gradient of f at x, looking at every entry.

    f takes an array of the shape of x and returns a number; grad takes the same and returns an
    array. is_right is True or False. worst is the index of the entry that is most wrong, a tuple;
    it is None where is_right is True, and where what grad returns has another shape than x.
    """
    # BEGIN SOLUTION
    claimed = np.asarray(grad(x))
    if claimed.shape != x.shape:
        return False, None
    worst, most = None, 0.0
    for index in np.ndindex(x.shape):
        # every comparison with not-a-number is False, whichever it is
        if not np.isfinite(claimed[index]):
            return False, index
        axis = np.zeros(x.shape)
        axis[index] = 1.0
        slope, error = directional_derivative(f, x, axis)
        gap = abs(claimed[index] - slope)
        size = max(abs(claimed[index]), abs(slope))
        if gap > 1e-6 * size + 10 * error and gap > most:
            worst, most = index, gap
    return worst is None, worst
    # END SOLUTION


def directional_check(f, grad, x, rng):
    """Return whether grad is the gradient of f at x, True or False, from a few random directions.

    f, grad and x are as in check_gradient; rng is a numpy.random.Generator. Call f at most 100
    times, whatever the size of x.
    """
    # BEGIN SOLUTION
    claimed = np.asarray(grad(x))
    if claimed.shape != x.shape or not np.all(np.isfinite(claimed)):
        return False
    for _ in range(3):
        direction = rng.standard_normal(x.shape)
        slope, error = directional_derivative(f, x, direction)
        along = np.sum(claimed * direction)
        if abs(along - slope) > 1e-6 * max(abs(along), abs(slope)) + 10 * error:
            return False
    return True
    # END SOLUTION
