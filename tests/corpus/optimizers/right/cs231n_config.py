import numpy as np

"""
This file implements various first-order update rules that are commonly used
for training neural networks. Each update rule accepts current weights and the
gradient of the loss with respect to those weights and produces the next set of
weights.
"""


def sgd(w, dw, config=None):
    """
    Performs vanilla stochastic gradient descent.
    """
    if config is None: config = {}
    config.setdefault('learning_rate', 1e-2)

    w -= config['learning_rate'] * dw
    return w, config


def momentum(w, dw, config, learning_rate, mu):
    if config is None: config = {}
    config.setdefault('learning_rate', learning_rate)
    config.setdefault('momentum', mu)
    v = config.get('velocity', np.zeros_like(w))
    next_w = None
    v = config['momentum'] * v - config['learning_rate'] * dw
    next_w = w + v
    config['velocity'] = v
    return next_w, config


def nesterov(w, dw, config, learning_rate, mu):
    if config is None: config = {}
    v = config.get('velocity', np.zeros_like(w))
    v_prev = v.copy()
    v = mu * v - learning_rate * dw
    next_w = w
    next_w += -mu * v_prev + (1 + mu) * v
    config['velocity'] = v
    return next_w, config


def adagrad(x, dx, config, learning_rate, epsilon):
    if config is None: config = {}
    config.setdefault('cache', np.zeros_like(x))
    config['cache'] += dx * dx
    x += -learning_rate * dx / (np.sqrt(config['cache']) + epsilon)
    return x, config


def rmsprop(x, dx, config, learning_rate, decay_rate, epsilon):
    if config is None: config = {}
    config.setdefault('cache', np.zeros_like(x))
    next_x = None
    config['cache'] = decay_rate * config['cache'] + (1 - decay_rate) * dx * dx
    next_x = x - learning_rate * dx / (np.sqrt(config['cache']) + epsilon)
    return next_x, config


def adam(x, dx, config, learning_rate, beta1, beta2, epsilon):
    if config is None: config = {}
    config.setdefault('m', np.zeros_like(x))
    config.setdefault('v', np.zeros_like(x))
    config.setdefault('t', 1)
    next_x = None
    m, v, t = config['m'], config['v'], config['t']
    m = beta1 * m + (1 - beta1) * dx
    v = beta2 * v + (1 - beta2) * (dx ** 2)
    mb = m / (1 - beta1 ** t)
    vb = v / (1 - beta2 ** t)
    next_x = x - learning_rate * mb / (np.sqrt(vb) + epsilon)
    t += 1
    config['m'], config['v'], config['t'] = m, v, t
    return next_x, config


def warmup_cosine(step, warmup, total, base):
    lr = 0.0
    if step >= warmup:
        progress = (step - warmup) / float(total - warmup)
        lr = base * (np.cos(progress * np.pi) + 1) / 2
    else:
        lr = base / warmup * (step + 1)
    return lr


def step_decay(epoch, base, factor, every):
    lr = base
    for e in range(1, epoch + 1):
        if e % every == 0:
            lr *= factor
    return lr
