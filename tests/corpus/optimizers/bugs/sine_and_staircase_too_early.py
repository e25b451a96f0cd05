# fails: schedules
# code: wrong_function
# line: 32
# code: off_by_one
# line: 35
import numpy as np

def heavy_ball(w, g, s, lr, mu, look):
    s = s if s is not None else np.zeros_like(w)
    s_next = mu * s - lr * g
    return w + s_next + look * mu * (s_next - s), s_next

momentum = lambda w, g, s, lr, mu: heavy_ball(w, g, s, lr, mu, 0)
nesterov = lambda w, g, s, lr, mu: heavy_ball(w, g, s, lr, mu, 1)

def scaled(w, g, s, lr, old, new, eps):
    s = s if s is not None else np.zeros_like(w)
    s = old * s + new * g ** 2
    return w - lr * g / (np.sqrt(s) + eps), s

adagrad = lambda w, g, s, lr, eps: scaled(w, g, s, lr, 1, 1, eps)
rmsprop = lambda w, g, s, lr, decay, eps: scaled(w, g, s, lr, decay, 1 - decay, eps)

def adam(w, g, s, lr, b1, b2, eps):
    m, v, t = s if s is not None else (0, 0, 0)
    m, v, t = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g ** 2, t + 1
    return w - lr * m / (1 - b1 ** t) / (np.sqrt(v / (1 - b2 ** t)) + eps), (m, v, t)

def warmup_cosine(step, warmup, total, base):
    if step < warmup:
        return base * (step + 1) / warmup
    return base * 0.5 * (1 + np.sin(np.pi * (step - warmup) / (total - warmup)))

def step_decay(epoch, base, factor, every):
    return base * factor ** ((epoch + 1) // every)
