"""A two-class support vector machine that has been trained: all that one may ask about it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import Array, Labels, as_float_array
from reference.kernels import Kernel
from reference.svm.dual_smo_fast import smo_kernel
from reference.svm.interior_point import linear_svm_interior_point
from reference.svm.solution import DualSolution

LINEAR_GAP = 1e-8
"""Relative duality gap of a linear machine: its solver gets there as easily as to a larger one."""


@dataclass(frozen=True, slots=True)
class SupportVectorMachine:
    """The decision function f(x) = sum over the support vectors of dual_coef_i k(x_i, x) + b.

    Attributes
    ----------
    kernel : Kernel
    support : ndarray of int, shape (n_support,)
        Rows of the training samples that are support vectors: alpha_i > 0.
    support_vectors : ndarray, shape (n_support, n_features)
    dual_coef : ndarray, shape (n_support,)
        alpha_i y_i.
    slack : ndarray, shape (n,)
        max(0, 1 - y_i f(x_i)) of each training sample: 0 outside the margin, above 1 where it is
        misclassified.
    squared_norm : float
        |w|^2 in the feature space of the kernel.
    solution : DualSolution
        alpha, b and the certificates.
    """

    kernel: Kernel
    support: Labels
    support_vectors: Array
    dual_coef: Array
    slack: Array
    squared_norm: float
    solution: DualSolution

    @property
    def b(self) -> float:
        """The bias."""
        return self.solution.b

    @property
    def margin(self) -> float:
        """2 / |w|: the width of the corridor between f = -1 and f = +1, infinite where w = 0."""
        return 2 / math.sqrt(self.squared_norm) if self.squared_norm > 0 else math.inf

    @property
    def w(self) -> Array:
        """The weights, shape (n_features,).

        With the bias they are all that a linear machine trains. The course's lecture on support
        vector machines lists support vectors and slack variables, too; these follow from w and b,
        and a linear machine can do without them. A machine with another kernel cannot: its w lies
        in the feature space, and only the support vectors stand for it.

        Raises
        ------
        ValueError
            If the kernel is not linear.
        """
        if self.kernel.name != "linear":
            raise ValueError(
                f"kernel must be linear for w to be a vector of features, got {self.kernel.name}"
            )
        return self.dual_coef @ self.support_vectors

    def decision_function(self, X: ArrayLike) -> Array:
        """Return f(x) for each sample: its sign is the class, |f(x)| / |w| the distance.

        Parameters
        ----------
        X : array_like, shape (n, n_features)

        Returns
        -------
        ndarray, shape (n,)

        Raises
        ------
        ValueError
            If X has another number of features than the training samples, or is not finite.
        """
        X = as_float_array("X", X, shape=("n", self.support_vectors.shape[1]))
        if self.kernel.name == "linear":
            return X @ self.w + self.b
        return self.kernel(X, self.support_vectors) @ self.dual_coef + self.b


def train_machine(
    X: Array, y: Array, C: float, kernel: Kernel, *, tolerance: float, max_iterations: int
) -> SupportVectorMachine:
    """Return the machine for samples X with signs y, both float64 and checked.

    A linear kernel is solved by `linear_svm_interior_point`, to a relative duality gap of
    `LINEAR_GAP` or the tolerance, whichever is less; all others by SMO, to the tolerance and within
    the limit that `smo` documents.
    """
    if kernel.name == "linear":
        solution = linear_svm_interior_point(X, y, C, tolerance=min(tolerance, LINEAR_GAP))
        scores: Array = X @ (X.T @ (solution.alpha * y))
    else:
        solution, scores = smo_kernel(
            kernel, X, y, C, tolerance=tolerance, max_iterations=max_iterations
        )
    support = np.flatnonzero(solution.alpha)
    dual_coef = solution.alpha[support] * y[support]
    return SupportVectorMachine(
        kernel=kernel,
        support=support,
        support_vectors=X[support],
        dual_coef=dual_coef,
        slack=np.maximum(0, 1 - y * (scores + solution.b)),
        squared_norm=float(dual_coef @ scores[support]),
        solution=solution,
    )
