# Optimisers as objects. The state is the object itself.
import math
from dataclasses import dataclass, field
import numpy as np


class Optimizer:
    def step(self, w, g):
        raise NotImplementedError


class HeavyBall(Optimizer):
    def __init__(self, lr, mu, shape):
        self.lr, self.mu = lr, mu
        self.v = np.zeros(shape)

    def step(self, w, g):
        self.v *= self.mu
        self.v -= self.lr * g
        return w + self.v


class NAG(HeavyBall):
    def step(self, w, g):
        super().step(w, g)
        return w + self.mu * self.v - self.lr * g


class Adaptive(Optimizer):
    def __init__(self, lr, eps, rho=None):
        self.lr, self.eps, self.rho = lr, eps, rho
        self.s = None

    def step(self, w, g):
        sq = np.square(g)
        if self.s is None:
            self.s = np.zeros_like(sq)
        if self.rho is None:
            self.s = self.s + sq
        else:
            self.s = self.s + (1 - self.rho) * (sq - self.s)
        return w - self.lr / (self.eps + self.s ** 0.5) * g


@dataclass
class Adam(Optimizer):
    lr: float
    b1: float
    b2: float
    eps: float
    t: int = 0
    moments: dict = field(default_factory=dict)

    def step(self, w, g):
        self.t += 1
        m = self.moments.get("m", 0.0)
        v = self.moments.get("v", 0.0)
        self.moments["m"] = m = m + (1 - self.b1) * (g - m)
        self.moments["v"] = v = v + (1 - self.b2) * (g * g - v)
        # the efficient order of section 2 of the paper, with eps rescaled
        c = math.sqrt(1 - self.b2 ** self.t)
        return w - self.lr * c / (1 - self.b1 ** self.t) * m / (np.sqrt(v) + self.eps * c)


def momentum(w, g, state, lr, mu):
    state = state or HeavyBall(lr, mu, w.shape)
    return state.step(w, g), state


def nesterov(w, g, state, lr, mu):
    state = state or NAG(lr, mu, w.shape)
    return state.step(w, g), state


def adagrad(w, g, state, lr, eps):
    state = state or Adaptive(lr, eps)
    return state.step(w, g), state


def rmsprop(w, g, state, lr, decay, eps):
    state = state or Adaptive(lr, eps, decay)
    return state.step(w, g), state


def adam(w, g, state, lr, beta1, beta2, eps):
    state = state or Adam(lr, beta1, beta2, eps)
    return state.step(w, g), state


class CosineWithWarmup:
    def __init__(self, warmup, total, base):
        self.warmup, self.total, self.base = warmup, total, base

    def __getitem__(self, i):
        if i + 1 <= self.warmup:
            return self.base * ((i + 1) / self.warmup)
        angle = math.pi * (i - self.warmup) / (self.total - self.warmup)
        return self.base * math.cos(angle / 2) ** 2


def warmup_cosine(step, warmup, total, base):
    return CosineWithWarmup(warmup, total, base)[step]


def step_decay(epoch, base, factor, every):
    return base * math.pow(factor, math.floor(epoch / every))
