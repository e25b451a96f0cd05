# fails: spatial
# code: none
# line: 36
import numpy as np


def inverted_forward(x, u, keep):
    m = (u < keep) / keep
    return x * m, m


def inverted_backward(dout, m):
    return dout * m


def classic_forward(x, u, keep, mode):
    m = {"train": (u < keep) * 1.0, "test": np.full(x.shape, keep)}[mode]
    return x * m, m


def classic_backward(dout, m):
    return dout * m


def seeded_dropout(x, keep, seed):
    return inverted_forward(x, np.random.default_rng(seed).random(x.shape), keep)[0]


def keep_mask(rows, columns, keep, seed):
    rng = np.random.default_rng(seed)
    return np.array([[rng.random() < keep for c in range(columns)] for r in range(rows)])


def spatial_forward(x, u, keep):
    # channels are dropped, for all images alike
    channels = (u < keep)[0]
    m = channels.reshape(1, -1, 1, 1) / keep
    return x * m, m


def spatial_backward(dout, m):
    return dout * m


def dropout_net(X, T, W1, W2, u, keep):
    n = X.shape[0]
    z = X @ W1
    h = np.maximum(z, 0)
    d, m = inverted_forward(h, u, keep)
    e = d @ W2 - T
    loss = 0.5 / n * np.einsum("ij,ij", e, e)
    gz = np.einsum("ij,kj->ik", e, W2) * m * (z > 0) / n
    return loss, np.einsum("ni,nj->ij", X, gz), np.einsum("ni,nj->ij", d, e) / n
