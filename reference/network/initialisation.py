"""Where training starts: weights drawn at random, so that no two units are alike.

Two hidden units with the same weights in and out compute the same, get the same gradient and stay
the same for ever: a layer that starts equal has the worth of one unit. Random weights break the
symmetry. How large they are decides whether signals grow or fade from layer to layer; the schemes
keep the variance of the activations (He), or that and the one of the gradients (Xavier), about the
same in every layer. Biases may all start at 0: the weights have broken the symmetry already.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, TypeAlias, get_args

import numpy as np

from reference.arrays import Array, as_choice, as_count, as_number
from reference.network.sizes import as_sizes

Scheme: TypeAlias = Literal["he", "xavier", "gaussian", "zeros"]


def initial_weights(
    sizes: Sequence[int],
    rng: np.random.Generator,
    *,
    scheme: Scheme = "he",
    scale: float = 0.01,
) -> list[Array]:
    """Return a weight matrix for every layer, normal with mean 0.

    Parameters
    ----------
    sizes : sequence of int
        S_0 .. S_L: inputs, hidden layers, outputs.
    rng : numpy.random.Generator
        Where the weights are drawn from, layer by layer.
    scheme : {"he", "xavier", "gaussian", "zeros"}, default "he"
        What their standard deviation is; see `weight_deviation`.
    scale : float, default 0.01
        Standard deviation of "gaussian".

    Returns
    -------
    list of ndarray
        W_l of shape (S_{l-1}, S_l), l = 1 .. L.

    Raises
    ------
    ValueError
        If there are fewer than two sizes, a size is no whole number from 1 on, the scheme is
        unknown or `scale` is negative.
    """
    return [
        rng.normal(size=(n_in, n_out)) * weight_deviation(n_in, n_out, scheme=scheme, scale=scale)
        for n_in, n_out in pairwise(as_sizes(sizes))
    ]


def weight_deviation(n_in: int, n_out: int, *, scheme: Scheme = "he", scale: float = 0.01) -> float:
    """Return the standard deviation of the weights of a layer.

    Parameters
    ----------
    n_in, n_out : int
        Number of its inputs and of its outputs.
    scheme : {"he", "xavier", "gaussian", "zeros"}, default "he"
        "he" sqrt(2 / n_in), made for ReLU, which passes half of its inputs on;
        "xavier" sqrt(2 / (n_in + n_out)), made for tanh;
        "gaussian" `scale` in every layer;
        "zeros" as a cautionary tale: all hidden units of a layer then get the same gradient (with
        ReLU: none) and stay copies of each other for ever.
    scale : float, default 0.01
        For "gaussian", at least 0.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If a number of units is below 1, the scheme is unknown or `scale` is negative.

    References
    ----------
    He, Zhang, Ren and Sun (2015), "Delving deep into rectifiers", eq. 10;
    Glorot and Bengio (2010), "Understanding the difficulty of training deep feedforward
    neural networks", eq. 12 (theirs is uniform; eq. 16 has the bounds with this variance).
    """
    n_in, n_out = as_count("n_in", n_in), as_count("n_out", n_out)
    scale = as_number("scale", scale, least=0.0)
    deviations = {
        "he": math.sqrt(2 / n_in),
        "xavier": math.sqrt(2 / (n_in + n_out)),
        "gaussian": scale,
        "zeros": 0.0,
    }
    return deviations[as_choice("scheme", scheme, get_args(Scheme))]
