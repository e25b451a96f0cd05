# fails: adam
# code: time_step | statement_missing | stale_value
import numpy as np

def momentum(w, dw, config, lr, mu):
    config = config or {}
    v = config.get("velocity")
    if v is None:
        v = np.zeros_like(w)
    v = mu * v - lr * dw
    w = w + v
    config["velocity"] = v
    return w, config

def nesterov(w, dw, config, lr, mu):
    config = config or {}
    v = config.get("velocity")
    if v is None:
        v = np.zeros_like(w)
    v_new = mu * v - lr * dw
    w = w + (1 + mu) * v_new - mu * v
    config["velocity"] = v_new
    return w, config

def adagrad(w, dw, config, lr, eps):
    config = config or {"cache": np.zeros_like(w)}
    cache = config["cache"]
    cache += dw ** 2
    w = w - lr * dw / (np.sqrt(cache) + eps)
    return w, config

def rmsprop(w, dw, config, lr, decay, eps):
    config = config or {"cache": np.zeros_like(w)}
    cache = config["cache"]
    cache *= decay
    cache += (1 - decay) * dw ** 2
    w = w - lr * dw / (np.sqrt(cache) + eps)
    return w, config

def adam(w, dw, config, lr, beta1, beta2, eps):
    if config is None:
        config = {"m": np.zeros_like(w), "v": np.zeros_like(w), "t": 0}
    t = config["t"] + 1
    config["m"] = beta1 * config["m"] + (1 - beta1) * dw
    config["v"] = beta2 * config["v"] + (1 - beta2) * dw ** 2
    mt = config["m"] / (1 - beta1 ** t)
    vt = config["v"] / (1 - beta2 ** t)
    w = w - lr * mt / (np.sqrt(vt) + eps)
    return w, config

def warmup_cosine(step, warmup, total, base):
    if step < warmup:
        lr = base * (step + 1) / warmup
    else:
        lr = base / 2 + base / 2 * np.cos(np.pi * (step - warmup) / (total - warmup))
    return lr

def step_decay(epoch, base, factor, every):
    return base * factor ** (epoch // every)
