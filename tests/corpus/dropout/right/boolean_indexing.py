# Práctica 5: dropout con índices booleanos
import numpy as np


def inverted_forward(x, u, keep):
    fuera = u >= keep
    y = x / keep
    y[fuera] = 0.0
    return y, {"fuera": fuera, "keep": keep}


def inverted_backward(dout, cache):
    dx = np.array(dout)
    dx[cache["fuera"]] = 0.0
    dx /= cache["keep"]
    return dx


def classic_forward(x, u, keep, mode):
    y = x.copy()
    if mode == "train":
        y[u >= keep] = 0
        return y, (mode, u >= keep, keep)
    y *= keep
    return y, (mode, None, keep)


def classic_backward(dout, cache):
    mode, fuera, keep = cache
    if mode == "test":
        return keep * dout
    return np.where(fuera, 0, dout)


def seeded_dropout(x, keep, seed):
    y, _ = inverted_forward(x, np.random.default_rng(seed).uniform(size=x.shape), keep)
    return y


def keep_mask(n, m, keep, seed):
    rng = np.random.RandomState(seed)
    mask = np.zeros(n * m, dtype=int)
    for i in range(0, n * m):
        if rng.uniform(0, 1) < keep:
            mask[i] = 1
    return mask.reshape(n, m)


def spatial_forward(x, u, keep):
    y = x.copy()
    N, C = u.shape
    for n in range(N):
        for c in range(C):
            if u[n, c] < keep:
                y[n, c] /= keep
            else:
                y[n, c] = 0
    return y, (u, keep)


def spatial_backward(dout, cache):
    return spatial_forward(dout, *cache)[0]


def dropout_net(X, T, W1, W2, u, keep):
    n = X.shape[0]
    Z = X @ W1
    Z[Z < 0] = 0
    D, cache = inverted_forward(Z, u, keep)
    E = D @ W2
    E -= T
    loss = np.sum(E * E) / 2 / n
    E /= n
    dW2 = D.T @ E
    # donde D es cero no pasa nada: o ReLU o dropout
    dZ = (E @ W2.T) / keep
    dZ[D == 0] = 0
    return loss, X.T @ dZ, dW2
