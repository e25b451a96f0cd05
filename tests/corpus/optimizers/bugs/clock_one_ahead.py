# fails: adam
# code: time_step | off_by_one
# line: 40
import numpy as np
from numpy import sqrt, zeros_like


def momentum(param, grad, v, alpha, beta):
    if v is None:
        v = zeros_like(param)
    v = beta * v + alpha * grad
    return param - v, v


def nesterov(param, grad, v, alpha, beta):
    if v is None:
        v = zeros_like(param)
    v_prev = np.copy(v)
    v = beta * v - alpha * grad
    param = param + (-beta * v_prev + (1 + beta) * v)
    return param, v


def adagrad(param, grad, s, alpha, eps):
    if s is None:
        s = zeros_like(param)
    s = s + grad * grad
    return param - (alpha / (sqrt(s) + eps)) * grad, s


def rmsprop(param, grad, s, alpha, rho, eps):
    if s is None:
        s = zeros_like(param)
    s = rho * s + (1 - rho) * grad * grad
    return param - (alpha / (sqrt(s) + eps)) * grad, s


def adam(param, grad, state, alpha, beta1, beta2, eps):
    if state is None:
        state = {"m": zeros_like(param), "v": zeros_like(param), "t": 1}
    state["t"] = state["t"] + 1
    state["m"] = beta1 * state["m"] + (1 - beta1) * grad
    state["v"] = beta2 * state["v"] + (1 - beta2) * grad * grad
    m_corrected = state["m"] / (1 - np.power(beta1, state["t"]))
    v_corrected = state["v"] / (1 - np.power(beta2, state["t"]))
    return param - alpha * m_corrected / (sqrt(v_corrected) + eps), state


def warmup_cosine(i, warmup, total, base):
    if i < warmup:
        return base / warmup * (i + 1)
    return base * np.cos(0.5 * np.pi * (i - warmup) / (total - warmup)) ** 2


def step_decay(i, base, factor, every):
    return base * factor ** np.floor(i / every)
