# fails: training
# code: aliasing
# line: 33
import numpy as np


def predict(X, W1, b1, W2, b2):
    return np.dot(np.maximum(np.dot(X, W1) + b1, 0), W2) + b2


def softmax_net(X, y, W1, b1, W2, b2, reg):
    N = X.shape[0]
    h = np.maximum(np.dot(X, W1) + b1, 0)
    f = np.dot(h, W2) + b2
    f -= np.max(f, axis=1, keepdims=True)
    p = np.exp(f) / np.sum(np.exp(f), axis=1, keepdims=True)
    loss = np.sum(-np.log(p[np.arange(N), y])) / N + 0.5 * reg * (np.sum(W1 ** 2) + np.sum(W2 ** 2))
    df = p.copy()
    df[np.arange(N), y] -= 1
    df /= N
    dh = np.dot(df, W2.T)
    dh[h <= 0] = 0
    grads = {'W2': np.dot(h.T, df) + reg * W2, 'b2': np.sum(df, axis=0), 'W1': np.dot(X.T, dh) + reg * W1, 'b1': np.sum(dh, axis=0)}
    return loss, grads


def train(X, y, W1, b1, W2, b2, reg, lr, steps):
    """keeps the weights of every step, returns those after the last"""
    params = dict(W1=W1.copy(), b1=b1.copy(), W2=W2.copy(), b2=b2.copy())
    snapshot = []
    history = []
    for i in range(steps + 1):
        snapshot.append(params['W2'])
        loss, g = softmax_net(X, y, params['W1'], params['b1'], params['W2'], params['b2'], reg)
        history.append(loss)
        for k in params:
            params[k] -= lr * g[k]
    return history[:steps], snapshot[steps]


def squared_net(X, T, W1, b1, W2, b2, W3, b3):
    N = X.shape[0]
    z = np.tanh(np.dot(X, W1) + b1)
    s = 1. / (1. + np.exp(-np.dot(z, W2) - b2))
    diff = np.dot(s, W3) + b3 - T
    loss = 0.5 * np.sum(diff * diff) / N
    diff /= N
    ds = np.dot(diff, W3.T)
    ds *= s
    ds *= 1 - s
    dz = np.dot(ds, W2.T)
    dz *= 1 - z * z
    return loss, np.dot(X.T, dz), dz.sum(0), np.dot(z.T, ds), ds.sum(0), np.dot(s.T, diff), diff.sum(0)


def binary_net(X, Y, W1, b1, W2, b2):
    m = X.shape[1]
    z = np.tanh(np.dot(W1, X) + b1)
    s = 1. / (1. + np.exp(-np.dot(W2, z) - b2))
    cost = -np.average(Y * np.log(s) + (1 - Y) * np.log(1 - s))
    ds = (s - Y) / m
    dz = np.dot(W2.T, ds)
    dz *= 1 - z * z
    return cost, np.dot(dz, X.T), dz.sum(1, keepdims=True), np.dot(ds, z.T), ds.sum(1, keepdims=True)
