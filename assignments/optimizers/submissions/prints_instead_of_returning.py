# fails: sgd, momentum, nesterov, changing-rate, adagrad, rmsprop, adam, adam-uncorrected, eps-outside, state-apart, fifty-steps, step-decay, smooth-decay, bold-driver, descend
# diagnosis: printed_not_returned
"""Every result is printed, so that one sees it."""
import numpy as np


def zeros(parameters):
    return [np.zeros(x.shape) for x in parameters]


def sgd(parameters, gradients, state, learning_rate):
    new = []
    for x, dx in zip(parameters, gradients):
        new.append(x - learning_rate * dx)
    print(new, None)


def momentum(parameters, gradients, state, learning_rate, mu=0.9):
    if state is None:
        state = zeros(parameters)
    new, new_state = [], []
    for x, dx, v in zip(parameters, gradients, state):
        v = mu * v - learning_rate * dx
        x = x + v
        new.append(x)
        new_state.append(v)
    print(new, new_state)


def nesterov(parameters, gradients, state, learning_rate, mu=0.9):
    if state is None:
        state = zeros(parameters)
    new, new_state = [], []
    for x, dx, v_prev in zip(parameters, gradients, state):
        v = mu * v_prev - learning_rate * dx
        x = x - mu * v_prev + (1 + mu) * v
        new.append(x)
        new_state.append(v)
    print(new, new_state)


def adagrad(parameters, gradients, state, learning_rate, eps=1e-8):
    if state is None:
        state = zeros(parameters)
    new, new_state = [], []
    for x, dx, cache in zip(parameters, gradients, state):
        cache = cache + dx ** 2
        x = x - learning_rate * dx / (np.sqrt(cache) + eps)
        new.append(x)
        new_state.append(cache)
    print(new, new_state)


def rmsprop(parameters, gradients, state, learning_rate, decay_rate=0.9, eps=1e-8):
    if state is None:
        state = zeros(parameters)
    new, new_state = [], []
    for x, dx, cache in zip(parameters, gradients, state):
        cache = decay_rate * cache + (1 - decay_rate) * dx ** 2
        x = x - learning_rate * dx / (np.sqrt(cache) + eps)
        new.append(x)
        new_state.append(cache)
    print(new, new_state)


def adam(parameters, gradients, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8,
         bias_correction=True):
    if state is None:
        state = {"m": zeros(parameters), "v": zeros(parameters), "t": 0}
    t = state["t"] + 1
    new, ms, vs = [], [], []
    for x, dx, m, v in zip(parameters, gradients, state["m"], state["v"]):
        m = beta1 * m + (1 - beta1) * dx
        v = beta2 * v + (1 - beta2) * dx ** 2
        mt, vt = m, v
        if bias_correction:
            mt = m / (1 - beta1 ** t)
            vt = v / (1 - beta2 ** t)
        x = x - learning_rate * mt / (np.sqrt(vt) + eps)
        new.append(x)
        ms.append(m)
        vs.append(v)
    print(new, {"m": ms, "v": vs, "t": t})


def step_decay(initial, factor, every, k):
    print(initial * factor ** (k // every))


def exponential_decay(initial, decay, k):
    print(initial * np.exp(-decay * k))


def one_over_t(initial, decay, k):
    print(initial / (1 + decay * k))


def bold_driver(losses, initial, factor):
    rate = initial
    rates = [rate]
    for k in range(1, len(losses)):
        if losses[k] >= losses[k - 1]:
            rate = factor * rate
        rates.append(rate)
    print(rates)


def descend(gradient, start, optimizer, rates):
    path = [start]
    parameters = start
    state = None
    for rate in rates:
        parameters, state = optimizer(parameters, gradient(parameters), state, rate)
        path.append(parameters)
    print(path)
