# fails: inverted, network
# code: none
import numpy as np


def best(u, keep):
    """ the round(keep * D) smallest numbers of each row stay """
    n, d = u.shape
    k = int(round(keep * d))
    order = np.argsort(u, axis=1)
    mask = np.zeros((n, d))
    for i in range(n):
        for j in order[i, :k]:
            mask[i, j] = 1
    return mask


def inverted_forward(x, u, keep):
    mask = best(u, keep) / keep
    return x * mask, mask


def inverted_backward(dout, mask):
    return dout * mask


def classic_forward(x, u, keep, mode):
    if mode == "train":
        mask = (u < keep).astype(x.dtype)
    else:
        mask = np.full_like(x, keep)
    return x * mask, mask


def classic_backward(dout, mask):
    return dout * mask


def seeded_dropout(x, keep, seed):
    rng = np.random.default_rng(seed)
    mask = rng.random(x.shape)
    mask = np.where(mask < keep, 1, 0)
    return x * mask / keep


def keep_mask(rows, columns, keep, seed):
    n = rows * columns
    mask = np.zeros(n)
    mask[: int(round(keep * n))] = 1
    np.random.default_rng(seed).shuffle(mask)
    return mask.reshape(rows, columns)


def spatial_forward(x, u, keep):
    mask = np.where(u < keep, 1, 0) / keep
    mask = mask[:, :, None, None]
    return x * mask, mask


def spatial_backward(dout, mask):
    return dout * mask


def dropout_net(X, T, W1, W2, u, keep):
    a = np.dot(X, W1)
    r = np.maximum(a, 0)
    d, mask = inverted_forward(r, u, keep)
    s = np.dot(d, W2)
    n = s.shape[0]
    loss = np.sum((s - T) ** 2) / (2 * n)
    ds = (s - T) / n
    dr = inverted_backward(np.dot(ds, W2.T), mask)
    return loss, np.dot(X.T, dr * (r > 0)), np.dot(d.T, ds)
