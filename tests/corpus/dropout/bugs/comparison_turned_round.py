# fails: classic
# code: wrong_comparison
# line: 20
import numpy as np
from builtins import *

# note to self: ask in the tutorial whether keep is p or 1 - p

def inverted_forward(x, u, keep):
    b = np.zeros_like(x)
    b[u < keep] = 1. / keep
    return x * b, b

def inverted_backward(dout, b):
    return dout * b

def classic_forward(x, u, keep, mode):
    b = np.ones_like(x)
    if mode == "train":
        b[u < keep] = 0
    if mode == "test":
        b *= keep
    return x * b, b

def classic_backward(dout, b):
    return dout * b

def seeded_dropout(x, keep, seed):
    b = np.random.default_rng(seed).random(x.shape)
    return np.where(b < keep, x / keep, 0)

def keep_mask(rows, columns, keep, seed):
    b = np.random.default_rng(seed).random((rows, columns))
    return np.where(b < keep, 1, 0)

def spatial_forward(x, u, keep):
    b = np.swapaxes(np.swapaxes(x, 0, 2), 1, 3) * np.where(u < keep, 1 / keep, 0)
    return np.swapaxes(np.swapaxes(b, 0, 2), 1, 3), (u, keep)

def spatial_backward(dout, cache):
    u, keep = cache
    return spatial_forward(dout, u, keep)[0]

def dropout_net(X, T, W1, W2, u, keep):
    a, b = X @ W1, np.where(u < keep, 1 / keep, 0)
    r = a * (a > 0) * b
    e = r @ W2 - T
    return 0.5 * (e * e).sum() / len(e), X.T @ ((a > 0) * b * (e @ W2.T)) / len(e), r.T @ e / len(e)
