# fails: rmsprop
# code: eps_placement
# line: 18
import numpy as np


def adagrad(w, grad_w, history, lr, eps):
    if history is None: history = np.zeros_like(w)
    history = history + np.square(grad_w)
    w = w - lr / (np.sqrt(history) + eps) * grad_w
    return w, history


def rmsprop(w, grad_w, s, lr, decay, eps):
    # "Dive into deep learning", chapter 12.8
    if s is None: s = np.zeros_like(w)
    s = decay * s + (1 - decay) * np.square(grad_w)
    w = w - lr * grad_w / np.sqrt(s + eps)
    return w, s


def momentum(w, grad_w, velocity, lr, mu):
    if velocity is None: velocity = np.zeros_like(w)
    velocity = mu * velocity + lr * grad_w
    w = w - velocity
    return w, velocity


def nesterov(w, grad_w, velocity, lr, mu):
    if velocity is None: velocity = np.zeros_like(w)
    velocity = mu * velocity + lr * grad_w
    w = w - (mu * velocity + lr * grad_w)
    return w, velocity


def adam(w, grad_w, state, lr, beta1, beta2, eps):
    if state is None: state = [np.zeros_like(w), np.zeros_like(w), 1]
    v, s, t = state
    v[:] = beta1 * v + (1 - beta1) * grad_w
    s[:] = beta2 * s + (1 - beta2) * np.square(grad_w)
    v_bias_corr = v / (1 - beta1 ** t)
    s_bias_corr = s / (1 - beta2 ** t)
    w = w - lr * v_bias_corr / (np.sqrt(s_bias_corr) + eps)
    return w, [v, s, t + 1]


def warmup_cosine(step, warmup, total, base):
    if step < warmup: return base * (step + 1) / warmup
    return 0.5 * base * (1 + np.cos((step - warmup) * np.pi / (total - warmup)))


def step_decay(epoch, base, factor, every):
    for _ in range(epoch // every): base = base * factor
    return base
