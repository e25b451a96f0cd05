# fails: adagrad
# code: wrong_function | wrong_exponent | term_missing
# line: 22
import numpy as np


def momentum(w, dw, prev, lr, mu):
    prev = np.zeros(np.shape(w)) if prev is None else prev
    delta_w = -lr * dw + mu * prev
    return w + delta_w, delta_w


def nesterov(w, dw, prev, lr, mu):
    prev = np.zeros(np.shape(w)) if prev is None else prev
    delta_w = -lr * dw + mu * prev
    return w + delta_w - mu * prev + mu * delta_w, delta_w


def adagrad(w, dw, prev, lr, eps):
    prev = np.zeros(np.shape(w)) if prev is None else prev
    r = prev + dw * dw
    return w - lr * dw / (r + eps), r


def rmsprop(w, dw, prev, lr, decay, eps):
    prev = np.zeros(np.shape(w)) if prev is None else prev
    r = (1 - decay) * dw * dw + decay * prev
    return w - lr * dw / (np.sqrt(r) + eps), r


def adam(w, dw, prev, lr, beta1, beta2, eps):
    n, p, q = prev or (1, 0.0, 0.0)
    p = (1 - beta1) * dw + beta1 * p
    q = (1 - beta2) * dw * dw + beta2 * q
    step = lr * p / (1 - beta1 ** n) / (np.sqrt(q / (1 - beta2 ** n)) + eps)
    return w - step, (n + 1, p, q)


def warmup_cosine(step, warmup, total, base):
    if step < warmup:
        return base * (1 + step) / warmup
    t = np.pi * (step - warmup) / (total - warmup)
    return base * (1 + np.cos(t)) / 2


def step_decay(epoch, base, factor, every):
    n = 0
    while (n + 1) * every <= epoch:
        n += 1
    return base * factor ** n
