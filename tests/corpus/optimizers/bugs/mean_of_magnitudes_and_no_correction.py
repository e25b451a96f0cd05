# fails: rmsprop, adam
# code: wrong_function | wrong_exponent
# line: 23
# code: bias_correction_missing
# line: 16
import numpy as np
import random

def adam(theta, grad, memo, lr, b1, b2, eps):
    if memo is None:
        memo = {'m': np.zeros_like(theta), 'v': np.zeros_like(theta), 't': 0}
    memo['t'] += 1
    memo['m'] = b1 * memo['m'] + (1 - b1) * grad
    memo['v'] = b2 * memo['v'] + (1 - b2) * grad ** 2
    m_hat = memo['m'] / (1 - b1 ** memo['t'])
    v_hat = memo['v']
    theta = theta - lr * m_hat / (np.sqrt(v_hat) + eps)
    return theta, memo

def rmsprop(theta, grad, memo, lr, decay, eps):
    if memo is None:
        memo = {'s': np.zeros_like(theta)}
    memo['s'] = decay * memo['s'] + (1 - decay) * np.abs(grad)
    theta = theta - lr * grad / (np.sqrt(memo['s']) + eps)
    return theta, memo

def adagrad(theta, grad, memo, lr, eps):
    if memo is None:
        memo = {'s': np.zeros_like(theta)}
    memo['s'] += grad ** 2
    theta = theta - lr * grad / (np.sqrt(memo['s']) + eps)
    return theta, memo

def momentum(theta, grad, memo, lr, mu):
    if memo is None:
        memo = {'v': np.zeros_like(theta)}
    memo['v'] = mu * memo['v'] + lr * grad
    return theta - memo['v'], memo

def nesterov(theta, grad, memo, lr, mu):
    if memo is None:
        memo = {'v': np.zeros_like(theta)}
    memo['v'] = mu * memo['v'] + lr * grad
    return theta - mu * memo['v'] - lr * grad, memo

def warmup_cosine(t, warmup, total, base):
    return base * (t + 1) / warmup if t < warmup else base * .5 * (1 + np.cos(np.pi * (t - warmup) / (total - warmup)))

def step_decay(t, base, factor, every):
    return base * factor ** (t // every)
