"""Dropout: hidden units left out at random in training, and what prediction makes up for it.

A mask of 0 and 1 says which units are kept, each with probability `keep`. There are two ways to
give the next layer the same expectation in training and in prediction:

===========  ======================  ======================
mode         in training             in prediction
===========  ======================  ======================
"classic"    mask * X                keep * X
"inverted"   mask * X / keep         X
===========  ======================  ======================

Inverted dropout is what libraries do: prediction then needs to know nothing of dropout. Classic
dropout multiplies the next layer's weights by `keep` in prediction, which is the same as
multiplying its inputs. It is the probability to *keep*: the course's lecture on regularisation
reduces the weights "in proportion to dropout probability", which is right only for 1/2.

References
----------
Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov (2014), "Dropout: a simple way to
prevent neural networks from overfitting", sections 4 and 10.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import Array, as_choice, as_count, as_float_array, as_number

DropoutMode: TypeAlias = Literal["classic", "inverted"]


class DropoutCache(NamedTuple):
    """What `dropout_backward` needs: by what each entry was multiplied, 0 for one left out."""

    factor: Array


@dataclass(frozen=True, slots=True)
class MonteCarloPrediction:
    """Many predictions of one network, each with other units left out.

    Attributes
    ----------
    samples : ndarray, shape (n_passes, ...)
        One pass each.
    mean : ndarray
        Over the passes: the prediction.
    standard_deviation : ndarray
        Over the passes (divisor n_passes - 1): how unsure the network is of it.
    """

    samples: Array
    mean: Array
    standard_deviation: Array


def draw_dropout_mask(shape: tuple[int, ...], keep: float, rng: np.random.Generator) -> Array:
    """Return a mask of 0 and 1, each entry 1 with probability `keep` independently.

    Parameters
    ----------
    shape : tuple of int
        That of the units: (N, D) draws a mask of its own for every sample.
    keep : float
        In (0, 1].
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of float64

    Raises
    ------
    ValueError
        If `keep` is outside (0, 1].
    """
    keep = _as_keep(keep)
    return (rng.random(shape) < keep).astype(np.float64)


def dropout_forward(
    X: ArrayLike,
    keep: float,
    *,
    mask: ArrayLike | None = None,
    rng: np.random.Generator | None = None,
    mode: DropoutMode = "inverted",
) -> tuple[Array, DropoutCache]:
    """Return what dropout makes of X in training, and the cache for `dropout_backward`.

    Parameters
    ----------
    X : array_like, any shape
        Outputs of the layer below.
    keep : float
        Probability in (0, 1] that a unit is kept. Usual are 0.8 for inputs, 0.5 for hidden units.
    mask : array_like, shape of X, optional
        0 for what is left out, 1 for what is kept.
    rng : numpy.random.Generator, optional
        To draw the mask with. Give either `mask` or `rng`.
    mode : {"inverted", "classic"}, default "inverted"

    Returns
    -------
    out : ndarray, shape of X
        In expectation over the masks X for "inverted", keep * X for "classic".
    cache : DropoutCache

    Raises
    ------
    ValueError
        If X is not finite, `keep` is outside (0, 1], the mask has another shape or other entries
        than 0 and 1, the mode is unknown, or not exactly one of `mask` and `rng` is given.
    """
    X = as_float_array("X", X)
    keep = _as_keep(keep)
    as_choice("mode", mode, get_args(DropoutMode))
    if mask is not None and rng is None:
        kept = _as_mask(mask, X.shape)
    elif mask is None and rng is not None:
        kept = draw_dropout_mask(X.shape, keep, rng)
    else:
        given = "neither" if mask is None else "both"
        raise ValueError(f"mask or rng must be given, one of them, got {given}")
    kept = kept.astype(X.dtype)
    factor = kept / keep if mode == "inverted" else kept
    return X * factor, DropoutCache(factor)


def dropout_backward(grad_out: ArrayLike, cache: DropoutCache) -> Array:
    """Return the gradient of the loss with respect to X: nothing flows through what was left out.

    Parameters
    ----------
    grad_out : array_like, shape of X
        Gradient of the loss with respect to the layer's output.
    cache : DropoutCache
        From the `dropout_forward` whose mask is to be used: a fresh mask would be another network.

    Returns
    -------
    grad_X : ndarray, shape of X

    Raises
    ------
    ValueError
        If `grad_out` has not the shape of X or is not finite.
    """
    return as_float_array("grad_out", grad_out, shape=cache.factor.shape) * cache.factor


def dropout_predict(X: ArrayLike, keep: float, *, mode: DropoutMode = "inverted") -> Array:
    """Return what dropout makes of X in prediction: the expectation of training, no randomness.

    Parameters
    ----------
    X : array_like, any shape
    keep : float
        As in training.
    mode : {"inverted", "classic"}, default "inverted"
        As in training.

    Returns
    -------
    ndarray, shape of X
        keep * X for "classic", a copy of X for "inverted".

    Raises
    ------
    ValueError
        If X is not finite, `keep` is outside (0, 1] or the mode is unknown.

    Notes
    -----
    Through a linear layer this is exactly the mean of all sub-networks. Through a network with
    non-linear units it stands for their mean; `monte_carlo_predict` estimates that itself.
    """
    X = as_float_array("X", X)
    keep = _as_keep(keep)
    as_choice("mode", mode, get_args(DropoutMode))
    return keep * X if mode == "classic" else X.copy()


def monte_carlo_predict(
    noisy_pass: Callable[[np.random.Generator], ArrayLike],
    n_passes: int,
    rng: np.random.Generator,
) -> MonteCarloPrediction:
    """Return mean and spread of many predictions in which dropout goes on as in training.

    Parameters
    ----------
    noisy_pass : callable
        Takes `rng`, draws masks with it and returns one prediction; always of the same shape.
    n_passes : int
        At least 2.
    rng : numpy.random.Generator

    Returns
    -------
    MonteCarloPrediction

    Raises
    ------
    ValueError
        If `n_passes` is no whole number from 2 on, or a prediction is not finite.

    References
    ----------
    Gal and Ghahramani (2016), "Dropout as a Bayesian approximation: representing model uncertainty
    in deep learning", section 4 (whose variance adds that of the noise).
    """
    n_passes = as_count("n_passes", n_passes, least=2)
    samples = np.stack([as_float_array("noisy_pass", noisy_pass(rng)) for _ in range(n_passes)])
    return MonteCarloPrediction(samples, samples.mean(axis=0), samples.std(axis=0, ddof=1))


def _as_keep(keep: float) -> float:
    return as_number("keep", keep, above=0.0, most=1.0)


def _as_mask(mask: ArrayLike, shape: tuple[int, ...]) -> Array:
    kept = as_float_array("mask", mask, shape=shape)
    strangers = kept[(kept != 0) & (kept != 1)]
    if strangers.size:
        raise ValueError(f"mask must hold only 0 and 1, got {strangers[0]:g}")
    return kept
