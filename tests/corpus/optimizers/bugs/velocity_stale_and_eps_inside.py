# fails: momentum, adam
# code: stale_value
# line: 11
# code: eps_placement
# line: 44
import numpy as np

def momentum(w, g, state, lr, mu):
    if state is None:
        state = np.zeros_like(w)
    w_new = w + state
    state = mu * state - lr * g
    return w_new, state

def nesterov(w, g, state, lr, mu):
    if state is None:
        state = np.zeros_like(w)
    w_new = w - mu * state
    state = mu * state - lr * g
    w_new = w_new + (1 + mu) * state
    return w_new, state

def adagrad(w, g, state, lr, eps):
    if state is None:
        state = np.zeros_like(w)
    state = state + g * g
    w_new = w - lr * g / (np.sqrt(state) + eps)
    return w_new, state

def rmsprop(w, g, state, lr, decay, eps):
    if state is None:
        state = np.zeros_like(w)
    state = decay * state + (1 - decay) * g * g
    w_new = w - lr * g / (np.sqrt(state) + eps)
    return w_new, state

def adam(w, g, state, lr, beta1, beta2, eps):
    if state is None:
        state = (np.zeros_like(w), np.zeros_like(w), 0)
    m, v, t = state
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g * g
    w_new = w - lr * (m / (1 - beta1 ** t)) / np.sqrt(v / (1 - beta2 ** t) + eps)
    return w_new, (m, v, t)

def warmup_cosine(step, warmup, total, base):
    if step < warmup:
        return base * (step + 1) / warmup
    return base * 0.5 * (1 + np.cos(np.pi * (step - warmup) / (total - warmup)))

def step_decay(epoch, base, factor, every):
    return base * factor ** (epoch // every)
