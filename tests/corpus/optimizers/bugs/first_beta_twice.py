# fails: adam
# code: wrong_variable | wrong_constant
# line: 30
import numpy as np

def momentum(w, g, s, lr, mu):
    s = mu * (np.zeros_like(w) if s is None else s) - lr * g
    w = w + s
    return w, s

def nesterov(w, g, s, lr, mu):
    s = mu * (np.zeros_like(w) if s is None else s) - lr * g
    w = w + mu * s - lr * g
    return w, s

def adagrad(w, g, s, lr, eps):
    s = (np.zeros_like(w) if s is None else s) + g ** 2
    w = w - lr * g / (s ** .5 + eps)
    return w, s

def rmsprop(w, g, s, lr, decay, eps):
    s = decay * (np.zeros_like(w) if s is None else s) + (1 - decay) * g ** 2
    w = w - lr * g / (s ** .5 + eps)
    return w, s

def adam(w, g, s, lr, beta1, beta2, eps):
    t, first, second = (0, np.zeros_like(w), np.zeros_like(w)) if s is None else s
    t = t + 1
    first = beta1 * first + (1 - beta1) * g
    second = beta2 * second + (1 - beta1) * g ** 2
    first_unbias = first / (1 - beta1 ** t)
    second_unbias = second / (1 - beta2 ** t)
    w = w - lr * first_unbias / (second_unbias ** .5 + eps)
    return w, (t, first, second)

def warmup_cosine(step, warmup, total, base):
    return base * [(np.cos(np.pi * (step - warmup) / (total - warmup)) + 1) / 2, (step + 1) / warmup][step < warmup]

def step_decay(epoch, base, factor, every):
    return base * factor ** (epoch // every)
