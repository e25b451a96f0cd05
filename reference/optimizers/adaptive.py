"""Optimizers with a learning rate for each entry of a parameter: AdaGrad, RMSprop and Adam.

In every formula x is a parameter, g its gradient, t = 1, 2, ... the number of the step, and
squares, roots and quotients are taken element by element. A small eps keeps a quotient finite; it
is added *outside* the square root, as on the course's slides and in PyTorch. (A rule with
sqrt(v + eps) is another one: it agrees only where v is much larger than eps.)
"""

from __future__ import annotations

import numpy as np

from reference.arrays import Array, as_number
from reference.optimizers.optimizer import Arrays, Optimizer
from reference.schedules import Schedule


class AdaGrad(Optimizer):
    """AdaGrad: cache <- cache + g^2;  x <- x - learning_rate * g / (sqrt(cache) + eps).

    Each entry of x has a rate of its own, which decays faster where the function is steeper. The
    cache only grows, so in the end all rates go to 0.

    Parameters
    ----------
    learning_rate : float or callable
        See `Optimizer`.
    eps : float, default 1e-8
        > 0.

    References
    ----------
    Duchi, Hazan and Singer (2011), "Adaptive subgradient methods for online learning and
    stochastic optimization", figure 1 with the diagonal matrix.
    """

    n_remembered = 1

    def __init__(self, learning_rate: float | Schedule, *, eps: float = 1e-8) -> None:
        super().__init__(learning_rate)
        self.eps = as_number("eps", eps, above=0.0)

    def _move(
        self, x: Array, g: Array, remembered: Arrays, learning_rate: float
    ) -> tuple[Array, Arrays]:
        (cache,) = remembered
        cache = cache + g * g
        return x - learning_rate * g / (np.sqrt(cache) + self.eps), (cache,)


class RMSprop(Optimizer):
    """RMSprop: AdaGrad that forgets, so that its rates do not go to 0.

    cache <- decay_rate * cache + (1 - decay_rate) * g^2;
    x <- x - learning_rate * g / (sqrt(cache) + eps).

    Parameters
    ----------
    learning_rate : float or callable
        See `Optimizer`.
    decay_rate : float, default 0.9
        Share of the cache that is kept, 0 <= decay_rate < 1 (PyTorch calls it alpha, and takes
        0.99 unless told).
    eps : float, default 1e-8
        > 0.

    Notes
    -----
    The cache starts at 0, so the first step is learning_rate / sqrt(1 - decay_rate) in every
    entry: 3.1623 times the learning rate for 0.9. Adam corrects this.

    References
    ----------
    Tieleman and Hinton (2012), "Neural networks for machine learning", lecture 6.5.
    """

    n_remembered = 1

    def __init__(
        self, learning_rate: float | Schedule, *, decay_rate: float = 0.9, eps: float = 1e-8
    ) -> None:
        super().__init__(learning_rate)
        self.decay_rate = as_number("decay_rate", decay_rate, least=0.0, below=1.0)
        self.eps = as_number("eps", eps, above=0.0)

    def _move(
        self, x: Array, g: Array, remembered: Arrays, learning_rate: float
    ) -> tuple[Array, Arrays]:
        (cache,) = remembered
        cache = self.decay_rate * cache + (1 - self.decay_rate) * g * g
        return x - learning_rate * g / (np.sqrt(cache) + self.eps), (cache,)


class Adam(Optimizer):
    """Adam: momentum and RMSprop together, both corrected for starting at 0.

    m <- beta1 * m + (1 - beta1) * g;          m^ = m / (1 - beta1^t)
    v <- beta2 * v + (1 - beta2) * g^2;        v^ = v / (1 - beta2^t)
    x <- x - learning_rate * m^ / (sqrt(v^) + eps)

    Parameters
    ----------
    learning_rate : float or callable, default 0.001
        See `Optimizer`.
    beta1, beta2 : float, default 0.9 and 0.999
        Shares of m and v that are kept, in [0, 1).
    eps : float, default 1e-8
        > 0.
    bias_correction : bool, default True
        False leaves the division by 1 - beta^t out, as the course's slide does.

    Notes
    -----
    m and v start at 0 and are too small at first. Without the correction m lacks the factor
    1 - beta1 = 0.1 and sqrt(v) the factor sqrt(1 - beta2) = 0.0316, so that the first step is
    3.1623 times the learning rate; with it, it is the learning rate itself, whatever g is.

    References
    ----------
    Kingma and Ba (2015), "Adam: a method for stochastic optimization", algorithm 1.
    """

    n_remembered = 2

    def __init__(
        self,
        learning_rate: float | Schedule = 0.001,
        *,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
        bias_correction: bool = True,
    ) -> None:
        super().__init__(learning_rate)
        self.beta1 = as_number("beta1", beta1, least=0.0, below=1.0)
        self.beta2 = as_number("beta2", beta2, least=0.0, below=1.0)
        self.eps = as_number("eps", eps, above=0.0)
        self.bias_correction = bias_correction

    def _move(
        self, x: Array, g: Array, remembered: Arrays, learning_rate: float
    ) -> tuple[Array, Arrays]:
        m, v = remembered
        m = self.beta1 * m + (1 - self.beta1) * g
        v = self.beta2 * v + (1 - self.beta2) * g * g
        m_hat, v_hat = m, v
        t = self.n_steps + 1
        if self.bias_correction:
            m_hat = m / (1 - self.beta1**t)
            v_hat = v / (1 - self.beta2**t)
        return x - learning_rate * m_hat / (np.sqrt(v_hat) + self.eps), (m, v)
