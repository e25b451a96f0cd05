"""Two half moons that reach into each other: samples that no straight line separates."""

import numpy as np


def moons(noise):
    """Return (X, y): X is noise (N, 2), N even, added to places along the two moons, half each.

    y (N,) is 1.0 for the first half, on the moon that bends upwards, and -1.0 for the other.
    """
    half = len(noise) // 2
    angles = np.linspace(0, np.pi, half)
    upper = np.stack((np.cos(angles), np.sin(angles)), axis=1)
    lower = np.stack((1 - np.cos(angles), 0.5 - np.sin(angles)), axis=1)
    return np.concatenate((upper, lower)) + noise, np.repeat([1.0, -1.0], half)
