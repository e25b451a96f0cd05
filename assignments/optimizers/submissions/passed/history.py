"""The state is everything that has happened; every step is worked out from the beginning.

More memory than needed, but there are no recursions to get wrong.
"""

import numpy as np


def remember(state, gradients, learning_rate):
    return (state or []) + [([np.array(g) for g in gradients], learning_rate)]


def discounted(history, p, share, power):
    """Sum of share^(age) * power(gradient) over all steps of parameter p."""
    ages = range(len(history) - 1, -1, -1)
    return sum(share ** age * power(gs[p], rate) for age, (gs, rate) in zip(ages, history))


def sgd(parameters, gradients, state, learning_rate):
    return tuple(np.subtract(x, learning_rate * g) for x, g in zip(parameters, gradients)), state


def momentum(parameters, gradients, state, learning_rate, mu=0.9):
    history = remember(state, gradients, learning_rate)
    moved = [
        x - discounted(history, p, mu, lambda g, rate: rate * g) for p, x in enumerate(parameters)
    ]
    return moved, history


def nesterov(parameters, gradients, state, learning_rate, mu=0.9):
    history = remember(state, gradients, learning_rate)
    moved = []
    for p, x in enumerate(parameters):
        # mu * (mu v_old - rate g) - rate g, since v_old drops out
        v = -discounted(history, p, mu, lambda g, rate: rate * g)
        moved.append(x + mu * v - learning_rate * gradients[p])
    return moved, history


def adagrad(parameters, gradients, state, learning_rate, eps=1e-8):
    history = remember(state, gradients, learning_rate)
    moved = []
    for p, x in enumerate(parameters):
        norm = np.linalg.norm([gs[p] for gs, _ in history], axis=0)
        moved.append(x - learning_rate * gradients[p] / (norm + eps))
    return moved, history


def rmsprop(parameters, gradients, state, learning_rate, decay_rate=0.9, eps=1e-8):
    history = remember(state, gradients, learning_rate)
    moved = []
    for p, x in enumerate(parameters):
        cache = (1 - decay_rate) * discounted(history, p, decay_rate, lambda g, _: g * g)
        moved.append(x - learning_rate * gradients[p] / (np.sqrt(cache) + eps))
    return moved, history


def adam(parameters, gradients, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8,
         bias_correction=True):
    history = remember(state, gradients, learning_rate)
    t = len(history)
    moved = []
    for p, x in enumerate(parameters):
        m = (1 - beta1) * discounted(history, p, beta1, lambda g, _: g)
        v = (1 - beta2) * discounted(history, p, beta2, lambda g, _: g * g)
        if bias_correction:
            m /= 1 - beta1 ** t
            v /= 1 - beta2 ** t
        moved.append(x - learning_rate * m / (np.sqrt(v) + eps))
    return moved, history


def step_decay(initial, factor, every, k):
    n_stairs = int(np.floor(k / every))
    return initial * np.prod([factor] * n_stairs)


def exponential_decay(initial, decay, k):
    return initial * np.exp(-decay) ** k


def one_over_t(initial, decay, k):
    return initial * (1 + k * decay) ** -1


def bold_driver(losses, initial, factor):
    rises = np.concatenate([[0], np.cumsum(np.diff(losses) >= 0)])
    return initial * factor ** rises


def descend(gradient, start, optimizer, rates):
    if len(rates) == 0:
        return [start]

    def walk(parameters, state, rates):
        if not rates:
            return [parameters]
        there, state = optimizer(parameters, gradient(parameters), state, rates[0])
        return [parameters] + walk(there, state, rates[1:])

    return walk(start, None, list(rates))
