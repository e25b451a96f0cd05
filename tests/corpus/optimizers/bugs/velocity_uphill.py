# fails: momentum
# code: sign_flipped
# line: 11
import numpy as np


def momentum(w, dw, config, learning_rate, mu):
    if config is None:
        config = {}
    config.setdefault('velocity', np.zeros_like(w))
    v = mu * config['velocity'] + learning_rate * dw
    next_w = w + v
    config['velocity'] = v
    return next_w, config


def nesterov(w, dw, config, learning_rate, mu):
    if config is None:
        config = {}
    config.setdefault('velocity', np.zeros_like(w))
    old = config['velocity']
    config['velocity'] = mu * old - learning_rate * dw
    next_w = w + config['velocity'] + mu * (config['velocity'] - old)
    return next_w, config


def adagrad(w, dw, config, learning_rate, eps):
    if config is None:
        config = {'cache': np.zeros_like(w)}
    config['cache'] += dw ** 2
    return w - learning_rate * dw / (np.sqrt(config['cache']) + eps), config


def rmsprop(w, dw, config, learning_rate, decay, eps):
    if config is None:
        config = {'cache': np.zeros_like(w)}
    config['cache'] = decay * config['cache'] + (1 - decay) * dw ** 2
    return w - learning_rate * dw / (np.sqrt(config['cache']) + eps), config


def adam(w, dw, config, learning_rate, b1, b2, eps):
    if config is None:
        config = {'m': np.zeros_like(w), 'v': np.zeros_like(w), 't': 0}
    config['t'] += 1
    config['m'] = b1 * config['m'] + (1 - b1) * dw
    config['v'] = b2 * config['v'] + (1 - b2) * dw ** 2
    m_hat = config['m'] / (1 - b1 ** config['t'])
    v_hat = config['v'] / (1 - b2 ** config['t'])
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + eps), config


def warmup_cosine(step, warmup, total, base):
    if step < warmup:
        return (step + 1) / warmup * base
    x = (step - warmup) / (total - warmup)
    return base * (1 + np.cos(np.pi * x)) / 2


def step_decay(epoch, base, factor, every):
    return base * factor ** int(epoch / every)
