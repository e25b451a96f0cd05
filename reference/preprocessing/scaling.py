"""Features brought to a common scale, with the figures of the training samples.

What a scaler knows comes from `fit` and from nothing else. Fitted on all samples before they are
split, it would let the test samples have a say in the training: fit on the training samples, and
transform both.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import Array, as_float_array, as_number
from reference.fitted import fitted


class StandardScaler:
    """Subtracts the mean of each feature and divides by its standard deviation.

    The standard deviation has 1/n, not 1/(n - 1). A feature that is constant in the training
    samples keeps its scale (it is divided by 1), so there it becomes 0.

    Attributes
    ----------
    mean : ndarray, shape (n_features,), or None before `fit`
    scale : ndarray, shape (n_features,), or None before `fit`
        What each feature is divided by; > 0.

    References
    ----------
    LeCun, Bottou, Orr and Müller (1998), "Efficient BackProp", section 4.3.
    """

    def __init__(self) -> None:
        self.mean: Array | None = None
        self.scale: Array | None = None

    def fit(self, X: ArrayLike) -> StandardScaler:
        """Learn mean and scale from the training samples `X`, (n_samples, n_features).

        Returns
        -------
        StandardScaler
            Itself.

        Raises
        ------
        ValueError
            If `X` is no matrix, is empty or is not finite.
        """
        X = as_float_array("X", X, shape=("n_samples", "n_features")).astype(np.float64)
        # The mean of n equal numbers is rounded, so that their deviation is seldom exactly 0.
        is_constant = X.min(axis=0) == X.max(axis=0)
        self.mean = np.where(is_constant, X[0], X.mean(axis=0))
        deviation = X - self.mean
        # In units of the largest, so that no square is too large or too small for a float.
        largest = np.where(is_constant, 1, np.abs(deviation).max(axis=0))
        spread = largest * np.sqrt(((deviation / largest) ** 2).mean(axis=0))
        self.scale = np.where(is_constant, 1, spread)
        return self

    def transform(self, X: ArrayLike) -> Array:
        """Return (X - mean) / scale.

        Parameters
        ----------
        X : array_like, shape (n_samples, n_features)

        Returns
        -------
        ndarray, shape of X
            A float32 array stays float32.

        Raises
        ------
        NotFittedError
            Before `fit`.
        ValueError
            If `X` has another number of features than in `fit`, is empty or is not finite.
        """
        mean, scale = fitted(self, self.mean), fitted(self, self.scale)
        X = as_float_array("X", X, shape=("n_samples", mean.size))
        return ((X - mean) / scale).astype(X.dtype)

    def fit_transform(self, X: ArrayLike) -> Array:
        """Return what `fit` and then `transform` of the same `X` return; errors are theirs."""
        return self.fit(X).transform(X)

    def inverse_transform(self, X: ArrayLike) -> Array:
        """Return X * scale + mean; parameters and errors are those of `transform`."""
        mean, scale = fitted(self, self.mean), fitted(self, self.scale)
        X = as_float_array("X", X, shape=("n_samples", mean.size))
        return (X * scale + mean).astype(X.dtype)


class MinMaxScaler:
    """Maps the least and the largest value of each feature to the ends of an interval.

    A feature that is constant in the training samples counts as one of width 1 and is moved to the
    lower end. Other samples may well lie outside the interval.

    Parameters
    ----------
    low, high : float, default 0 and 1
        The ends of the interval, low < high.

    Attributes
    ----------
    minimum : ndarray, shape (n_features,), or None before `fit`
        The least training value of each feature.
    width : ndarray, shape (n_features,), or None before `fit`
        The largest minus the least; 1 where that is 0.

    Raises
    ------
    ValueError
        If `low` is not less than `high`.
    """

    def __init__(self, low: float = 0.0, high: float = 1.0) -> None:
        self.low = as_number("low", low)
        self.high = as_number("high", high, above=self.low)
        self.minimum: Array | None = None
        self.width: Array | None = None

    def fit(self, X: ArrayLike) -> MinMaxScaler:
        """Learn minimum and width from the training samples `X`, (n_samples, n_features).

        Returns
        -------
        MinMaxScaler
            Itself.

        Raises
        ------
        ValueError
            If `X` is no matrix, is empty or is not finite.
        """
        X = as_float_array("X", X, shape=("n_samples", "n_features")).astype(np.float64)
        self.minimum = X.min(axis=0)
        width = X.max(axis=0) - self.minimum
        self.width = np.where(width == 0, 1, width)
        return self

    def transform(self, X: ArrayLike) -> Array:
        """Return low + (X - minimum) / width * (high - low).

        Parameters
        ----------
        X : array_like, shape (n_samples, n_features)

        Returns
        -------
        ndarray, shape of X
            A float32 array stays float32.

        Raises
        ------
        NotFittedError
            Before `fit`.
        ValueError
            If `X` has another number of features than in `fit`, is empty or is not finite.
        """
        minimum, width = fitted(self, self.minimum), fitted(self, self.width)
        X = as_float_array("X", X, shape=("n_samples", minimum.size))
        return (self.low + (X - minimum) / width * (self.high - self.low)).astype(X.dtype)

    def fit_transform(self, X: ArrayLike) -> Array:
        """Return what `fit` and then `transform` of the same `X` return; errors are theirs."""
        return self.fit(X).transform(X)

    def inverse_transform(self, X: ArrayLike) -> Array:
        """Return minimum + (X - low) / (high - low) * width.

        Parameters and errors are those of `transform`, which it undoes.
        """
        minimum, width = fitted(self, self.minimum), fitted(self, self.width)
        X = as_float_array("X", X, shape=("n_samples", minimum.size))
        return (minimum + (X - self.low) / (self.high - self.low) * width).astype(X.dtype)
