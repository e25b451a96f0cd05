# fails: inverted, classic, seeded, fair-mask, spatial, network
# code: none
import numpy as np

# p: probability of dropping a unit (as in PyTorch)


def make_mask(u, p):
    return u >= p


def inverted_forward(x, u, p):
    mask = make_mask(u, p) / (1 - p)
    return x * mask, mask


def inverted_backward(dout, mask):
    return dout * mask


def classic_forward(x, u, p, mode):
    mask = make_mask(u, p) if mode == "train" else 1 - p
    return x * mask, mask


def classic_backward(dout, mask):
    return dout * mask


def seeded_dropout(x, p, seed):
    u = np.random.default_rng(seed).random(x.shape)
    return inverted_forward(x, u, p)[0]


def keep_mask(rows, columns, p, seed):
    u = np.random.default_rng(seed).random((rows, columns))
    return make_mask(u, p) * 1


def spatial_forward(x, u, p):
    return inverted_forward(x, u[:, :, None, None], p)


def spatial_backward(dout, mask):
    return inverted_backward(dout, mask)


def dropout_net(X, T, W1, W2, u, p):
    h = X @ W1
    h = h * (h > 0)
    hd, mask = inverted_forward(h, u, p)
    e = hd @ W2 - T
    g = e / X.shape[0]
    return 0.5 * (e * g).sum(), X.T @ (inverted_backward(g @ W2.T, mask) * (h > 0)), hd.T @ g
