"""Linear regression: the weights with the least sum of squared errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import Array, as_float_array
from reference.linear_models.affine import AffineModel, as_targets


@dataclass(frozen=True, slots=True)
class LeastSquaresFit(AffineModel):
    """A linear regression: `w` and `b` of `AffineModel`, and how well they are determined.

    Attributes
    ----------
    loss : float
        The sum of the squared errors, over samples and outputs; neither halved nor a mean.
    rank : int
        Number of linearly independent features, up to rounding (after centring, if there is a
        bias: a constant feature is the bias once more).
    is_unique : bool
        Whether the rank is n_features. If not, other weights fit equally well, and `w` is the
        shortest of them.
    """

    loss: float
    rank: int
    is_unique: bool

    def predict(self, X: ArrayLike) -> Array:
        """Return X w + b; parameters and errors are those of `decision_function`."""
        return self.decision_function(X)


def fit_least_squares(X: ArrayLike, y: ArrayLike, *, has_bias: bool = True) -> LeastSquaresFit:
    """Return the w and b with the least sum of squared errors sum_i |y_i - x_i w - b|^2.

    Parameters
    ----------
    X : array_like, shape (n_samples, n_features)
    y : array_like, shape (n_samples,) or (n_samples, n_outputs)
        Each output is fitted by itself.
    has_bias : bool, default True
        Whether b is fitted; otherwise it is 0.

    Returns
    -------
    LeastSquaresFit
        If the features are linearly dependent, the w of least norm (the bias does not count), and
        `is_unique` is False.

    Raises
    ------
    ValueError
        If a shape does not fit, the batch is empty or a number is not finite.

    Notes
    -----
    The best plane goes through the mean of the samples, so w is found for centred data, and b
    follows. The singular value decomposition loses as many digits as the condition number of X
    has; `solve_normal_equations` loses twice as many.

    References
    ----------
    Golub and Van Loan (2013), "Matrix Computations", sections 5.3 and 5.5.
    """
    X = as_float_array("X", X, shape=("n_samples", "n_features"))
    y = as_targets("y", y, X.shape[0])
    if has_bias:
        X_mean, y_mean = X.mean(axis=0), y.mean(axis=0)
    else:
        X_mean, y_mean = np.zeros_like(X[0]), np.zeros_like(y[0])
    w, _, rank, _ = np.linalg.lstsq(X - X_mean, y - y_mean, rcond=None)
    b = y_mean - X_mean @ w
    error = y - (X @ w + b)
    return LeastSquaresFit(
        w=w,
        b=b if b.ndim else float(b),
        loss=float((error**2).sum()),
        rank=int(rank),
        is_unique=int(rank) == X.shape[1],
    )


def solve_normal_equations(X: ArrayLike, y: ArrayLike) -> Array:
    """Return the w with X^T X w = X^T y: where the gradient of |y - X w|^2 is 0. No bias.

    This is how least squares is derived, and a warning of how it is computed: the condition number
    of X^T X is the square of that of X, so a fit that loses 8 of 16 digits by
    `fit_least_squares` keeps none here.

    Parameters
    ----------
    X : array_like, shape (n_samples, n_features)
    y : array_like, shape (n_samples,) or (n_samples, n_outputs)

    Returns
    -------
    ndarray, shape (n_features,) or (n_features, n_outputs)

    Raises
    ------
    ValueError
        As `fit_least_squares`; also if X^T X is, up to rounding, not positive definite.

    References
    ----------
    Golub and Van Loan (2013), "Matrix Computations", section 5.3.
    """
    X = as_float_array("X", X, shape=("n_samples", "n_features"))
    y = as_targets("y", y, X.shape[0])
    gram = X.T @ X
    try:
        np.linalg.cholesky(gram)
    except np.linalg.LinAlgError:
        raise ValueError(
            f"X must have linearly independent columns for the normal equations, "
            f"got rank {np.linalg.matrix_rank(gram)} of {X.shape[1]} in X^T X"
        ) from None
    w: Array = np.linalg.solve(gram, X.T @ y)
    return w
