# fails: adam
# code: none
import numpy as np


def momentum(w, g, st, lr, mu):
    st = 0 * w if st is None else st
    return w + (mu * st - lr * g), mu * st - lr * g


def nesterov(w, g, st, lr, mu):
    st = 0 * w if st is None else st
    new = mu * st - lr * g
    return w - mu * st + new + mu * new, new


def adagrad(w, g, st, lr, eps):
    st = 0 * w if st is None else st
    return w - lr * g / (np.sqrt(st + g * g) + eps), st + g * g


def rmsprop(w, g, st, lr, decay, eps):
    st = 0 * w if st is None else st
    new = decay * st + (1 - decay) * g * g
    return w - lr * g / (np.sqrt(new) + eps), new


def adam(w, g, st, lr, beta1, beta2, eps):
    """from the section 'extensions' of the paper"""
    m, u, t = (0 * w, 0 * w, 0) if st is None else st
    t += 1
    m = beta1 * m + (1 - beta1) * g
    u = np.maximum(beta2 * u, np.abs(g))
    return w - lr / (1 - beta1 ** t) * m / (u + eps), (m, u, t)


def warmup_cosine(step, warmup, total, base):
    xs = np.arange(total)
    up = base * (xs + 1) / warmup
    down = base * (np.cos(np.pi * (xs - warmup) / (total - warmup)) + 1) / 2
    return np.where(xs < warmup, up, down)[step]


def step_decay(epoch, base, factor, every):
    return np.repeat(base * factor ** np.arange(epoch + 1), every)[epoch]
