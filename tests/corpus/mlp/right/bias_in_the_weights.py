import numpy as np

# Augment everything with a one, then there are no biases any more.


def aug(a):
    return np.c_[a, np.ones(a.shape[0])]


def predict(X, W1, b1, W2, b2):
    V1, V2 = np.r_[W1, b1[None]], np.r_[W2, b2[None]]
    H = aug(X) @ V1
    H[H < 0] = 0
    return aug(H) @ V2


def softmax_net(X, y, W1, b1, W2, b2, reg):
    V1, V2 = np.r_[W1, b1[None]], np.r_[W2, b2[None]]
    R1, R2 = V1.copy(), V2.copy()
    R1[-1] = R2[-1] = 0
    n = X.shape[0]
    A = aug(X)
    H = A @ V1
    on = H > 0
    B = aug(H * on)
    S = B @ V2
    S -= S.max(1)[:, None]
    E = np.exp(S)
    P = E / E.sum(1)[:, None]
    loss = -np.log(P[np.arange(n), y]).sum() / n
    loss = loss + (R1 ** 2).sum() * reg / 2 + (R2 ** 2).sum() * reg / 2
    P[np.arange(n), y] -= 1
    P /= n
    G2 = B.T @ P + reg * R2
    G1 = A.T @ ((P @ V2.T)[:, :-1] * on) + reg * R1
    return loss, {"W1": G1[:-1], "b1": G1[-1:], "W2": G2[:-1], "b2": G2[-1:]}


def squared_net(X, T, W1, b1, W2, b2, W3, b3):
    V = [np.r_[W, b[None]] for W, b in ((W1, b1), (W2, b2), (W3, b3))]
    f = [np.tanh, lambda z: 1 / (1 + np.exp(-z)), lambda z: z]
    df = [lambda a: 1 - a ** 2, lambda a: a * (1 - a), lambda a: 1]
    acts = [X]
    for v, g in zip(V, f):
        acts.append(g(aug(acts[-1]) @ v))
    delta = acts[-1] - T
    loss = np.square(delta).sum() / 2 / len(X)
    delta = delta / len(X)
    out = []
    for k in (2, 1, 0):
        delta = delta * df[k](acts[k + 1])
        G = aug(acts[k]).T @ delta
        out = [G[:-1], G[-1]] + out
        delta = delta @ V[k][:-1].T
    return [loss] + out


def binary_net(X, Y, W1, b1, W2, b2):
    m = Y.shape[1]
    V1, V2 = np.hstack([W1, b1]), np.hstack([W2, b2])
    A = np.vstack([X, np.ones((1, m))])
    H = np.vstack([np.tanh(V1 @ A), np.ones((1, m))])
    p = 1 / (1 + np.exp(-V2 @ H))
    cost = -np.log(np.where(Y == 1, p, 1 - p)).mean()
    e = (p - Y) / m
    G2 = e @ H.T
    G1 = (V2.T @ e * (1 - H * H))[:-1] @ A.T
    return cost, G1[:, :-1], G1[:, -1:], G2[:, :-1], G2[:, -1:]


def train(X, y, W1, b1, W2, b2, reg, alpha, steps):
    W1, b1, W2, b2 = (np.array(a) for a in (W1, b1, W2, b2))
    history = ()
    while len(history) < steps:
        loss, g = softmax_net(X, y, W1, b1, W2, b2, reg)
        history += (loss,)
        W1 -= alpha * g["W1"]
        b1 -= alpha * g["b1"].ravel()
        W2 -= alpha * g["W2"]
        b2 -= alpha * g["b2"].ravel()
    return history, W2
