"""Adaline: a linear unit trained by the Widrow-Hoff rule, sample by sample or on the whole batch.

The loss is J = sum_i |y_i - x_i w - b|^2: the sum over samples and outputs, without the 1/2 and
without the 1/n of a mean. With y the one-hot rows of classes, each column of w is the unit of one
class, trained as if the others were not there: one-versus-all.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import Array, as_choice, as_count, as_float_array, as_number
from reference.convergence import warn_not_converged
from reference.linear_models.affine import AffineModel, as_design, as_targets, split_bias


@dataclass(frozen=True, slots=True)
class AdalineFit(AffineModel):
    """A trained Adaline: `w` and `b` of `AffineModel`, and how it went.

    Attributes
    ----------
    losses : ndarray, shape (n_iterations + 1,)
        J at the start and after each epoch: the trace plot.
    n_iterations : int
        Epochs.
    has_converged : bool
        Whether the gradient fell to the tolerance, so that w and b are those of least squares.
    """

    losses: Array
    n_iterations: int
    has_converged: bool

    def predict(self, X: ArrayLike) -> Array:
        """Return X w + b; parameters and errors are those of `decision_function`."""
        return self.decision_function(X)


def adaline_loss(
    w: ArrayLike, b: ArrayLike, X: ArrayLike, y: ArrayLike
) -> tuple[float, Array, Array | float]:
    """Return J = sum_i |y_i - x_i w - b|^2 and its gradients.

    Parameters
    ----------
    w : array_like, shape (n_features,) or (n_features, n_outputs)
    b : array_like, shape () or (n_outputs,)
    X : array_like, shape (n_samples, n_features)
    y : array_like, shape (n_samples,) or (n_samples, n_outputs)

    Returns
    -------
    loss : float
    grad_w : ndarray, shape of w
        -2 X^T (y - X w - b).
    grad_b : float or ndarray, shape of b

    Raises
    ------
    ValueError
        If a shape does not fit, the batch is empty or a number is not finite.
    """
    design, y, weights = _checked(w, b, X, y)
    error = y - design @ weights
    return float((error**2).sum()), *split_bias(-2 * design.T @ error)


def widrow_hoff_step(
    w: ArrayLike, b: ArrayLike, X: ArrayLike, y: ArrayLike, learning_rate: float
) -> tuple[Array, Array | float]:
    """Return w and b after one step: w + learning_rate X^T (y - X w - b), and b likewise.

    The step goes along -1/2 of the gradient of J, *down*. The course's lecture on multi-layer
    networks also writes W <- W + eta grad J, which climbs: there the sign must be minus.

    Parameters
    ----------
    w, b, X, y
        As in `adaline_loss`. One sample is a batch of one row; the step of a batch is the sum of
        those of its samples, not their mean.
    learning_rate : float
        > 0.

    Returns
    -------
    w : ndarray
    b : float or ndarray
        New arrays, of the shapes that came.

    Raises
    ------
    ValueError
        As `adaline_loss`; also if the learning rate is not positive.

    References
    ----------
    Widrow and Hoff (1960), "Adaptive switching circuits".
    """
    design, y, weights = _checked(w, b, X, y)
    learning_rate = as_number("learning_rate", learning_rate, above=0.0)
    return split_bias(weights + learning_rate * design.T @ (y - design @ weights))


def fit_adaline(
    X: ArrayLike,
    y: ArrayLike,
    *,
    learning_rate: float | None = None,
    mode: Literal["batch", "sample"] = "batch",
    tolerance: float = 1e-12,
    max_epochs: int = 10_000,
) -> AdalineFit:
    """Train from w = 0, b = 0 by the Widrow-Hoff rule; the limit is least squares.

    Parameters
    ----------
    X : array_like, shape (n_samples, n_features)
        Standardised features make it quick: the number of epochs is in proportion to the condition
        number of X^T X (with the column of ones).
    y : array_like, shape (n_samples,) or (n_samples, n_outputs)
    learning_rate : float, optional
        Without it 1 / (largest eigenvalue of X^T X, with the column of ones). In batch mode all
        below twice that converges, all above diverges.
    mode : {"batch", "sample"}, default "batch"
        One step an epoch, or one after each sample in the order given. Sample by sample with a
        constant rate ends in a small cycle around least squares, unless its errors are all 0.
    tolerance : float, default 1e-12
        It is there when |x_j . e| <= tolerance |x_j| |y| for each feature x_j (the column of ones
        too) and the errors e of each output: an error almost orthogonal to every feature.
    max_epochs : int, default 10000

    Returns
    -------
    AdalineFit
        In float64.

    Raises
    ------
    ValueError
        If a shape does not fit, the batch is empty, a number is not finite or not positive, or the
        mode is unknown.

    Warns
    -----
    ConvergenceWarning
        If the tolerance is not met after `max_epochs`, or the loss overflows before (the learning
        rate is too large); then w and b are the last with a finite loss.

    References
    ----------
    Widrow and Hoff (1960), "Adaptive switching circuits"; Haykin (2009), "Neural Networks and
    Learning Machines", sections 3.3 to 3.5.
    """
    design = as_design(X)
    y = as_targets("y", y, design.shape[0]).astype(np.float64)
    as_choice("mode", mode, ("batch", "sample"))
    tolerance = as_number("tolerance", tolerance, above=0.0)
    max_epochs = as_count("max_epochs", max_epochs)
    if learning_rate is None:
        rate = 1 / float(np.linalg.norm(design, ord=2)) ** 2
    else:
        rate = as_number("learning_rate", learning_rate, above=0.0)
    weights: Array = np.zeros((design.shape[1], *y.shape[1:]))
    error: Array = y - design @ weights
    losses = [float((error**2).sum())]
    sizes = np.multiply.outer(np.linalg.norm(design, axis=0), np.linalg.norm(y, axis=0))
    sizes[sizes == 0] = 1
    correlation = _largest(design.T @ error / sizes)
    while correlation > tolerance and len(losses) <= max_epochs:
        with np.errstate(over="ignore", invalid="ignore"):
            if mode == "batch":
                stepped: Array = weights + rate * design.T @ error
            else:
                stepped = _visit_each_sample(weights, design, y, rate)
            error = y - design @ stepped
            loss = float((error**2).sum())
        if not math.isfinite(loss):
            correlation = math.inf
            break
        weights = stepped
        losses.append(loss)
        correlation = _largest(design.T @ error / sizes)
    has_converged = correlation <= tolerance
    n_iterations = len(losses) - 1
    if not has_converged:
        measure = "the correlation of features and errors"
        warn_not_converged("fit_adaline", n_iterations, measure, correlation, tolerance)
    w, b = split_bias(weights)
    return AdalineFit(w, b, np.array(losses), n_iterations, has_converged)


def _visit_each_sample(weights: Array, design: Array, y: Array, rate: float) -> Array:
    weights = weights.copy()
    for x, target in zip(design, y, strict=True):
        weights += rate * np.multiply.outer(x, target - x @ weights)
    return weights


def _largest(values: Array) -> float:
    return float(np.abs(values).max())


def _checked(w: ArrayLike, b: ArrayLike, X: ArrayLike, y: ArrayLike) -> tuple[Array, Array, Array]:
    """Return the samples with their column of ones, the targets, and the weights with the bias."""
    design = as_design(X)
    y = as_targets("y", y, design.shape[0]).astype(np.float64)
    w = as_float_array("w", w, shape=(design.shape[1] - 1, *y.shape[1:]))
    b = as_float_array("b", b, shape=y.shape[1:])
    return design, y, np.concatenate([w, b[np.newaxis]], dtype=np.float64)
