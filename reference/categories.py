"""Labels and categories: numbers or words, whatever a class is called."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Categories: TypeAlias = NDArray[Any]


def as_categories(name: str, value: ArrayLike) -> Categories:
    """Return `value` as a non-empty vector of numbers or of words.

    Parameters
    ----------
    name : str
        Name of the argument, for the message.
    value : array_like, shape (n,)

    Returns
    -------
    ndarray
        Whole numbers stay whole numbers.

    Raises
    ------
    ValueError
        If it is no vector, is empty, holds anything else or numbers together with words (which
        NumPy would turn into words: 1 into "1"), or a number is not finite.
    """
    try:
        categories = np.asarray(value)
        if categories.dtype.kind == "O":
            categories = np.asarray(categories.tolist())
    except ValueError:
        raise ValueError(f"{name} must be a vector, got rows of several lengths") from None
    if categories.ndim != 1 or categories.size == 0:
        raise ValueError(
            f"{name} must be a vector of shape (n,), one category a sample, "
            f"got shape {categories.shape}"
        )
    if categories.dtype.kind not in "biufSU":
        raise ValueError(f"{name} must hold numbers or words, got dtype {categories.dtype}")
    as_given = np.asarray(value, dtype=object).tolist()
    if categories.dtype.kind == "U" and not all(isinstance(one, str) for one in as_given):
        raise ValueError(f"{name} must hold either numbers or words, got both")
    if categories.dtype.kind == "f" and not np.isfinite(categories).all():
        raise ValueError(f"{name} must be finite, got a NaN or infinite category")
    return categories


def require_same_kind(name: str, value: Categories, other_name: str, other: Categories) -> None:
    """Refuse to compare words with numbers: they are never equal.

    Raises
    ------
    ValueError
        If one argument holds words and the other numbers.
    """
    words = {value.dtype.kind, other.dtype.kind} & {"S", "U"}
    if words and value.dtype.kind != other.dtype.kind:
        raise ValueError(
            f"{name} and {other_name} must both hold numbers or both hold words, "
            f"got dtypes {value.dtype} and {other.dtype}"
        )
