from __future__ import print_function, division
import math
import numpy as np
from past.builtins import xrange


def momentum(w, g, state, lr, mu):
    flat_w, flat_g = w.ravel().tolist(), g.ravel().tolist()
    v = state if state is not None else [0.0] * len(flat_w)
    new_v, new_w = [], []
    for i in xrange(0, len(flat_w)):
        vi = mu * v[i] - lr * flat_g[i]
        new_v.append(vi)
        new_w.append(flat_w[i] + vi)
    return np.reshape(new_w, w.shape), new_v


def nesterov(w, g, state, lr, mu):
    wf, gf = w.flatten(), g.flatten()
    if state is None:
        state = np.zeros(wf.size)
    for i in xrange(wf.size):
        old = state[i]
        state[i] = mu * old - lr * gf[i]
        wf[i] = wf[i] - mu * old + state[i] + mu * state[i]
    return wf.reshape(w.shape), state


def adagrad(w, g, state, lr, eps):
    if state is None:
        state = {}
    out = np.copy(w)
    for idx in np.ndindex(w.shape):
        state[idx] = state.get(idx, 0.0) + g[idx] ** 2
        out[idx] -= lr * g[idx] / (math.sqrt(state[idx]) + eps)
    return out, state


def rmsprop(w, g, state, lr, decay, eps):
    if state is None:
        state = {}
    out = np.copy(w)
    for idx in np.ndindex(w.shape):
        state[idx] = decay * state.get(idx, 0.0) + (1 - decay) * g[idx] ** 2
        out[idx] -= lr * g[idx] / (math.sqrt(state[idx]) + eps)
    return out, state


def adam(w, g, state, lr, beta1, beta2, eps):
    t, M, V = state if state is not None else (0, np.zeros(w.shape), np.zeros(w.shape))
    t = t + 1
    it = np.nditer(g, flags=["multi_index"])
    out = np.zeros(w.shape)
    while not it.finished:
        ix = it.multi_index
        M[ix] = beta1 * M[ix] + (1. - beta1) * g[ix]
        V[ix] = beta2 * V[ix] + (1. - beta2) * g[ix] * g[ix]
        m_hat = M[ix] / (1. - beta1 ** t)
        v_hat = V[ix] / (1. - beta2 ** t)
        out[ix] = w[ix] - lr * m_hat / (v_hat ** .5 + eps)
        it.iternext()
    return out, (t, M, V)


def warmup_cosine(step, warmup, total, base):
    rates = []
    for s in xrange(0, total):
        if s < warmup:
            rates.append(base * (s + 1) / warmup)
        else:
            rates.append(.5 * base + .5 * base * math.cos(math.pi * (s - warmup) / (total - warmup)))
    return rates[step]


def step_decay(epoch, base, factor, every):
    lr, n = base, 0
    while n + every <= epoch:
        lr = lr * factor
        n += every
    return lr


if __name__ == '__main__':
    w = np.zeros(3)
    s = None
    for k in xrange(3):
        w, s = adam(w, np.ones(3), s, .1, .9, .999, 1e-8)
        print('step', k, w)
