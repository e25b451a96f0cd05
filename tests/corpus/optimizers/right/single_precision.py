import numpy as np
f32 = np.float32

def _zeros(state, w):
    return np.zeros(w.shape, dtype=f32) if state is None else state

def momentum(w, g, state, lr, mu):
    v = f32(mu) * _zeros(state, w) - f32(lr) * g.astype(f32)
    return w.astype(f32) + v, v

def nesterov(w, g, state, lr, mu):
    v0 = _zeros(state, w)
    v = f32(mu) * v0 - f32(lr) * g.astype(f32)
    return w.astype(f32) + v + f32(mu) * (v - v0), v

def adagrad(w, g, state, lr, eps):
    g = g.astype(f32)
    acc = _zeros(state, w) + g * g
    return w.astype(f32) - f32(lr) * g / (np.sqrt(acc) + f32(eps)), acc

def rmsprop(w, g, state, lr, decay, eps):
    g = g.astype(f32)
    acc = f32(decay) * _zeros(state, w) + f32(1 - decay) * g * g
    return w.astype(f32) - f32(lr) * g / (np.sqrt(acc) + f32(eps)), acc

def adam(w, g, state, lr, beta1, beta2, eps):
    g = g.astype(f32)
    if state is None:
        state = [np.zeros(w.shape, f32), np.zeros(w.shape, f32), 0]
    m, v, t = state
    t += 1
    m = f32(beta1) * m + f32(1 - beta1) * g
    v = f32(beta2) * v + f32(1 - beta2) * g * g
    mh = m / f32(1 - beta1 ** t)
    vh = v / f32(1 - beta2 ** t)
    return (w - lr * mh / (np.sqrt(vh) + eps)).astype(f32), [m, v, t]

def warmup_cosine(step, warmup, total, base):
    if step < warmup: return f32(base * (step + 1.0) / warmup)
    return f32(base) * (f32(1) + np.cos(f32(np.pi) * f32((step - warmup) / (total - warmup)))) / f32(2)

def step_decay(epoch, base, factor, every):
    return f32(base) * f32(factor) ** f32(np.floor_divide(epoch, every))
