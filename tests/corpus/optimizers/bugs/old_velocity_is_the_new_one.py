# fails: nesterov
# code: aliasing
# line: 17
import numpy as np


class SGD(object):
    """Stochastic gradient descent (Hausaufgabe 3)"""

    def __init__(self, params_shape, lr, mu, look_ahead=False):
        self.velocity = np.zeros(params_shape)
        self.lr = lr
        self.mu = mu
        self.look_ahead = look_ahead

    def update(self, w, grad):
        before = self.velocity
        self.velocity *= self.mu
        self.velocity -= self.lr * grad
        if not self.look_ahead:
            return w + self.velocity
        return w - self.mu * before + (1 + self.mu) * self.velocity


def momentum(w, g, state, lr, mu):
    if state is None:
        state = SGD(w.shape, lr, mu)
    return state.update(w, g), state


def nesterov(w, g, state, lr, mu):
    if state is None:
        state = SGD(w.shape, lr, mu, look_ahead=True)
    return state.update(w, g), state


def adagrad(w, g, state, lr, eps):
    h = np.zeros(w.shape) if state is None else state
    h += g * g
    return w - lr * g / (np.sqrt(h) + eps), h


def rmsprop(w, g, state, lr, decay, eps):
    h = np.zeros(w.shape) if state is None else state
    h *= decay
    h += (1 - decay) * g * g
    return w - lr * g / (np.sqrt(h) + eps), h


def adam(w, g, state, lr, beta1, beta2, eps):
    if state is None:
        state = dict(it=0, m=np.zeros(w.shape), v=np.zeros(w.shape))
    state["it"] += 1
    state["m"] += (1 - beta1) * (g - state["m"])
    state["v"] += (1 - beta2) * (g ** 2 - state["v"])
    lr_t = lr / (1.0 - beta1 ** state["it"])
    return w - lr_t * state["m"] / (np.sqrt(state["v"] / (1 - beta2 ** state["it"])) + eps), state


def warmup_cosine(step, warmup, total, base):
    return base * (step + 1) / warmup if step < warmup else base * (0.5 + 0.5 * np.cos(np.pi * (step - warmup) / (total - warmup)))


def step_decay(epoch, base, factor, every):
    drops = epoch // every
    return base * np.power(factor, drops)
