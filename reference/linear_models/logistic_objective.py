"""The loss of logistic regression, its gradient and its second derivatives.

With p_i = sigmoid(x_i . w + b) and labels y_i in {0, 1} the loss is the negative log-likelihood

    L = -sum_i [y_i log p_i + (1 - y_i) log(1 - p_i)] + alpha/2 |w|^2,

a *sum* over the samples, and the bias is free of the penalty. In terms of the C of support vector
machines and of scikit-learn, which multiplies the sum of the losses, alpha = 1/C.

The gradients are X^T (p - y) + alpha w and sum_i (p_i - y_i). The course's lecture on optimisation
gets there with a wrong sign between the two terms of dL/dp, which is -y/p + (1 - y)/(1 - p), so
that dL/dw = -X^T (y - p); and where it writes dL/db = 1 it means dh/db = 1, for h = x . w + b.
The lecture on multi-layer networks writes the step w + eta X^T (y - p) beneath the squared error
of a sigmoid unit, whose gradient has a factor p (1 - p) more: the step descends this loss.

References
----------
Bishop (2006), "Pattern Recognition and Machine Learning", eq. 4.90 to 4.97.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from reference.activations.elementwise import sigmoid, sigmoid_derivative
from reference.arrays import Array, Labels, as_float_array, as_labels, as_number
from reference.linear_models.affine import as_design


def logistic_loss(
    w: ArrayLike, b: float, X: ArrayLike, y: ArrayLike, *, alpha: float = 0.0
) -> tuple[float, Array, float]:
    """Return the negative log-likelihood (a sum) plus alpha/2 |w|^2, and its gradients.

    Parameters
    ----------
    w : array_like, shape (n_features,)
    b : float
    X : array_like, shape (n_samples, n_features)
    y : array_like of int, shape (n_samples,)
        Labels, 0 or 1.
    alpha : float, default 0
        Strength of the L2 penalty, 1/C; >= 0.

    Returns
    -------
    loss : float
    grad_w : ndarray, shape (n_features,)
        X^T (p - y) + alpha w.
    grad_b : float
        sum_i (p_i - y_i): not 1, which is the derivative of x . w + b.

    Raises
    ------
    ValueError
        If a shape does not fit, the batch is empty, a number is not finite, a label is not 0 or 1
        or alpha is negative.
    """
    problem, weights = _checked(w, b, X, y, alpha)
    loss, gradient = problem.evaluate(weights)
    return loss, gradient[:-1], float(gradient[-1])


def logistic_hessian(
    w: ArrayLike, b: float, X: ArrayLike, y: ArrayLike, *, alpha: float = 0.0
) -> Array:
    """Return the second derivatives of `logistic_loss`: A^T diag(p (1 - p)) A, with the penalty.

    A is X with a column of ones. No label is in it; it is positive semi-definite everywhere, so
    the loss is convex and each of its minima is global.

    Parameters and errors are those of `logistic_loss`.

    Returns
    -------
    ndarray, shape (n_features + 1, n_features + 1)
        In the order w, b; symmetric. Alpha is on the diagonal of the weights, not of the bias.
    """
    problem, weights = _checked(w, b, X, y, alpha)
    return problem.hessian(weights)


class LogisticProblem:
    """The samples, labels and penalty of a fit, checked once; the bias is the last weight.

    Parameters
    ----------
    X, y, alpha
        As in `logistic_loss`.

    Attributes
    ----------
    design : ndarray, shape (n_samples, n_features + 1)
        `X` in float64 with a column of ones.
    y : ndarray of int, shape (n_samples,)
    alpha : float
    """

    def __init__(self, X: ArrayLike, y: ArrayLike, alpha: float) -> None:
        self.design = as_design(X)
        self.y = as_labels("y", y, size=self.design.shape[0], n_classes=2)
        self.alpha = as_number("alpha", alpha, least=0.0)
        # A label turns the sign of its logit: then all samples have the loss log(1 + exp(-z)).
        self._signs = np.where(self.y == 1, 1.0, -1.0)
        self._sizes = np.abs(self.design).sum(axis=0)
        self._sizes[self._sizes == 0] = 1

    def require_both_classes(self) -> None:
        """Refuse samples of one class: the larger the bias, the better it would fit them."""
        if (self.y == self.y[0]).all():
            raise ValueError(f"y must hold both labels, 0 and 1, got only {self.y[0]}")

    def evaluate(self, weights: Array, rows: Labels | None = None) -> tuple[float, Array]:
        """Return the loss and its gradient, of all samples or of those in `rows`.

        A part of the samples has that part of the penalty.
        """
        A, signs = self.design, self._signs
        alpha = self.alpha
        if rows is not None:
            A, signs = A[rows], signs[rows]
            alpha *= rows.size / self.y.size
        margins = signs * (A @ weights)
        w = weights[:-1]
        loss = float(np.logaddexp(0, -margins).sum() + 0.5 * alpha * (w @ w))
        # p - y, without the cancellation of two numbers that are almost 1
        gradient = A.T @ (-signs * sigmoid(-margins))
        gradient[:-1] += alpha * w
        return loss, gradient

    def hessian(self, weights: Array) -> Array:
        """Return the second derivatives of the loss."""
        A = self.design
        hessian: Array = A.T @ (sigmoid_derivative(A @ weights)[:, np.newaxis] * A)
        hessian[np.diag_indices(weights.size - 1)] += self.alpha
        return hessian

    def relative_size(self, gradient: Array) -> float:
        """Return the largest entry of a gradient, each relative to sum_i |x_ij|."""
        return float((np.abs(gradient) / self._sizes).max())

    def newton_step(self, weights: Array, gradient: Array) -> tuple[Array, int]:
        """Return the step to the minimum of the quadratic that fits the loss, and its rank.

        Along directions in which the loss has no curvature (up to rounding, in units that make
        the features equally long) the step is 0.
        """
        scale = np.linalg.norm(self.design, axis=0)
        scale[scale == 0] = 1
        curvature = self.hessian(weights) / np.outer(scale, scale)
        step, _, rank, _ = np.linalg.lstsq(curvature, -gradient / scale, rcond=None)
        return step / scale, int(rank)

    def is_separated_by(self, weights: Array) -> bool:
        """Whether every sample is strictly on its side, and no penalty keeps the weights small."""
        return self.alpha == 0 and bool((self._signs * (self.design @ weights) > 0).all())


def _checked(
    w: ArrayLike, b: float, X: ArrayLike, y: ArrayLike, alpha: float
) -> tuple[LogisticProblem, Array]:
    problem = LogisticProblem(X, y, alpha)
    w = as_float_array("w", w, shape=(problem.design.shape[1] - 1,))
    return problem, np.append(w, as_number("b", b))
