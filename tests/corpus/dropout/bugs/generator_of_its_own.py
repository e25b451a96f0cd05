# fails: seeded, fair-mask
# code: nondeterministic | own_seed | other_generator | wrong_variable
# line: 6
import numpy as np

RNG = np.random.default_rng(1234)


def inverted_forward(x, u, keep):
    m = (u < keep) * (1 / keep)
    return x * m, m


def inverted_backward(dout, m):
    return dout * m


def classic_forward(x, u, keep, mode):
    m = (u < keep) * 1 if mode == "train" else keep
    return x * m, m


def classic_backward(dout, m):
    return dout * m


def seeded_dropout(x, keep, seed):
    return inverted_forward(x, RNG.random(x.shape), keep)[0]


def keep_mask(rows, columns, keep, seed):
    return (RNG.random((rows, columns)) < keep) * 1


def spatial_forward(x, u, keep):
    m = np.expand_dims((u < keep) * (1 / keep), (2, 3))
    return x * m, m


def spatial_backward(dout, m):
    return dout * m


def dropout_net(X, T, W1, W2, u, keep):
    N = X.shape[0]
    A = X @ W1
    H = np.maximum(A, 0)
    D, m = inverted_forward(H, u, keep)
    Y = D @ W2
    dY = (Y - T) / N
    dH = inverted_backward(dY @ W2.T, m)
    return 0.5 * ((Y - T) ** 2).sum() / N, X.T @ (dH * (A > 0)), D.T @ dY
