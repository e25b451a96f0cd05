"""Norm penalties: L1 and L2, the priors that they stand for, and weight decay.

The loss that is minimised becomes L(W) + alpha * Omega(W). Only weights are penalised, never
biases: a bias says where a unit switches and not how much it listens to an input, so a large one
overfits nothing; and the targets' mean should not have to be paid for. So W is a weight matrix here
(or all weights of a network in one array); biases are not passed.

References
----------
Goodfellow, Bengio and Courville (2016), "Deep Learning", sections 5.6.1 and 7.1; Hoerl and Kennard
(1970), "Ridge regression"; Tibshirani (1996), "Regression shrinkage and selection via the lasso".
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import Array, as_float_array, as_number


def l2_penalty(W: ArrayLike, alpha: float) -> tuple[float, Array]:
    """Return alpha/2 ||W||_2^2 and its gradient, alpha W.

    Parameters
    ----------
    W : array_like, any shape
        Weights, without biases.
    alpha : float
        Weight of the penalty, >= 0.

    Returns
    -------
    penalty : float
        The sum over all weights, not a mean.
    grad_W : ndarray, shape of W

    Raises
    ------
    ValueError
        If `W` is not finite or `alpha` < 0.
    """
    W = as_float_array("W", W)
    alpha = as_number("alpha", alpha, least=0.0)
    return 0.5 * alpha * float((W * W).sum()), alpha * W


def l1_penalty(
    W: ArrayLike, alpha: float, *, half: bool = False, at_zero: float = 0.0
) -> tuple[float, Array]:
    """Return alpha ||W||_1 and its gradient, alpha sign(W).

    The gradient has the same size however small a weight is, so weights that the data do not need
    go all the way to 0: the solution is sparse. That of `l2_penalty` fades with the weight.

    Parameters
    ----------
    W : array_like, any shape
        Weights, without biases.
    alpha : float
        Weight of the penalty, >= 0.
    half : bool, default False
        With a factor 1/2, as the course's lecture on regularization writes, 1/2 ||W||_1. That 1/2
        is for the square of the L2 penalty, where it cancels a 2; here nothing is to be cancelled,
        and textbooks and libraries have none.
    at_zero : float, default 0
        What stands for sign(0), where |w| has no derivative: any number in [-1, 1] is a
        subgradient. With 0 a weight that is 0 stays there unless the data move it.

    Returns
    -------
    penalty : float
        The sum over all weights.
    grad_W : ndarray, shape of W

    Raises
    ------
    ValueError
        If `W` is not finite, `alpha` < 0 or `at_zero` is outside [-1, 1].
    """
    W = as_float_array("W", W)
    alpha = as_number("alpha", alpha, least=0.0) * (0.5 if half else 1.0)
    at_zero = as_number("at_zero", at_zero, least=-1.0, most=1.0)
    sign = np.where(W == 0, at_zero, np.sign(W))
    return alpha * float(np.abs(W).sum()), alpha * sign


def gaussian_negative_log_prior(W: ArrayLike, alpha: float) -> tuple[float, Array]:
    """Return -log p(W) for independent Gaussian weights of mean 0 and variance 1/alpha.

    -log p(W) = alpha/2 ||W||_2^2 + n/2 log(2 pi / alpha) for n weights: the L2 penalty, and a
    constant that no weight changes. To minimise a negative log-likelihood plus this is MAP
    estimation, the most probable weights after the data are seen; and that loss must be the *sum*
    over the samples. With the mean over N samples, the penalty belongs to a prior of alpha N.

    Parameters
    ----------
    W : array_like, any shape
        Weights, without biases.
    alpha : float
        Precision of the prior, > 0.

    Returns
    -------
    negative_log_prior : float
        In nats; a density may exceed 1, so it may be negative.
    grad_W : ndarray, shape of W

    Raises
    ------
    ValueError
        If `W` is not finite or `alpha` <= 0: such a prior has no density.

    References
    ----------
    Bishop (2006), "Pattern recognition and machine learning", eq. 1.65 to 1.67.
    """
    alpha = as_number("alpha", alpha, above=0.0)
    penalty, grad_W = l2_penalty(W, alpha)
    return penalty + 0.5 * grad_W.size * math.log(2 * math.pi / alpha), grad_W


def laplace_negative_log_prior(W: ArrayLike, alpha: float) -> tuple[float, Array]:
    """Return -log p(W) for independent Laplacian weights of mean 0 and scale 1/alpha.

    p(w) = alpha/2 exp(-alpha |w|), so -log p(W) = alpha ||W||_1 + n log(2 / alpha) for n weights:
    the L1 penalty (without a 1/2), and a constant.

    Parameters
    ----------
    W : array_like, any shape
        Weights, without biases.
    alpha : float
        One over the scale of the prior, > 0.

    Returns
    -------
    negative_log_prior : float
        In nats; may be negative.
    grad_W : ndarray, shape of W
        0 where a weight is 0.

    Raises
    ------
    ValueError
        If `W` is not finite or `alpha` <= 0.

    References
    ----------
    Tibshirani (1996), section 5.
    """
    alpha = as_number("alpha", alpha, above=0.0)
    penalty, grad_W = l1_penalty(W, alpha)
    return penalty + grad_W.size * math.log(2 / alpha), grad_W


def weight_decay_step(
    W: ArrayLike, grad_W: ArrayLike, *, learning_rate: float, alpha: float
) -> Array:
    """Return the weights after a step of gradient descent with an L2 penalty.

    W <- W - learning_rate * (grad_W + alpha W) = (1 - learning_rate alpha) W - learning_rate grad_W

    The first form is *coupled* decay: the penalty's gradient joins that of the loss. The second is
    *decoupled*: first the weights shrink in proportion to their size, then the step is made. For
    plain gradient descent the two are the same. For an optimizer that scales the gradient (Adam,
    or a momentum that carries it on) they are not: coupled, large weights with large gradients
    decay too little, which is why AdamW decouples.

    Parameters
    ----------
    W : array_like, any shape
        Weights, without biases.
    grad_W : array_like, shape of W
        Gradient of the loss without the penalty.
    learning_rate : float
        > 0. (The course's lecture calls it lambda here, and eta elsewhere.)
    alpha : float
        Weight of the penalty, >= 0.

    Returns
    -------
    ndarray, shape of W

    Raises
    ------
    ValueError
        If a number is not finite or out of its range, or the shapes differ.

    References
    ----------
    Krogh and Hertz (1992), "A simple weight decay can improve generalization"; Loshchilov and
    Hutter (2019), "Decoupled weight decay regularization", proposition 1 and 2.
    """
    W = as_float_array("W", W)
    grad_W = as_float_array("grad_W", grad_W, shape=W.shape)
    learning_rate = as_number("learning_rate", learning_rate, above=0.0)
    alpha = as_number("alpha", alpha, least=0.0)
    return (1 - learning_rate * alpha) * W - learning_rate * grad_W
