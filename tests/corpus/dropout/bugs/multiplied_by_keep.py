# fails: inverted, seeded
# code: dropout_scale | input_factor | wrong_operator
# line: 10
import numpy as np

class Inverted:
    def __init__(self, keep):
        self.keep = keep
    def __call__(self, x, u):
        self.mask = np.where(u < self.keep, self.keep, 0.)
        return self.mask * x
    def grad(self, d):
        return self.mask * d

def inverted_forward(x, u, keep):
    l = Inverted(keep)
    return l(x, u), l

def inverted_backward(dout, l):
    return l.grad(dout)

def classic_forward(x, u, keep, mode):
    factor = {"train": lambda: u < keep, "test": lambda: keep}[mode]()
    return factor * x, factor

def classic_backward(dout, factor):
    return factor * dout

def seeded_dropout(x, keep, seed):
    l = Inverted(keep)
    return l(x, np.random.default_rng(seed).random(x.shape))

def keep_mask(rows, cols, keep, seed):
    g = np.random.Generator(np.random.PCG64(seed))
    return (g.random((rows, cols)) < keep).astype("int8")

def spatial_forward(x, u, keep):
    f = np.kron(u < keep, np.ones(x.shape[2:])) / keep
    f = np.array([[np.full(x.shape[2:], float(u[i, j] < keep) / keep) for j in range(x.shape[1])] for i in range(x.shape[0])])
    return f * x, f

def spatial_backward(dout, f):
    return f * dout

def dropout_net(X, T, W1, W2, u, keep):
    n = len(X)
    h = np.maximum(X @ W1, 0)
    f = (u < keep) / keep
    e = (h * f) @ W2 - T
    g2 = (h * f).T @ e / n
    g1 = X.T @ ((e @ W2.T) * f * (h > 0)) / n
    return (e ** 2).sum() / 2 / n, g1, g2
