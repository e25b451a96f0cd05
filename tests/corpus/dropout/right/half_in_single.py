import numpy as np


def _m(u, keep):
    return (u < keep).astype(np.float32) / np.float32(keep)


def inverted_forward(x, u, keep):
    m = _m(u, keep)
    return x.astype(np.float32) * m, m


def inverted_backward(dout, m):
    return dout.astype(np.float32) * m


def classic_forward(x, u, keep, mode):
    x = np.float32(x)
    if mode == 'train':
        m = np.float32(u < keep)
    else:
        m = np.float32(keep) * np.ones_like(x)
    return m * x, m


def classic_backward(dout, m):
    return np.float32(dout) * m


def seeded_dropout(x, keep, seed):
    u = np.random.default_rng(seed).random(x.shape)
    return inverted_forward(x, u, keep)[0]


def keep_mask(a, b, keep, seed):
    return np.random.default_rng([seed, a, b]).choice([0., 1.], size=(a, b), p=[1 - keep, keep])


def spatial_forward(x, u, keep):
    m = np.broadcast_to(_m(u, keep)[..., None, None], x.shape)
    return np.float32(x) * m, m


def spatial_backward(dout, m):
    return np.float32(dout) * m


def dropout_net(X, T, W1, W2, u, keep):
    X, T, W1, W2 = (np.float32(a) for a in (X, T, W1, W2))
    H = X @ W1
    D, m = inverted_forward(H * (H > 0), u, keep)
    E = (D @ W2 - T) / np.float32(len(X))
    loss = np.float32(0.5) * len(X) * (E * E).sum()
    dH = inverted_backward(E @ W2.T, m) * (H > 0)
    return loss, X.T @ dH, D.T @ E
