"""Optimizers. One small function does the looping; formulas rearranged."""
import math

import numpy as np


def memory(state, parameters, how_many=1):
    if state is not None:
        return state
    return [[0.0 * np.asarray(x) for _ in range(how_many)] for x in parameters]


def sgd(parameters, gradients, state, learning_rate):
    return [x - learning_rate * g for x, g in zip(parameters, gradients)], None


def momentum(parameters, gradients, state, learning_rate, mu=0.9):
    places, kept = [], []
    for x, g, (v,) in zip(parameters, gradients, memory(state, parameters)):
        v = mu * v - learning_rate * g
        places.append(x + v)
        kept.append([v])
    return places, kept


def nesterov(parameters, gradients, state, learning_rate, mu=0.9):
    places, kept = [], []
    for x, g, (v,) in zip(parameters, gradients, memory(state, parameters)):
        # -mu v + (1 + mu)(mu v - r g) = mu^2 v - (1 + mu) r g
        places.append(x + mu * mu * v - (1 + mu) * learning_rate * g)
        kept.append([mu * v - learning_rate * g])
    return places, kept


def adagrad(parameters, gradients, state, learning_rate, eps=1e-8):
    # keeps the root, as a length: hypot adds one more side to it
    places, kept = [], []
    for x, g, (root,) in zip(parameters, gradients, memory(state, parameters)):
        root = np.hypot(root, g)
        places.append(x - learning_rate * g / (root + eps))
        kept.append([root])
    return places, kept


def rmsprop(parameters, gradients, state, learning_rate, decay_rate=0.9, eps=1e-8):
    places, kept = [], []
    for x, g, (c,) in zip(parameters, gradients, memory(state, parameters)):
        c = c + (1 - decay_rate) * (g * g - c)
        places.append(x - learning_rate * g / (np.sqrt(c) + eps))
        kept.append([c])
    return places, kept


def adam(parameters, gradients, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8,
         bias_correction=True):
    # state: the two products beta^t, then the means
    b1, b2, means = state or (1.0, 1.0, memory(None, parameters, 2))
    b1, b2 = b1 * beta1, b2 * beta2
    places, kept = [], []
    for x, g, (m, v) in zip(parameters, gradients, means):
        m = m + (1 - beta1) * (g - m)
        v = v + (1 - beta2) * (g * g - v)
        kept.append((m, v))
        if bias_correction:
            step = m / (1 - b1) / (np.sqrt(v / (1 - b2)) + eps)
        else:
            step = m / (np.sqrt(v) + eps)
        places.append(x - learning_rate * step)
    return places, (b1, b2, kept)


def step_decay(initial, factor, every, k):
    rate = initial
    for _ in range(k // every):
        rate *= factor
    return rate


def exponential_decay(initial, decay, k):
    return initial / math.exp(decay) ** k


def one_over_t(initial, decay, k):
    return initial / (1 + decay * k)


def bold_driver(losses, initial, factor):
    rates = [initial] * min(1, len(losses))
    for before, now in zip(losses, losses[1:]):
        rates.append(rates[-1] if now < before else rates[-1] * factor)
    return rates


def descend(gradient, start, optimizer, rates):
    path, state = [list(start)], None
    for rate in rates:
        there, state = optimizer(path[-1], gradient(path[-1]), state, rate)
        path.append(list(there))
    return path
