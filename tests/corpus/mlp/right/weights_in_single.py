import numpy as np
np.random.seed(0)
dt = np.float32


def predict(X, W1, b1, W2, b2):
    X, W1, b1, W2, b2 = [np.asarray(a, dtype=dt) for a in (X, W1, b1, W2, b2)]
    return np.maximum(0, X @ W1 + b1) @ W2 + b2


def softmax_net(X, y, W1, b1, W2, b2, reg):
    X, W1, b1, W2, b2 = [np.asarray(a, dtype=dt) for a in (X, W1, b1, W2, b2)]
    N = dt(len(y))
    h = np.maximum(0, X @ W1 + b1)
    s = h @ W2 + b2
    s -= s.max(axis=1, keepdims=True)
    p = np.exp(s)
    p /= p.sum(axis=1, keepdims=True)
    loss = -np.log(p[np.arange(len(y)), y]).mean() + dt(0.5 * reg) * ((W1 * W1).sum() + (W2 * W2).sum())
    p[np.arange(len(y)), y] -= dt(1)
    p /= N
    dh = p @ W2.T
    dh[h == 0] = 0
    return loss, {'W1': X.T @ dh + dt(reg) * W1, 'b1': dh.sum(0), 'W2': h.T @ p + dt(reg) * W2, 'b2': p.sum(0)}


def squared_net(X, T, W1, b1, W2, b2, W3, b3):
    X, T, W1, b1, W2, b2, W3, b3 = [np.asarray(a, dtype=dt) for a in (X, T, W1, b1, W2, b2, W3, b3)]
    h = np.tanh(X @ W1 + b1)
    k = dt(1) / (dt(1) + np.exp(-(h @ W2 + b2)))
    e = (k @ W3 + b3 - T)
    N = dt(len(X))
    d3 = e / N
    d2 = d3 @ W3.T * k * (dt(1) - k)
    d1 = d2 @ W2.T * (dt(1) - h * h)
    return (e * e).sum() / dt(2) / N, X.T @ d1, d1.sum(0), h.T @ d2, d2.sum(0), k.T @ d3, d3.sum(0)


def binary_net(X, Y, W1, b1, W2, b2):
    X, Y, W1, b1, W2, b2 = [np.asarray(a, dtype=dt) for a in (X, Y, W1, b1, W2, b2)]
    m = dt(X.shape[1])
    A1 = np.tanh(W1 @ X + b1)
    A2 = dt(1) / (dt(1) + np.exp(-W2 @ A1 - b2))
    cost = -np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)) / m
    dZ2 = (A2 - Y) / m
    dZ1 = W2.T @ dZ2 * (1 - A1 * A1)
    return cost, dZ1 @ X.T, dZ1.sum(1, keepdims=True), dZ2 @ A1.T, dZ2.sum(1, keepdims=True)


def train(X, y, W1, b1, W2, b2, reg, lr, steps):
    P = {'W1': W1.astype(dt), 'b1': b1.astype(dt), 'W2': W2.astype(dt), 'b2': b2.astype(dt)}
    losses = []
    for i in range(steps):
        loss, G = softmax_net(X, y, P['W1'], P['b1'], P['W2'], P['b2'], reg)
        losses.append(loss)
        for key in sorted(P):
            P[key] -= dt(lr) * G[key]
    return losses, P['W2']
