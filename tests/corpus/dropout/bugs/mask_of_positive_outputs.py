# fails: inverted
# code: mask_wrong_variable | mask_missing
# line: 15
import numpy as np


def inverted_forward(x, u, keep):
    out = x * (u < keep) / keep
    return out, (out, keep)


def inverted_backward(dout, cache):
    out, keep = cache
    dx = dout / keep
    dx[out <= 0] = 0
    return dx


def classic_forward(x, u, keep, mode):
    m = (u < keep) if mode == "train" else keep
    return x * m, m


def classic_backward(dout, m):
    return dout * m


def seeded_dropout(x, keep, seed):
    u = np.random.default_rng(seed).random(x.shape)
    out, cache = inverted_forward(x, u, keep)
    return out


def keep_mask(rows, columns, keep, seed):
    u = np.random.RandomState(seed).random_sample((rows, columns))
    return u < keep


def spatial_forward(x, u, keep):
    m = (u < keep)[:, :, None, None] / keep
    return x * m, m


def spatial_backward(dout, m):
    return dout * m


def dropout_net(X, T, W1, W2, u, keep):
    n = X.shape[0]
    h = np.maximum(0, X @ W1)
    h, cache = inverted_forward(h, u, keep)
    e = (h @ W2 - T) / n
    # here out > 0 is ReLU and dropout at once
    dh = inverted_backward(e @ W2.T, cache)
    return n / 2 * np.sum(e ** 2), X.T @ dh, h.T @ e
