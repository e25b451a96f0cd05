"""Every number by itself, with loops. Slow and honest."""
import math

import numpy as np


def each(parameters, rule):
    """Call rule(which parameter, index of the entry) for every entry of every parameter."""
    result = []
    for p, x in enumerate(parameters):
        new = np.empty(np.shape(x))
        for index in np.ndindex(*np.shape(x)):
            new[index] = rule(p, index)
        result.append(new)
    return result


def sgd(parameters, gradients, state, learning_rate):
    def rule(p, i):
        return parameters[p][i] - learning_rate * gradients[p][i]

    return each(parameters, rule), None


def momentum(parameters, gradients, state, learning_rate, mu=0.9):
    def velocity(p, i):
        v = 0.0 if state is None else state[p][i]
        return mu * v - learning_rate * gradients[p][i]

    v = each(parameters, velocity)
    return each(parameters, lambda p, i: parameters[p][i] + v[p][i]), v


def nesterov(parameters, gradients, state, learning_rate, mu=0.9):
    old = state or each(parameters, lambda p, i: 0.0)
    new = each(parameters, lambda p, i: mu * old[p][i] - learning_rate * gradients[p][i])
    # x + v + mu (v - v_old)
    ahead = each(parameters, lambda p, i: parameters[p][i] + new[p][i] + mu * (new[p][i] - old[p][i]))
    return ahead, new


def adagrad(parameters, gradients, state, learning_rate, eps=1e-8):
    old = state or each(parameters, lambda p, i: 0.0)
    cache = each(parameters, lambda p, i: old[p][i] + gradients[p][i] ** 2)

    def rule(p, i):
        return parameters[p][i] - learning_rate * gradients[p][i] / (math.sqrt(cache[p][i]) + eps)

    return each(parameters, rule), cache


def rmsprop(parameters, gradients, state, learning_rate, decay_rate=0.9, eps=1e-8):
    old = state or each(parameters, lambda p, i: 0.0)
    # cache + (1 - d) (g^2 - cache)
    cache = each(
        parameters,
        lambda p, i: old[p][i] + (1 - decay_rate) * (gradients[p][i] ** 2 - old[p][i]),
    )

    def rule(p, i):
        return parameters[p][i] - learning_rate * gradients[p][i] / (cache[p][i] ** 0.5 + eps)

    return each(parameters, rule), cache


def adam(parameters, gradients, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8,
         bias_correction=True):
    if state is None:
        zero = each(parameters, lambda p, i: 0.0)
        state = {"m": zero, "v": zero, "beta1 to the t": 1.0, "beta2 to the t": 1.0}
    power1 = state["beta1 to the t"] * beta1
    power2 = state["beta2 to the t"] * beta2
    m = each(parameters, lambda p, i: beta1 * state["m"][p][i] + (1 - beta1) * gradients[p][i])
    v = each(parameters, lambda p, i: beta2 * state["v"][p][i] + (1 - beta2) * gradients[p][i] ** 2)

    def rule(p, i):
        m_hat, v_hat = m[p][i], v[p][i]
        if bias_correction:
            m_hat, v_hat = m_hat / (1 - power1), v_hat / (1 - power2)
        return parameters[p][i] - learning_rate * m_hat / (math.sqrt(v_hat) + eps)

    state = {"m": m, "v": v, "beta1 to the t": power1, "beta2 to the t": power2}
    return each(parameters, rule), state


def step_decay(initial, factor, every, k):
    rate = initial
    for step in range(1, k + 1):
        if step % every == 0:
            rate = rate * factor
    return rate


def exponential_decay(initial, decay, k):
    return initial / math.exp(decay * k)


def one_over_t(initial, decay, k):
    return 1 / (1 / initial + decay * k / initial)


def bold_driver(losses, initial, factor):
    rate, rates, last = initial, [], None
    for loss in losses:
        if last is not None and loss >= last:
            rate *= factor
        rates.append(rate)
        last = loss
    return rates


def descend(gradient, start, optimizer, rates):
    path = [[np.array(x) for x in start]]
    state = None
    for rate in rates:
        here = [np.array(x) for x in path[-1]]
        new, state = optimizer(here, gradient(here), state, rate)
        path.append([np.array(x) for x in new])
    return path
