"""The sizes of a network's layers, and how many parameters that makes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np


def count_parameters(sizes: Sequence[int]) -> int:
    """Return the number of weights and biases of a network: the sum of (S_{l-1} + 1) S_l.

    Parameters
    ----------
    sizes : sequence of int
        S_0 .. S_L: inputs, hidden layers, outputs.

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If there are fewer than two sizes or one is no whole number from 1 on.
    """
    return sum((n_in + 1) * n_out for n_in, n_out in pairwise(as_sizes(sizes)))


def count_weights(sizes: Sequence[int]) -> int:
    """Return the number of weights of a network, biases not counted: the sum of S_{l-1} S_l.

    Parameters, result and errors are those of `count_parameters`.
    """
    return sum(n_in * n_out for n_in, n_out in pairwise(as_sizes(sizes)))


def as_sizes(sizes: Sequence[int]) -> tuple[int, ...]:
    """Return the sizes of the layers S_0 .. S_L of a network, two or more counts.

    Raises
    ------
    ValueError
        If they are none.
    """
    is_whole = [isinstance(n, int | np.integer) and not isinstance(n, bool) for n in sizes]
    if len(sizes) < 2 or not all(is_whole) or min(sizes) < 1:
        raise ValueError(f"sizes must be two or more whole numbers from 1 on, got {sizes}")
    return tuple(int(n) for n in sizes)
