# optimizers.py
# One class per rule; the state that is handed around is an object that is copied before it changes.
import copy

import numpy as np


class Rule:
    def __init__(self, parameters):
        self.t = 0
        self.m = [0.0] * len(parameters)
        self.v = [0.0] * len(parameters)

    def next(self, parameters, gradients, learning_rate, **constants):
        new = copy.deepcopy(self)
        new.t += 1
        moved = []
        for n in range(len(parameters)):
            moved.append(parameters[n] + new.move(n, gradients[n], learning_rate, **constants))
        return moved, new


class Sgd(Rule):
    def move(self, n, g, lr):
        return -lr * g


class Momentum(Rule):
    def move(self, n, g, lr, mu):
        self.v[n] = mu * self.v[n] - lr * g
        return self.v[n]


class Nesterov(Rule):
    def move(self, n, g, lr, mu):
        before = self.v[n]
        self.v[n] = mu * before - lr * g
        return -mu * before + (1 + mu) * self.v[n]


class Adagrad(Rule):
    def move(self, n, g, lr, eps):
        self.v[n] = self.v[n] + np.square(g)
        return -lr * g / (np.sqrt(self.v[n]) + eps)


class Rmsprop(Rule):
    def move(self, n, g, lr, decay_rate, eps):
        self.v[n] = decay_rate * self.v[n] + (1 - decay_rate) * np.square(g)
        return -lr / (np.sqrt(self.v[n]) + eps) * g


class Adam(Rule):
    def move(self, n, g, lr, beta1, beta2, eps, bias_correction):
        self.m[n] = beta1 * self.m[n] + (1 - beta1) * g
        self.v[n] = beta2 * self.v[n] + (1 - beta2) * np.square(g)
        if not bias_correction:
            return -lr * self.m[n] / (np.sqrt(self.v[n]) + eps)
        # efficient form of Kingma and Ba, section 2, with eps scaled so that nothing changes
        root = np.sqrt(1 - beta2 ** self.t)
        lr = lr * root / (1 - beta1 ** self.t)
        return -lr * self.m[n] / (np.sqrt(self.v[n]) + eps * root)


def sgd(parameters, gradients, state, learning_rate):
    rule = state if state is not None else Sgd(parameters)
    return rule.next(parameters, gradients, learning_rate)


def momentum(parameters, gradients, state, learning_rate, mu=0.9):
    rule = state if state is not None else Momentum(parameters)
    return rule.next(parameters, gradients, learning_rate, mu=mu)


def nesterov(parameters, gradients, state, learning_rate, mu=0.9):
    rule = state if state is not None else Nesterov(parameters)
    return rule.next(parameters, gradients, learning_rate, mu=mu)


def adagrad(parameters, gradients, state, learning_rate, eps=1e-8):
    rule = state if state is not None else Adagrad(parameters)
    return rule.next(parameters, gradients, learning_rate, eps=eps)


def rmsprop(parameters, gradients, state, learning_rate, decay_rate=0.9, eps=1e-8):
    rule = state if state is not None else Rmsprop(parameters)
    return rule.next(parameters, gradients, learning_rate, decay_rate=decay_rate, eps=eps)


def adam(parameters, gradients, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8,
         bias_correction=True):
    rule = state if state is not None else Adam(parameters)
    constants = {"beta1": beta1, "beta2": beta2, "eps": eps, "bias_correction": bias_correction}
    return rule.next(parameters, gradients, learning_rate, **constants)


def step_decay(initial, factor, every, k):
    rate = initial
    while k >= every:
        rate *= factor
        k -= every
    return rate


def exponential_decay(initial, decay, k):
    return initial * 2.718281828459045 ** (-decay * k)


def one_over_t(initial, decay, k):
    return initial / (decay * k + 1)


def bold_driver(losses, initial, factor):
    rates = [initial]
    for before, after in zip(losses, losses[1:]):
        if after < before:
            rates.append(rates[-1])
        else:
            rates.append(rates[-1] * factor)
    return rates


def descend(gradient, start, optimizer, rates):
    path = [start]
    parameters, state = start, None
    for learning_rate in rates:
        gradients = gradient(parameters)
        parameters, state = optimizer(parameters, gradients, state, learning_rate)
        path += [parameters]
    return path
