"""What an object says that is asked to work before it has seen a sample."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


class NotFittedError(ValueError):
    """`fit` must be called first."""


def fitted(owner: object, learnt: T | None) -> T:
    """Return what `owner` learnt from its samples.

    Parameters
    ----------
    owner : object
        Whose name the message gives.
    learnt : object or None
        An attribute that is None until `fit` sets it.

    Raises
    ------
    NotFittedError
        If it is None.
    """
    if learnt is None:
        name = type(owner).__name__
        raise NotFittedError(f"{name} must be fitted first: call fit with the training samples")
    return learnt
