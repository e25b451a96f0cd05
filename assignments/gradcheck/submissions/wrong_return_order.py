# fails: slope, slope-error, practice, worst-entry, small-bugs, layer-bugs, sizes, offsets, flat, near-kinks, not-a-gradient, nothing-right-rejected
"""Both pairs are returned the other way round."""
from dataclasses import dataclass
from functools import cached_property

import numpy as np


@dataclass(frozen=True)
class Line:
    f: object
    x: np.ndarray
    d: np.ndarray

    @cached_property
    def steps(self):
        top = np.abs(self.d).max()
        sizes = np.abs(self.x)[np.abs(self.d) > top / 4]
        scale = sizes.mean() / top if np.any(sizes > 0) else 1 / top
        return scale * np.geomspace(0.06, 2e-8, 14)

    @cached_property
    def sides(self):
        x = np.asarray(self.x, dtype=float)
        return np.array([[self.f(x + h * self.d), self.f(x - h * self.d)] for h in self.steps])

    @cached_property
    def slopes(self):
        return (self.sides[:, 0] - self.sides[:, 1]) / (2 * self.steps)

    @cached_property
    def noise(self):
        return np.finfo(float).eps * np.abs(self.sides).max(axis=1) / self.steps

    def settle(self):
        windows = np.lib.stride_tricks.sliding_window_view(self.slopes, 3)
        spread = windows.max(axis=1) - windows.min(axis=1) + self.noise[2:]
        k = spread.argmin()
        return np.median(windows[k]), spread[k]


def relative_error(a, b):
    with np.errstate(invalid="ignore"):
        ratio = np.abs(np.subtract(a, b)) / np.maximum(np.abs(a), np.abs(b))
    return np.nan_to_num(ratio, nan=0.0)


def directional_derivative(f, x, direction):
    return Line(f, x, direction).settle()[::-1]


def numerical_gradient(f, x):
    return np.reshape([value for value, _ in along_axes(f, x)], x.shape)


def along_axes(f, x):
    axis = np.zeros(x.size)
    for k in range(x.size):
        axis[:] = 0
        axis[k] = 1
        yield Line(f, x, axis.reshape(x.shape)).settle()


def check_gradient(f, grad, x):
    claimed = grad(x)
    if getattr(claimed, "shape", ()) != x.shape:
        return None, False
    value, error = np.array(list(along_axes(f, x))).T
    claimed = np.ravel(claimed)
    sure = 16 * error + 1e-6 * np.maximum(np.abs(value), np.abs(claimed))
    gaps = np.abs(claimed - value)
    wrong = ~((gaps <= sure) & np.isfinite(claimed))
    if not wrong.any():
        return None, True
    ranking = np.where(wrong, np.nan_to_num(gaps, nan=np.inf), -1.0)
    return np.unravel_index(int(ranking.argmax()), x.shape), False


def directional_check(f, grad, x, rng):
    claimed = grad(x)
    if getattr(claimed, "shape", ()) != x.shape:
        return False
    length = np.sqrt((claimed**2).sum())
    right = []
    for d in rng.standard_normal((3, *x.shape)):
        value, error = Line(f, x, d).settle()
        right.append(abs((claimed * d).sum() - value) <= 16 * error + 1e-6 * max(length, abs(value)))
    return all(right)
