"""float32 is all that a graphics card needs."""
import numpy as np

F = np.float32


def single(arrays):
    return [np.asarray(a, dtype=F) for a in arrays]


def start(parameters, state):
    return [np.zeros(np.shape(x), dtype=F) for x in parameters] if state is None else state


def sgd(parameters, gradients, state, learning_rate):
    return [x - F(learning_rate) * g for x, g in zip(single(parameters), single(gradients))], 0


def momentum(parameters, gradients, state, learning_rate, mu=0.9):
    v = [F(mu) * v - F(learning_rate) * g for v, g in zip(start(parameters, state), single(gradients))]
    return [x + u for x, u in zip(single(parameters), v)], v


def nesterov(parameters, gradients, state, learning_rate, mu=0.9):
    old = start(parameters, state)
    v = [F(mu) * u - F(learning_rate) * g for u, g in zip(old, single(gradients))]
    return [x - F(mu) * u + F(1 + mu) * w for x, u, w in zip(single(parameters), old, v)], v


def scaled(x, g, rate, cache, eps):
    return x - F(rate) * g / (np.sqrt(cache) + F(eps))


def adagrad(parameters, gradients, state, learning_rate, eps=1e-8):
    g = single(gradients)
    cache = [c + h * h for c, h in zip(start(parameters, state), g)]
    new = [scaled(x, h, learning_rate, c, eps) for x, h, c in zip(single(parameters), g, cache)]
    return new, cache


def rmsprop(parameters, gradients, state, learning_rate, decay_rate=0.9, eps=1e-8):
    g, d = single(gradients), F(decay_rate)
    cache = [d * c + (1 - d) * h * h for c, h in zip(start(parameters, state), g)]
    new = [scaled(x, h, learning_rate, c, eps) for x, h, c in zip(single(parameters), g, cache)]
    return new, cache


def adam(parameters, gradients, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8,
         bias_correction=True):
    t, m, v = (0, start(parameters, None), start(parameters, None)) if state is None else state
    t = t + 1
    g = single(gradients)
    m = [F(beta1) * a + F(1 - beta1) * h for a, h in zip(m, g)]
    v = [F(beta2) * a + F(1 - beta2) * h * h for a, h in zip(v, g)]
    c1, c2 = (1 - beta1 ** t, 1 - beta2 ** t) if bias_correction else (1, 1)
    new = [scaled(x, a / F(c1), learning_rate, b / F(c2), eps) for x, a, b in zip(single(parameters), m, v)]
    return new, (t, m, v)


def step_decay(initial, factor, every, k):
    return initial * factor ** (k // every)


def exponential_decay(initial, decay, k):
    return initial * np.exp(-decay * k)


def one_over_t(initial, decay, k):
    return initial / (1 + decay * k)


def bold_driver(losses, initial, factor):
    rates = [initial]
    for k in range(len(losses) - 1):
        rates.append(rates[k] * (1 if losses[k + 1] < losses[k] else factor))
    return rates


def descend(gradient, start, optimizer, rates):
    path, state = [start], None
    for rate in rates:
        new, state = optimizer(path[-1], gradient(path[-1]), state, rate)
        path.append(new)
    return path
