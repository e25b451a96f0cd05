# fails: sgd, momentum, nesterov, changing-rate, adagrad, rmsprop, adam, adam-uncorrected, eps-outside, state-apart, fifty-steps, step-decay, smooth-decay, bold-driver, descend
# diagnosis: not_implemented
"""Optimizers and schedules: what to do with a gradient once you have it.

The handout (README.md) has the formulas, the conventions, and a table of first steps.

Every optimizer is a function

    new_parameters, new_state = optimizer(parameters, gradients, state, learning_rate, ...)

parameters and gradients are lists of arrays, one for each parameter, of the same shapes in pairs.
new_parameters is a list of new arrays of these shapes. state is None at the first step and
afterwards what the function returned as new_state the step before; what is in it is its own
business. Nothing that comes in is changed: neither the arrays nor the state.
"""

import numpy as np


def sgd(parameters, gradients, state, learning_rate):
    """Take one step of gradient descent: x - learning_rate * g.

    Return (new_parameters, new_state). Nothing needs to be remembered: new_state may be None.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def momentum(parameters, gradients, state, learning_rate, mu=0.9):
    """Take one step with momentum: v <- mu * v - learning_rate * g, then x + v.

    v is the velocity of each parameter, 0 before the first step. Return (new_parameters,
    new_state).
    """
    # YOUR CODE HERE
    raise NotImplementedError


def nesterov(parameters, gradients, state, learning_rate, mu=0.9):
    """Take one step with Nesterov's momentum, in the form for gradients taken at x.

    With v_old the velocity before the step (0 before the first) and
    v = mu * v_old - learning_rate * g, the new x is x - mu * v_old + (1 + mu) * v. Return
    (new_parameters, new_state).
    """
    # YOUR CODE HERE
    raise NotImplementedError


def adagrad(parameters, gradients, state, learning_rate, eps=1e-8):
    """Take one step of AdaGrad: cache <- cache + g**2, x - learning_rate * g / (sqrt(cache) + eps).

    cache is 0 before the first step; squares, roots and quotients are element by element. Return
    (new_parameters, new_state).
    """
    # YOUR CODE HERE
    raise NotImplementedError


def rmsprop(parameters, gradients, state, learning_rate, decay_rate=0.9, eps=1e-8):
    """Take one step of RMSprop: AdaGrad with a cache that forgets.

    cache <- decay_rate * cache + (1 - decay_rate) * g**2, 0 before the first step, and then
    x - learning_rate * g / (sqrt(cache) + eps). Return (new_parameters, new_state).
    """
    # YOUR CODE HERE
    raise NotImplementedError


def adam(
    parameters,
    gradients,
    state,
    learning_rate,
    beta1=0.9,
    beta2=0.999,
    eps=1e-8,
    bias_correction=True,
):
    """Take step number t = 1, 2, 3 ... of Adam.

    m <- beta1 * m + (1 - beta1) * g and v <- beta2 * v + (1 - beta2) * g**2, both 0 before the
    first step; the new x is x - learning_rate * m_hat / (sqrt(v_hat) + eps), with
    m_hat = m / (1 - beta1**t) and v_hat = v / (1 - beta2**t), or m and v themselves where
    bias_correction is False. Return (new_parameters, new_state).
    """
    # YOUR CODE HERE
    raise NotImplementedError


def step_decay(initial, factor, every, k):
    """Return the learning rate of the step before which k steps were made, k = 0, 1, 2 ...

    It is `initial` for the first `every` steps, factor * initial for the next `every` steps, and so
    on: one more factor after each `every` steps.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def exponential_decay(initial, decay, k):
    """Return the learning rate initial * exp(-decay * k), k steps having been made before."""
    # YOUR CODE HERE
    raise NotImplementedError


def one_over_t(initial, decay, k):
    """Return the learning rate initial / (1 + decay * k), k steps having been made before."""
    # YOUR CODE HERE
    raise NotImplementedError


def bold_driver(losses, initial, factor):
    """Return the learning rates of a driver who slows down only when the loss did not fall.

    losses is a list of n numbers: the loss at the start, after the first step, after the second ...
    Return a list of n rates, one for each step that follows: first `initial`, then the rate before,
    times `factor` if the last loss is not below the one before it.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def descend(gradient, start, optimizer, rates):
    """Take one step for each learning rate in the list `rates`, from the parameters `start`.

    gradient takes the list of parameters and returns the list of their gradients; optimizer is a
    function like those above. Return the path, a list of len(rates) + 1 lists of parameters: the
    start, and where each step has led.
    """
    # YOUR CODE HERE
    raise NotImplementedError
