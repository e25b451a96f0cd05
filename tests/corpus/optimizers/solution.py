"""One step of each optimizer: new weights and the state for the next step."""

import numpy as np


def momentum(w, g, state, lr, mu):
    """Heavy ball."""
    v = np.zeros_like(w) if state is None else state
    v = mu * v - lr * g
    return w + v, v


def nesterov(w, g, state, lr, mu):
    """Nesterov's momentum, in the form that takes the gradient at the weights kept."""
    before = np.zeros_like(w) if state is None else state
    v = mu * before - lr * g
    return w - mu * before + (1 + mu) * v, v


def adagrad(w, g, state, lr, eps):
    """Duchi, Hazan and Singer (2011)."""
    cache = (0 if state is None else state) + g**2
    return w - lr * g / (np.sqrt(cache) + eps), cache


def rmsprop(w, g, state, lr, decay, eps):
    """Tieleman and Hinton (2012)."""
    cache = decay * (0 if state is None else state) + (1 - decay) * g**2
    return w - lr * g / (np.sqrt(cache) + eps), cache


def adam(w, g, state, lr, beta1, beta2, eps):
    """Kingma and Ba (2015)."""
    m, v, t = (0, 0, 0) if state is None else state
    t += 1
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    step = lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return w - step, (m, v, t)


def warmup_cosine(step, warmup, total, base):
    """Linear up to `base` in `warmup` steps, then half a cosine down to zero at `total`."""
    if step < warmup:
        return base * (step + 1) / warmup
    return base * 0.5 * (1 + np.cos(np.pi * (step - warmup) / (total - warmup)))


def step_decay(epoch, base, factor, every):
    """`base` times `factor` for each `every` epochs that have ended."""
    return base * factor ** (epoch // every)
