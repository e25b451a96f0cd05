"""What an iterative method says when it ends before it has arrived."""

from __future__ import annotations

import inspect
import warnings

__all__ = ["ConvergenceWarning"]


class ConvergenceWarning(UserWarning):
    """An iterative method reached its limit of iterations above its tolerance."""


def warn_not_converged(
    method: str, n_iterations: int, measure: str, value: float, tolerance: float
) -> None:
    """Warn that `method` stopped early: what it measures, where that stands, and where it should.

    Parameters
    ----------
    method : str
        Name of the public function or class that was called.
    n_iterations : int
        The limit that was reached.
    measure : str
        What must fall to the tolerance: "the norm of the gradient".
    value, tolerance : float
        Where it stands, and where the method would have stopped by itself.
    """
    warn_caller(
        f"{method} has not converged: after {n_iterations} iterations {measure} is {value:.3g}, "
        f"above the tolerance {tolerance:.3g}; allow more iterations or a larger tolerance"
    )


def warn_caller(message: str) -> None:
    """Give a `ConvergenceWarning` at the line outside this package that called into it."""
    level, frame = 0, inspect.currentframe()
    while frame is not None and frame.f_globals["__name__"].partition(".")[0] == "reference":
        level, frame = level + 1, frame.f_back
    warnings.warn(message, ConvergenceWarning, stacklevel=level + 1)
