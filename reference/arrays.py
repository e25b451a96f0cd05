"""Arguments as arrays, or a ValueError that says what came and what is accepted.

Every public function of `reference` takes what `numpy.asarray` takes. Integers and booleans become
float64; a float32 array stays float32. Every number must be finite: a NaN that slips into a
reference would make each comparison with it false, and nobody would see why.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array: TypeAlias = NDArray[np.floating[Any]]
Labels: TypeAlias = NDArray[np.integer[Any]]

_DIMENSIONS = {0: "a number", 1: "a vector", 2: "a matrix"}


def as_float_array(
    name: str, value: ArrayLike, *, shape: tuple[int | str, ...] | None = None
) -> Array:
    """Return `value` as an array of finite floats.

    Parameters
    ----------
    name : str
        Name of the argument, for the message.
    value : array_like
        Real numbers.
    shape : tuple of int and str, optional
        What is accepted. An int is a length that must be met; a str names a length that is free
        but at least 1: ``("N", 3)`` is a non-empty batch of three features. Any shape if absent.

    Returns
    -------
    ndarray
        The same array where it is a float array already, not a copy.

    Raises
    ------
    ValueError
        If the numbers are not real, not finite, or of another shape.
    """
    array = np.asarray(value)
    if array.dtype.kind in "biu":
        array = array.astype(np.float64)
    if array.dtype.kind != "f":
        raise ValueError(f"{name} must be an array of real numbers, got dtype {array.dtype}")
    if shape is not None:
        _require_shape(name, array.shape, shape)
    if not np.isfinite(array).all():
        bad = int(np.count_nonzero(~np.isfinite(array)))
        raise ValueError(
            f"{name} must be finite, got {bad} NaN or infinite entries of {array.size}"
        )
    return array


def as_labels(name: str, value: ArrayLike, *, size: int, n_classes: int) -> Labels:
    """Return `value` as a vector of `size` integer labels in ``0 .. n_classes - 1``.

    Raises
    ------
    ValueError
        If a label is not a whole number or out of range, or there are not `size` of them.
    """
    labels = np.asarray(value)
    if labels.dtype.kind not in "iu":
        raise ValueError(f"{name} must be integer labels, got dtype {labels.dtype}")
    _require_shape(name, labels.shape, (size,))
    if labels.min() < 0 or labels.max() >= n_classes:
        raise ValueError(
            f"{name} must be labels in 0..{n_classes - 1}, got {labels.min()}..{labels.max()}"
        )
    return labels


def as_signs(name: str, value: ArrayLike) -> Array:
    """Return `value` as a non-empty float64 vector of -1 and +1, the labels of a two-class SVM.

    Raises
    ------
    ValueError
        If it is no vector, is empty, or holds anything else (labels 0 and 1, for example).
    """
    signs = as_float_array(name, value, shape=("n",)).astype(np.float64)
    strangers = signs[np.abs(signs) != 1]
    if strangers.size:
        raise ValueError(f"{name} must hold only -1 and +1, got {strangers[0]:g}")
    return signs


def as_number(
    name: str,
    value: float,
    *,
    above: float | None = None,
    least: float | None = None,
    below: float | None = None,
    most: float | None = None,
) -> float:
    """Return `value` as a finite float: > `above`, >= `least`, < `below` and <= `most`.

    Raises
    ------
    ValueError
        If it is not.
    """
    number = float(as_float_array(name, value, shape=()))
    if above is not None and not number > above:
        raise ValueError(f"{name} must be greater than {above:g}, got {number:g}")
    if least is not None and not number >= least:
        raise ValueError(f"{name} must be at least {least:g}, got {number:g}")
    if below is not None and not number < below:
        raise ValueError(f"{name} must be less than {below:g}, got {number:g}")
    if most is not None and not number <= most:
        raise ValueError(f"{name} must be at most {most:g}, got {number:g}")
    return number


def as_count(name: str, value: int, *, least: int = 1) -> int:
    """Return `value` as an int that is no less than `least`.

    Raises
    ------
    ValueError
        If it is no whole number (3.0 is none, nor is True) or is smaller.
    """
    is_whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not is_whole:
        raise ValueError(f"{name} must be a whole number, got {value!r}")
    if value < least:
        raise ValueError(f"{name} must be at least {least}, got {value}")
    return int(value)


def as_choice(name: str, value: str, accepted: Iterable[str]) -> str:
    """Return `value`, one of the words that are `accepted`.

    Raises
    ------
    ValueError
        If it is none of them.
    """
    accepted = tuple(accepted)
    if value not in accepted:
        raise ValueError(f"{name} must be one of {', '.join(accepted)}, got {value!r}")
    return value


def _require_shape(name: str, got: tuple[int, ...], accepted: tuple[int | str, ...]) -> None:
    fits = len(got) == len(accepted) and all(
        length >= 1 if isinstance(wanted, str) else length == wanted
        for length, wanted in zip(got, accepted, strict=True)
    )
    if not fits:
        kind = _DIMENSIONS.get(len(accepted), "an array")
        wanted = "(" + ", ".join(map(str, accepted)) + ("," if len(accepted) == 1 else "") + ")"
        empty = " (empty)" if 0 in got else ""
        raise ValueError(f"{name} must be {kind} of shape {wanted}, got shape {got}{empty}")
