"""L-BFGS: a quasi-Newton method whose memory is a few of its last steps.

Newton's step is -H^-1 g, with the gradient g and the Hessian H of the loss. L-BFGS never has H: the
last m steps s = x' - x and what they changed of the gradient, y = g' - g, say how the function
curves (H s = y, nearly), and with them a product H^-1 g costs about 4 m n multiplications.

References
----------
Liu and Nocedal (1989), "On the limited memory BFGS method for large scale optimization"; Nocedal
and Wright (2006), "Numerical optimization", algorithms 7.4 (the two loops) and 7.5.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import Array, as_count, as_float_array, as_number
from reference.convergence import warn_not_converged
from reference.optimizers.line_search import LineSearch, LossAndGradient, evaluate

_LEAST_CURVATURE = float(np.finfo(np.float64).eps)
"""A step along which the gradient changed by less, relatively, says nothing of the curvature."""
_PATIENCE = 10
"""So many steps may bring neither a lower loss nor a smaller gradient: rounding stops them then."""


@dataclass(frozen=True, slots=True)
class LbfgsResult:
    """Where a minimisation by L-BFGS ended.

    Attributes
    ----------
    x : ndarray, shape (n,)
        The lowest place that was found.
    loss : float
        The loss there.
    gradient : ndarray, shape (n,)
        Its gradient there.
    n_iterations : int
        Steps that were taken.
    n_evaluations : int
        Calls of the function: usually one for each step, and one at the start.
    has_converged : bool
        Whether the method stopped by itself and not at a limit.
    reason : str
        Why it stopped, for a reader.
    """

    x: Array
    loss: float
    gradient: Array
    n_iterations: int
    n_evaluations: int
    has_converged: bool
    reason: str


def minimize_lbfgs(
    loss_and_gradient: LossAndGradient,
    x0: ArrayLike,
    *,
    memory: int = 10,
    gradient_tolerance: float = 1e-5,
    loss_tolerance: float = 0.0,
    max_iterations: int = 1000,
) -> LbfgsResult:
    """Return a local minimum of a smooth function, from its values and gradients.

    Parameters
    ----------
    loss_and_gradient : callable
        Takes an ndarray of shape (n,), returns the loss (float) and its gradient (n,). It may
        return ``inf`` or NaN where the function is not defined: such a step is too long.
    x0 : array_like, shape (n,)
        Where to start. Computed in float64 whatever its dtype.
    memory : int, default 10
        Number m of steps that are remembered, >= 1. Between 3 and 20 is usual.
    gradient_tolerance : float, default 1e-5
        Converged when no entry of the gradient is larger, >= 0.
    loss_tolerance : float, default 0
        Converged, too, when a step lowered the loss by less than this, relative to max(1, |loss|).
        0 switches it off.
    max_iterations : int, default 1000
        Steps at most, >= 1.

    Returns
    -------
    LbfgsResult

    Raises
    ------
    ValueError
        If `x0` is empty or not finite, an option is out of its range, the gradient has another
        shape than `x0`, or the loss or its gradient at `x0` is not finite.

    Warns
    -----
    ConvergenceWarning
        If it stops above both tolerances: at `max_iterations`, or because not even steepest descent
        leads lower (the loss is rounded more coarsely than the tolerance asks for, has a kink
        there, or its gradient is wrong).

    Notes
    -----
    On a function that is not convex the minimum depends on `x0`: see `random_restarts`.
    """
    memory = as_count("memory", memory)
    gradient_tolerance = as_number("gradient_tolerance", gradient_tolerance, least=0.0)
    loss_tolerance = as_number("loss_tolerance", loss_tolerance, least=0.0)
    max_iterations = as_count("max_iterations", max_iterations)
    x = as_float_array("x0", x0, shape=("n",)).astype(np.float64)

    with np.errstate(over="ignore", invalid="ignore"):
        here = evaluate(loss_and_gradient, x, 0.0, np.zeros_like(x))
        as_number("the loss at x0", here.loss)
        as_float_array("the gradient at x0", here.gradient)
        pairs: deque[tuple[Array, Array, float]] = deque(maxlen=memory)
        n_iterations, n_evaluations, n_idle = 0, 1, 0
        lowest_loss = flattest = math.inf
        has_converged = False
        while True:
            steepest = float(np.abs(here.gradient).max())
            if steepest <= gradient_tolerance:
                has_converged, reason = True, "the gradient is below its tolerance"
                break
            is_progress = here.loss < lowest_loss or steepest < flattest
            n_idle = 0 if is_progress else n_idle + 1
            if n_idle == _PATIENCE:
                reason = "neither the loss nor its gradient falls any more"
                break
            lowest_loss, flattest = min(lowest_loss, here.loss), min(flattest, steepest)
            if n_iterations == max_iterations:
                reason = "the limit of iterations is reached"
                break
            direction = _quasi_newton_direction(here.gradient, pairs)
            here.step, here.slope = 0.0, float(direction @ here.gradient)
            search = LineSearch(loss_and_gradient, here, direction)
            # The first direction has no scale yet; all others are steps in themselves.
            there = search.find(1.0 if pairs else min(1.0, 1 / float(np.linalg.norm(direction))))
            n_evaluations += search.n_evaluations
            if there is None and pairs:
                pairs.clear()
                continue
            if there is None:
                reason = "no lower loss was found along the gradient"
                break
            n_iterations += 1
            s, y = there.x - here.x, there.gradient - here.gradient
            curvature = float(s @ y)
            if curvature > _LEAST_CURVATURE * float(y @ y):
                pairs.append((s, y, curvature))
            fall, here = here.loss - there.loss, there
            if loss_tolerance > 0 and fall < loss_tolerance * max(1.0, abs(here.loss)):
                has_converged, reason = True, "the loss falls by less than its tolerance"
                break
    if not has_converged:
        warn_not_converged(
            f"minimize_lbfgs ({reason})",
            n_iterations,
            "the largest entry of the gradient",
            steepest,
            gradient_tolerance,
        )
    return LbfgsResult(
        here.x, here.loss, here.gradient, n_iterations, n_evaluations, has_converged, reason
    )


def _quasi_newton_direction(g: Array, pairs: deque[tuple[Array, Array, float]]) -> Array:
    """Return -H^-1 g by the two loops: back through the remembered steps, and forth again.

    Between the loops H^-1 is a multiple of the identity that has the curvature of the last step.
    Without any steps the direction is -g.
    """
    direction = -g
    shares = []
    for s, y, curvature in reversed(pairs):
        share = (s @ direction) / curvature
        direction -= share * y
        shares.append(share)
    if pairs:
        _, y, curvature = pairs[-1]
        direction *= curvature / (y @ y)
    for (s, y, curvature), share in zip(pairs, reversed(shares), strict=True):
        direction += (share - (y @ direction) / curvature) * s
    return direction
