"""Functions to descend: each takes a place, and returns the loss there and its gradient."""

import numpy as np


def parabola(w):
    """Return the sum of all w^2: its second derivative is 2 along every axis."""
    return np.sum(w**2), 2 * w


def bowl(x):
    """Return half the sum of x^2, weighed by 1 ... 4 so that it is steeper along later axes."""
    curvature = np.linspace(1.0, 4.0, x.size).reshape(x.shape)
    return np.sum(curvature * x**2) / 2, curvature * x


def two_valleys(w):
    """Return the sum of (w^2 - 1)^2 + 0.3 w: valleys near 1 and, a little deeper, near -1."""
    # far out it overflows, and a descent that gets there ends with NaN
    with np.errstate(all="ignore"):
        return np.sum((w**2 - 1) ** 2 + 0.3 * w), 4 * w * (w**2 - 1) + 0.3
