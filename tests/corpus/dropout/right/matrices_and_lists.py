from __future__ import division
import numpy as np

# np.matrix wie in der Vorlesung (MATLAB)


def inverted_forward(x, u, keep):
    M = np.matrix(np.where(u < keep, 1 / keep, 0))
    return np.multiply(np.matrix(x), M), M


def inverted_backward(dout, M):
    return np.multiply(np.matrix(dout), M)


def classic_forward(x, u, keep, mode):
    rows = []
    for xi, ui in zip(x.tolist(), u.tolist()):
        if mode == "train":
            rows.append([a if b < keep else 0 for a, b in zip(xi, ui)])
        else:
            rows.append([a * keep for a in xi])
    return rows, (u, keep, mode)


def classic_backward(dout, cache):
    return classic_forward(dout, *cache)[0]


def seeded_dropout(x, keep, seed):
    rng = np.random.default_rng(seed)
    out = []
    for i in range(x.shape[0]):
        out.append([x[i, j] / keep if rng.random() < keep else 0. for j in range(x.shape[1])])
    return out


def keep_mask(n, m, keep, seed):
    rng = np.random.default_rng(seed)
    return np.asmatrix(rng.binomial(1, keep, size=(n, m)))


def spatial_forward(x, u, keep):
    return np.einsum("nchw,nc->nchw", x, np.floor(keep - u + 1) / keep), (u, keep)


def spatial_backward(dout, cache):
    return spatial_forward(dout, *cache)[0]


def dropout_net(X, T, W1, W2, u, keep):
    X, T, W1, W2 = map(np.matrix, (X, T, W1, W2))
    n = X.shape[0]
    M = np.where(u < keep, 1 / keep, 0)
    A = X * W1
    S = np.multiply(np.maximum(A, 0), M)
    E = S * W2 - T
    loss = (E.T * E).trace() / (2 * n)
    G = np.multiply(np.multiply(E * W2.T, M), np.sign(np.maximum(A, 0))) / n
    return loss.item(), X.T * G, S.T * E / n
