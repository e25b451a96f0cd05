# fails: rmsprop, nesterov
# code: none
# line: 12
import numpy as np

MAX_NORM = 1.0

def clip(g):
    # avoid exploding gradients!
    norm = np.sqrt(np.sum(g ** 2))
    if norm > MAX_NORM:
        g = g * (MAX_NORM / norm)
    return g

def momentum(w, g, st, lr, mu):
    st = np.zeros_like(g) if st is None else st
    st = mu * st - lr * g
    return w + st, st

def nesterov(w, g, st, lr, mu):
    g = clip(g)
    st = np.zeros_like(g) if st is None else st
    new = mu * st - lr * g
    return w + (1 + mu) * new - mu * st, new

def adagrad(w, g, st, lr, eps):
    st = np.zeros_like(g) if st is None else st
    st = st + g ** 2
    return w - g * lr / (eps + np.sqrt(st)), st

def rmsprop(w, g, st, lr, decay, eps):
    g = clip(g)
    st = np.zeros_like(g) if st is None else st
    st = st * decay + g ** 2 * (1 - decay)
    return w - g * lr / (eps + np.sqrt(st)), st

def adam(w, g, st, lr, beta1, beta2, eps):
    m, v, k = [np.zeros_like(g), np.zeros_like(g), 0] if st is None else st
    k += 1
    m = beta1 * m + g * (1 - beta1)
    v = beta2 * v + g ** 2 * (1 - beta2)
    a = lr * np.sqrt(1 - beta2 ** k) / (1 - beta1 ** k)
    return w - a * m / (np.sqrt(v) + eps * np.sqrt(1 - beta2 ** k)), [m, v, k]

def warmup_cosine(i, warmup, total, base):
    if i < warmup:
        return base * (i + 1) / warmup
    return base * (1 + np.cos(np.pi * (i - warmup) / (total - warmup))) * 0.5

def step_decay(i, base, factor, every):
    return base * factor ** (i // every)
