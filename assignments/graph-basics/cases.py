"""Functions to differentiate: nudge them yourself, your grader does."""

import numpy as np


def ripple(x):
    """Return a number for an array of any shape: sum of sin(x) times its square, a full mix."""
    return float(np.sin(x).sum() * (1 + 0.5 * (x**2).sum()) + np.exp(0.1 * x.ravel()[-1]))


def swell(x):
    """Return exp(sum(x) / 2): its derivative by each entry is half of itself."""
    return float(np.exp(x.sum() / 2))


def swirl(x):
    """Return three numbers for a vector of any length."""
    return np.array([np.sin(x).sum(), x[0] * x[-1] ** 2, np.exp(0.3 * x).sum()])
