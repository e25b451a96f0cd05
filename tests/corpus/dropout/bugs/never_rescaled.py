# fails: inverted, seeded, spatial, network
# code: dropout_scale
# line: 9
import numpy as np


def drop(x, u, keep):
    """the one place where the mask is made"""
    mask = (u < keep).astype(float)
    return x * mask, mask


def inverted_forward(x, u, keep):
    out, mask = drop(x, u, keep)
    return out, mask


def inverted_backward(dout, cache):
    return dout * cache


def classic_forward(x, u, keep, mode):
    if mode == "train":
        return drop(x, u, keep)
    return keep * x, keep


def classic_backward(dout, cache):
    return dout * cache


def seeded_dropout(x, keep, seed):
    rng = np.random.default_rng(seed)
    return inverted_forward(x, rng.random(x.shape), keep)[0]


def keep_mask(n, m, keep, seed):
    rng = np.random.default_rng(seed)
    return drop(np.ones((n, m)), rng.random((n, m)), keep)[0]


def spatial_forward(x, u, keep):
    return inverted_forward(x, u[:, :, np.newaxis, np.newaxis], keep)


def spatial_backward(dout, cache):
    return inverted_backward(dout, cache)


def dropout_net(X, T, W1, W2, u, keep):
    pre = X.dot(W1)
    hid, mask = inverted_forward(np.where(pre > 0, pre, 0), u, keep)
    err = hid.dot(W2) - T
    loss = 0.5 * np.mean(np.sum(err ** 2, axis=1))
    err = err / X.shape[0]
    back = inverted_backward(err.dot(W2.T), mask)
    back = np.where(pre > 0, back, 0)
    return loss, X.T.dot(back), hid.T.dot(err)
