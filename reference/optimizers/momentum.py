"""SGD, momentum and Nesterov's momentum: one learning rate for every entry of a parameter."""

from __future__ import annotations

from reference.arrays import Array, as_number
from reference.optimizers.optimizer import Arrays, Optimizer
from reference.schedules import Schedule


class SGD(Optimizer):
    """Gradient descent: x <- x - learning_rate * g.

    "Stochastic" where g is the gradient of a mini-batch; the rule is the same. Near a minimum the
    gradient goes to 0, and the steps with it.

    Parameters
    ----------
    learning_rate : float or callable
        See `Optimizer`.
    weight_decay : float, default 0
        The alpha of an L2 penalty alpha/2 |x|^2, >= 0: its gradient alpha x is added to g, so each
        step also shrinks x by the factor 1 - learning_rate * alpha. This is *coupled* decay, that
        of `torch.optim.SGD`; for plain gradient descent it is the same as the *decoupled* decay
        that shrinks x beside the step, for Adam it is not. It applies to every array the
        optimizer is given: give biases, which are not penalised, to one of their own.

    References
    ----------
    Robbins and Monro (1951), "A stochastic approximation method"; Loshchilov and Hutter (2019),
    "Decoupled weight decay regularization", proposition 1.
    """

    n_remembered = 0

    def __init__(self, learning_rate: float | Schedule, *, weight_decay: float = 0.0) -> None:
        super().__init__(learning_rate)
        self.weight_decay = as_number("weight_decay", weight_decay, least=0.0)

    def _move(
        self, x: Array, g: Array, remembered: Arrays, learning_rate: float
    ) -> tuple[Array, Arrays]:
        return x - learning_rate * (g + self.weight_decay * x), remembered


class Momentum(Optimizer):
    """Gradient descent with momentum: v <- momentum * v - learning_rate * g;  x <- x + v.

    A ball that rolls downhill: the gradient changes its velocity v, and the velocity its place. On
    a constant slope the velocity grows to -learning_rate * g / (1 - momentum), ten times a plain
    step for the usual 0.9.

    Parameters
    ----------
    learning_rate : float or callable
        See `Optimizer`.
    momentum : float, default 0.9
        Share of its velocity that the ball keeps, 0 <= momentum < 1. The course's lecture writes
        that "larger values mean greater friction"; it is the reverse: at 0 nothing is kept, near 1
        the ball rolls without friction.

    Notes
    -----
    The learning rate is inside v, as on the slide. `torch.optim.SGD` leaves it outside (v <-
    momentum * v + g;  x <- x - learning_rate * v): the same as long as the learning rate is
    constant; under a schedule the slide's ball keeps the speed that it got at the old rate.

    References
    ----------
    Polyak (1964), "Some methods of speeding up the convergence of iteration methods", eq. 9;
    Sutskever, Martens, Dahl and Hinton (2013), "On the importance of initialization and momentum
    in deep learning", eq. 1 and 2.
    """

    n_remembered = 1

    def __init__(self, learning_rate: float | Schedule, *, momentum: float = 0.9) -> None:
        super().__init__(learning_rate)
        self.momentum = as_number("momentum", momentum, least=0.0, below=1.0)

    def _move(
        self, x: Array, g: Array, remembered: Arrays, learning_rate: float
    ) -> tuple[Array, Arrays]:
        (v,) = remembered
        v = self.momentum * v - learning_rate * g
        return x + v, (v,)


class Nesterov(Momentum):
    """Nesterov's momentum: the gradient counts where the ball will be, not where it is.

    v' = momentum * v - learning_rate * g;  x <- x - momentum * v + (1 + momentum) * v'.

    Nesterov evaluates the gradient at y + momentum * v, ahead of the place y. In this form x *is*
    the place ahead, so that the gradient is taken at x like that of every other optimizer.

    Parameters
    ----------
    learning_rate : float or callable
        See `Optimizer`.
    momentum : float, default 0.9
        As in `Momentum`.

    References
    ----------
    Nesterov (1983), "A method for solving the convex programming problem with convergence rate
    O(1/k^2)"; Sutskever et al. (2013), eq. 3 and 4; Bengio, Boulanger-Lewandowski and Pascanu
    (2013), "Advances in optimizing recurrent networks", eq. 7 (this form).
    """

    def _move(
        self, x: Array, g: Array, remembered: Arrays, learning_rate: float
    ) -> tuple[Array, Arrays]:
        (v_before,) = remembered
        v = self.momentum * v_before - learning_rate * g
        return x - self.momentum * v_before + (1 + self.momentum) * v, (v,)
