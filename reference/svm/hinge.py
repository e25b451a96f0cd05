"""The primal of the linear support vector machine: hinge losses of w and b, and sub-gradients.

    J(w, b) = 1/2 |w|^2 + C sum_i max(0, 1 - y_i (w . x_i + b))^p

with p = 1 for the hinge loss and p = 2 for the squared hinge loss. C multiplies the *sum* of the
losses. Many texts, Pegasos among them, write lambda/2 |w|^2 + the *mean* of the losses instead:
that is lambda J for lambda = 1 / (n C), with the same minimum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import Array, as_float_array, as_number, as_signs


@dataclass(frozen=True, slots=True)
class PrimalSolution:
    """Weights of a linear support vector machine.

    Attributes
    ----------
    w : ndarray, shape (n_features,)
    b : float
    objective : float
        J(w, b).
    n_iterations : int
        Steps, each of which looked at one batch.
    duality_gap : float
        J less a lower bound of its minimum, relative to J: what more could be gained at most.
    has_converged : bool
        Whether the solver met its tolerance.
    """

    w: Array
    b: float
    objective: float
    n_iterations: int
    duality_gap: float
    has_converged: bool

    def decision_function(self, X: ArrayLike) -> Array:
        """Return f(x) = w . x + b for each sample.

        Parameters
        ----------
        X : array_like, shape (n, n_features)

        Returns
        -------
        ndarray, shape (n,)

        Raises
        ------
        ValueError
            If X has another number of features than w, or is not finite.
        """
        return as_float_array("X", X, shape=("n", self.w.size)) @ self.w + self.b


def linear_svm_objective(
    X: ArrayLike,
    y: ArrayLike,
    C: float,
    w: ArrayLike,
    b: float = 0.0,
    *,
    is_squared: bool = False,
) -> float:
    """Return J(w, b).

    Parameters
    ----------
    X : array_like, shape (n, n_features)
    y : array_like, shape (n,)
        Labels, -1 or +1.
    C : float
        Weight of the sum of the losses, > 0.
    w : array_like, shape (n_features,)
    b : float, default 0
    is_squared : bool, default False
        Square the hinge losses.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If a shape does not fit, a number is not finite, a label is not -1 or +1, or C <= 0.
    """
    X, y, C = linear_problem(X, y, C)
    w = as_float_array("w", w, shape=(X.shape[1],))
    slack = np.maximum(0, 1 - y * (X @ w + as_number("b", b)))
    return float(0.5 * (w @ w) + C * (slack @ slack if is_squared else slack.sum()))


def linear_svm_subgradient(
    X: ArrayLike,
    y: ArrayLike,
    C: float,
    w: ArrayLike,
    b: float = 0.0,
    *,
    at_kink: float = 0.0,
    is_squared: bool = False,
) -> tuple[Array, float]:
    """Return a sub-gradient of J with respect to w and b; where J is smooth, the gradient.

    Parameters
    ----------
    X, y, C, w, b, is_squared
        As in `linear_svm_objective`.
    at_kink : float, default 0
        Share of its slope that a sample exactly on its margin (y f(x) = 1) gets. There the hinge
        loss has a kink, and any number in [0, 1] gives a sub-gradient. The squared loss has none.

    Returns
    -------
    grad_w : ndarray, shape (n_features,)
    grad_b : float

    Raises
    ------
    ValueError
        As `linear_svm_objective`; also if at_kink is outside [0, 1].
    """
    X, y, C = linear_problem(X, y, C)
    w = as_float_array("w", w, shape=(X.shape[1],))
    at_kink = as_number("at_kink", at_kink, least=0.0, most=1.0)
    shortfall = 1 - y * (X @ w + as_number("b", b))
    slope = 2 * np.maximum(0, shortfall) if is_squared else np.heaviside(shortfall, at_kink)
    pull = C * slope * y
    return w - X.T @ pull, -float(pull.sum())


def linear_problem(X: ArrayLike, y: ArrayLike, C: float) -> tuple[Array, Array, float]:
    """Return X, y and C in float64, or a ValueError that says what is wrong with them."""
    y = as_signs("y", y)
    X = as_float_array("X", X, shape=(y.size, "n_features")).astype(np.float64)
    return X, y, as_number("C", C, above=0.0)
