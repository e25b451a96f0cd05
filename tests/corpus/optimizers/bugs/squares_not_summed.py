# fails: adagrad
# code: wrong_operator | term_missing | path_missing | statement_missing | stale_value
# line: 20
import numpy as np

state0 = lambda state, w: {} if state is None else state

def momentum(w, g, state, lr, mu):
    state = state0(state, w)
    state["v"] = mu * state.get("v", 0) + g
    return w - lr * state["v"], state

def nesterov(w, g, state, lr, mu):
    state = state0(state, w)
    state["v"] = mu * state.get("v", 0) + g
    return w - lr * (g + mu * state["v"]), state

def adagrad(w, g, state, lr, eps):
    state = state0(state, w)
    state["sum"] = g ** 2
    return w - lr * g / (np.sqrt(state["sum"]) + eps), state

def rmsprop(w, g, state, lr, decay, eps):
    state = state0(state, w)
    state["avg"] = decay * state.get("avg", 0) + (1 - decay) * g ** 2
    return w - lr * g / (np.sqrt(state["avg"]) + eps), state

def adam(w, g, state, lr, beta1, beta2, eps):
    state = state0(state, w)
    state["t"] = state.get("t", 0) + 1
    for name, beta, value in (("m", beta1, g), ("s", beta2, g ** 2)):
        state[name] = beta * state.get(name, 0) + (1 - beta) * value
    m_hat = state["m"] / (1 - beta1 ** state["t"])
    s_hat = state["s"] / (1 - beta2 ** state["t"])
    return w - lr * m_hat / (np.sqrt(s_hat) + eps), state

def warmup_cosine(step, warmup, total, base):
    ratio = max(step - warmup, 0) / (total - warmup)
    cosine = base / 2 * (np.cos(np.pi * ratio) + 1)
    return min(cosine, base * (step + 1) / warmup) if step < warmup else cosine

def step_decay(epoch, base, factor, every):
    return base * factor ** (epoch // every)
