# fails: inverted
# code: mask_missing
# line: 18
import numpy as np


def inverted_forward(x, u, keep):
    D1 = u
    D1 = (D1 < keep)
    A1 = x * D1
    A1 = A1 / keep
    cache = (D1, A1, keep)
    return A1, cache


def inverted_backward(dA1, cache):
    (D1, A1, keep) = cache
    dA1 = dA1 / keep
    return dA1


def classic_forward(x, u, keep, mode):
    if mode == "test":
        return x * keep, np.ones(x.shape) * keep
    D = np.zeros(x.shape)
    D[u < keep] = 1
    return x * D, D


def classic_backward(dA, D):
    return dA * D


def seeded_dropout(x, keep, seed):
    rng = np.random.default_rng(seed)
    D = rng.random(x.shape)
    D = D < keep
    return x * D / keep


def keep_mask(n, m, keep, seed):
    rng = np.random.default_rng(seed)
    D = rng.random((n, m))
    D = D < keep
    return D.astype(int)


def spatial_forward(x, u, keep):
    D = (u < keep)[:, :, None, None]
    return x * D / keep, (D, keep)


def spatial_backward(dout, cache):
    (D, keep) = cache
    return dout * D / keep


def dropout_net(X, T, W1, W2, u, keep):
    m = X.shape[0]
    Z1 = X.dot(W1)
    A1 = Z1 * (Z1 > 0)
    D1 = u < keep
    A1 = A1 * D1 / keep
    A2 = A1.dot(W2)
    dA2 = (A2 - T) / m
    dW2 = A1.T.dot(dA2)
    dA1 = dA2.dot(W2.T) * D1 / keep
    dZ1 = dA1 * (Z1 > 0)
    dW1 = X.T.dot(dZ1)
    return m * np.sum(dA2 ** 2) / 2, dW1, dW2
