"""Gradient descent: with all samples at each step, with mini-batches, and sample by sample.

The rule that makes a step of a gradient is an optimizer's; what is decided here is over which
samples the gradient is taken, and when to stop.

    batch          gradient_descent, or batch_size = n_samples: one step an epoch
    mini-batch     1 < batch_size < n_samples
    incremental    batch_size = 1: as many steps as samples ("stochastic" in the narrow sense)

References
----------
Bottou, Curtis and Nocedal (2018), "Optimization methods for large-scale machine learning",
section 3; Goodfellow, Bengio and Courville (2016), "Deep Learning", section 8.1.3.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reference.arrays import Array, as_count, as_float_array, as_number
from reference.convergence import warn_caller, warn_not_converged
from reference.optimizers.optimizer import Optimizer
from reference.schedules import BoldDriver

Function: TypeAlias = Callable[[Array], tuple[float, ArrayLike]]
BatchFunction: TypeAlias = Callable[[Array, Array, NDArray[Any]], tuple[float, ArrayLike]]


@dataclass(frozen=True, slots=True)
class DescentResult:
    """Where a descent ended, and the way there.

    Attributes
    ----------
    x : ndarray
        The last place; after an overflow the last one with a finite loss.
    losses : ndarray, shape (n_iterations + 1,)
        The loss of all samples at the start and after each iteration: what a trace plot shows. The
        last is ``inf`` where a loss, a gradient or a step overflowed.
    n_iterations : int
        Steps of `gradient_descent`, epochs of `minibatch_descent`.
    has_converged : bool
        Whether the gradient fell to its tolerance.
    has_diverged : bool
        Whether the loss was never as high as at the end, or overflowed.
    reason : str
        Why it stopped, for a reader.
    """

    x: Array
    losses: Array
    n_iterations: int
    has_converged: bool
    has_diverged: bool
    reason: str

    @property
    def loss(self) -> float:
        """The last loss that is finite: that of `x`."""
        return float(self.losses[np.isfinite(self.losses)][-1])


def gradient_descent(
    loss_and_gradient: Function,
    x0: ArrayLike,
    optimizer: Optimizer,
    *,
    gradient_tolerance: float | None = 1e-6,
    max_iterations: int = 1000,
) -> DescentResult:
    """Return where a descent with the gradient of the whole loss leads.

    Parameters
    ----------
    loss_and_gradient : callable
        Takes an ndarray of the shape of `x0`, returns the loss (float) and its gradient.
    x0 : array_like, any shape
        Where to start; of a network all parameters in one array.
    optimizer : Optimizer
        Makes the steps, and is changed by them: a new descent needs a new one. A `BoldDriver` in it
        is told the loss before each step.
    gradient_tolerance : float or None, default 1e-6
        Converged when no entry of the gradient is larger, >= 0. None makes all iterations, and is
        content with that.
    max_iterations : int, default 1000
        Steps at most, >= 1.

    Returns
    -------
    DescentResult

    Raises
    ------
    ValueError
        If `x0` is empty or not finite, the loss or gradient at `x0` is not finite, the gradient has
        another shape than `x0`, or an option is out of its range.

    Warns
    -----
    ConvergenceWarning
        If the descent diverges, or stops at `max_iterations` above the tolerance.
    """
    return _descend(
        "gradient_descent",
        loss_and_gradient,
        _as_start(x0),
        optimizer.step,
        optimizer,
        gradient_tolerance,
        as_count("max_iterations", max_iterations),
    )


def minibatch_descent(
    loss_and_gradient: BatchFunction,
    x0: ArrayLike,
    X: ArrayLike,
    y: ArrayLike,
    optimizer: Optimizer,
    *,
    batch_size: int,
    rng: np.random.Generator,
    gradient_tolerance: float | None = 1e-6,
    max_epochs: int = 100,
) -> DescentResult:
    """Return where a descent with the gradients of mini-batches leads.

    An epoch visits each sample once, in a new order: the samples are shuffled and cut into batches
    (`minibatches`), and each batch makes one step.

    Parameters
    ----------
    loss_and_gradient : callable
        Takes the parameters, a batch of `X` and that of `y`; returns the loss of the batch and its
        gradient. With the mean over the batch the learning rate need not change with the batch
        size; with the sum, which the course's lecture writes, it must be divided by it.
    x0 : array_like, any shape
        Where to start.
    X : array_like, shape (n_samples, ...)
    y : array_like, shape (n_samples, ...)
        Labels or targets.
    optimizer : Optimizer
        Makes the steps, and is changed by them. A `BoldDriver` in it is told the loss of all
        samples before each epoch.
    batch_size : int
        Samples of a batch, 1 .. n_samples; the last batch of an epoch may be smaller.
    rng : numpy.random.Generator
        Where the order of the samples comes from.
    gradient_tolerance : float or None, default 1e-6
        Converged when after an epoch no entry of the gradient of all samples is larger, >= 0.
        None makes all epochs, and is content with that: with a constant learning rate the noise of
        the batches keeps the descent from coming to rest.
    max_epochs : int, default 100
        >= 1.

    Returns
    -------
    DescentResult
        Its losses are those of all samples, one evaluation more for each epoch.

    Raises
    ------
    ValueError
        As `gradient_descent`; also if X is empty or not finite, y has not as many entries, or the
        batch size is out of its range.

    Warns
    -----
    ConvergenceWarning
        If the descent diverges, or stops at `max_epochs` above the tolerance.
    """
    X = as_float_array("X", X)
    y = np.asarray(y)
    if X.ndim == 0 or X.shape[0] == 0:
        raise ValueError(f"X must be a non-empty batch of samples, got shape {X.shape}")
    if y.shape[:1] != X.shape[:1]:
        raise ValueError(f"y must have one entry for each of {len(X)} samples, got shape {y.shape}")
    n_samples = X.shape[0]
    batch_size = _as_batch_size(batch_size, n_samples)

    def run_epoch(x: Array, _: Array) -> Array:
        for batch in minibatches(n_samples, batch_size, rng):
            gradient = np.asarray(loss_and_gradient(x, X[batch], y[batch])[1])
            if not np.isfinite(gradient).all():
                raise FloatingPointError("the gradient of a batch overflows")
            x = optimizer.step(x, gradient)
        return x

    return _descend(
        "minibatch_descent",
        lambda x: loss_and_gradient(x, X, y),
        _as_start(x0),
        run_epoch,
        optimizer,
        gradient_tolerance,
        as_count("max_epochs", max_epochs),
    )


def minibatches(
    n_samples: int, batch_size: int, rng: np.random.Generator
) -> Iterator[NDArray[np.intp]]:
    """Yield the batches of one epoch: every sample exactly once, in random order.

    Parameters
    ----------
    n_samples : int
        >= 1.
    batch_size : int
        1 .. n_samples.
    rng : numpy.random.Generator
        Where the order comes from; the next epoch gets another one.

    Yields
    ------
    ndarray of int, shape (batch_size,)
        Numbers of samples. The last batch has what is left over, 1 .. batch_size.

    Raises
    ------
    ValueError
        If a number is out of its range.
    """
    n_samples = as_count("n_samples", n_samples)
    batch_size = _as_batch_size(batch_size, n_samples)
    order = rng.permutation(n_samples)
    for start in range(0, n_samples, batch_size):
        yield order[start : start + batch_size]


def _descend(
    method: str,
    loss_and_gradient: Function,
    x: Array,
    advance: Callable[[Array, Array], Array],
    optimizer: Optimizer,
    gradient_tolerance: float | None,
    max_iterations: int,
) -> DescentResult:
    """Evaluate and advance until the gradient is small, something overflows or the limit comes."""
    if gradient_tolerance is not None:
        gradient_tolerance = as_number("gradient_tolerance", gradient_tolerance, least=0.0)
    tolerance = -1.0 if gradient_tolerance is None else gradient_tolerance
    losses: list[float] = []
    steepest = math.inf
    moved = x
    with np.errstate(over="ignore", invalid="ignore"):
        while True:
            loss, gradient = loss_and_gradient(moved)
            gradient = np.asarray(gradient)
            if not losses:
                as_number("the loss at x0", loss)
                as_float_array("the gradient at x0", gradient, shape=x.shape)
            is_finite = math.isfinite(loss) and np.isfinite(gradient).all()
            losses.append(float(loss) if is_finite else math.inf)
            if not is_finite:
                break
            x, steepest = moved, float(np.abs(gradient).max())
            if steepest <= tolerance or len(losses) > max_iterations:
                break
            if isinstance(optimizer.learning_rate, BoldDriver):
                optimizer.learning_rate.observe(losses[-1])
            try:
                moved = advance(x, gradient)
            except FloatingPointError:
                losses.append(math.inf)
                break
    n_iterations = len(losses) - 1
    has_converged = math.isfinite(losses[-1]) and steepest <= tolerance
    has_diverged = not has_converged and losses[-1] == max(losses) > losses[0]
    if has_diverged:
        reason = f"the loss rose from {losses[0]:.3g} to {losses[-1]:.3g}"
        warn_caller(
            f"{method} diverges: after {n_iterations} iterations {reason}; lower the learning rate"
        )
    elif has_converged:
        reason = "the gradient is below its tolerance"
    else:
        reason = "the limit of iterations is reached"
        if gradient_tolerance is not None:
            warn_not_converged(
                method, n_iterations, "the largest entry of the gradient", steepest, tolerance
            )
    return DescentResult(
        x.copy(), np.array(losses), n_iterations, has_converged, has_diverged, reason
    )


def _as_start(x0: ArrayLike) -> Array:
    x = as_float_array("x0", x0)
    if x.size == 0:
        raise ValueError(f"x0 must have at least one entry, got shape {x.shape}")
    return x


def _as_batch_size(batch_size: int, n_samples: int) -> int:
    batch_size = as_count("batch_size", batch_size)
    if batch_size > n_samples:
        raise ValueError(f"batch_size must be at most the {n_samples} samples, got {batch_size}")
    return batch_size
