"""What every linear model computes, z = X w + b, and the shapes that go into it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import Array, as_float_array


@dataclass(frozen=True, slots=True)
class AffineModel:
    """Weights and a bias: z = X w + b.

    Attributes
    ----------
    w : ndarray, shape (n_features,) or (n_features, n_outputs)
        One column for each output. The course's lecture on multi-layer networks writes the
        transpose: there an output is a row of W.
    b : float or ndarray, shape (n_outputs,)
        The bias: the weight of one more feature that is always 1.
    """

    w: Array
    b: Array | float

    def decision_function(self, X: ArrayLike) -> Array:
        """Return X w + b.

        Parameters
        ----------
        X : array_like, shape (n_samples, n_features)

        Returns
        -------
        ndarray, shape (n_samples,) or (n_samples, n_outputs)

        Raises
        ------
        ValueError
            If `X` is empty, has another number of columns or is not finite.
        """
        X = as_float_array("X", X, shape=("n_samples", self.w.shape[0]))
        scores: Array = X @ self.w + self.b
        return scores


def as_design(X: ArrayLike) -> Array:
    """Return `X` in float64 with a column of ones at its right end, whose weight is the bias.

    Raises
    ------
    ValueError
        If `X` is no matrix, is empty or is not finite.
    """
    X = as_float_array("X", X, shape=("n_samples", "n_features"))
    return np.column_stack([X, np.ones(X.shape[0])])


def as_targets(name: str, value: ArrayLike, n_samples: int) -> Array:
    """Return `value` as a vector of numbers, one a sample, or as a matrix with one row a sample.

    Raises
    ------
    ValueError
        If it is neither, or not finite.
    """
    targets = as_float_array(name, value)
    if targets.ndim not in (1, 2) or targets.shape[0] != n_samples or targets.size == 0:
        raise ValueError(
            f"{name} must have shape ({n_samples},) or ({n_samples}, n_outputs), one row for each "
            f"sample of X, got shape {targets.shape}"
        )
    return targets


def split_bias(weights: Array) -> tuple[Array, Array | float]:
    """Return w and b from the weights of the columns of `as_design`."""
    b = weights[-1]
    return weights[:-1], b if b.ndim else float(b)
