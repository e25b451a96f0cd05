# fails: schedules
# code: integer_division
# line: 59
# Written for Python 2.7, converted by 2to3
import numpy as np

try:
    xrange = xrange
except NameError:
    xrange = range


def momentum(w, g, st, lr, mu):
    if st is None:
        st = np.zeros(w.shape)
    for i in xrange(w.shape[0]):
        st[i] = mu * st[i] - lr * g[i]
    return w + st, st


def nesterov(w, g, st, lr, mu):
    if st is None:
        st = np.zeros(w.shape)
    out = np.zeros(w.shape)
    for i in xrange(w.shape[0]):
        prev = np.array(st[i])
        st[i] = mu * st[i] - lr * g[i]
        out[i] = w[i] - mu * prev + (1 + mu) * st[i]
    return out, st


def adagrad(w, g, st, lr, eps):
    if st is None:
        st = np.zeros(w.shape)
    st = st + np.power(g, 2)
    return w - lr * g / (np.sqrt(st) + eps), st


def rmsprop(w, g, st, lr, decay, eps):
    if st is None:
        st = np.zeros(w.shape)
    st = decay * st + (1 - decay) * np.power(g, 2)
    return w - lr * g / (np.sqrt(st) + eps), st


def adam(w, g, st, lr, beta1, beta2, eps):
    if st is None:
        st = (np.zeros(w.shape), np.zeros(w.shape), 0)
    m, v, t = st
    t += 1
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * np.power(g, 2)
    return w - lr * (m / (1 - beta1 ** t)) / (np.sqrt(v / (1 - beta2 ** t)) + eps), (m, v, t)


def warmup_cosine(step, warmup, total, base):
    if step < warmup:
        return base * (step + 1) / warmup
    progress = (step - warmup) // (total - warmup)
    return base * 0.5 * (1.0 + np.cos(np.pi * progress))


def step_decay(epoch, base, factor, every):
    return base * factor ** (epoch // every)
