# fails: schedules
# code: off_by_one | term_missing
# line: 18
import numpy as np
import math

class Schedule:
    def __init__(self, base): self.base = base
    def __call__(self, step): raise NotImplementedError()

class Warmup(Schedule):
    def __init__(self, base, warmup, total):
        Schedule.__init__(self, base)
        self.warmup = warmup
        self.total = total
    def __call__(self, step):
        if step < self.warmup:
            return self.base * step / self.warmup
        frac = (step - self.warmup) / (self.total - self.warmup)
        return self.base * (1 + math.cos(math.pi * frac)) / 2

class Stairs(Schedule):
    def __init__(self, base, factor, every):
        Schedule.__init__(self, base)
        self.factor, self.every = factor, every
    def __call__(self, epoch):
        return self.base * self.factor ** divmod(epoch, self.every)[0]

def warmup_cosine(step, warmup, total, base): return Warmup(base, warmup, total)(step)
def step_decay(epoch, base, factor, every): return Stairs(base, factor, every)(epoch)

def momentum(w, g, s, lr, mu):
    v = -lr * g
    if s is not None: v += mu * s
    return w + v, v

def nesterov(w, g, s, lr, mu):
    v = -lr * g
    if s is not None: v += mu * s
    return w - lr * g + mu * v, v

def adagrad(w, g, s, lr, eps):
    r = g ** 2
    if s is not None: r += s
    return w - lr * g / (np.sqrt(r) + eps), r

def rmsprop(w, g, s, lr, decay, eps):
    r = (1 - decay) * g ** 2
    if s is not None: r += decay * s
    return w - lr * g / (np.sqrt(r) + eps), r

def adam(w, g, s, lr, b1, b2, eps):
    m, v, t = (1 - b1) * g, (1 - b2) * g ** 2, 1
    if s is not None:
        m += b1 * s[0]
        v += b2 * s[1]
        t += s[2]
    return w - lr * m / (1 - b1 ** t) / (np.sqrt(v / (1 - b2 ** t)) + eps), (m, v, t)
