# fails: softmax-net, training, squared-net
# code: regulariser_missing
# line: 32
# code: missing_batch_mean
# line: 55
import numpy as np


def predict(X, W1, b1, W2, b2):
    h = X @ W1 + b1
    h = h * (h > 0)
    return h @ W2 + b2


def softmax_net(X, y, W1, b1, W2, b2, reg):
    N = X.shape[0]
    h = X @ W1 + b1
    h = h * (h > 0)
    f = h @ W2 + b2
    f = f - f.max(axis=1, keepdims=True)
    p = np.exp(f) / np.exp(f).sum(axis=1, keepdims=True)
    loss = -np.log(p[np.arange(N), y]).sum() / N
    loss += 0.5 * reg * np.sum(W1 * W1)
    loss += 0.5 * reg * np.sum(W2 * W2)
    df = p
    df[np.arange(N), y] -= 1
    df /= N
    dW2 = h.T @ df
    dW2 += reg * W2
    db2 = df.sum(axis=0)
    dh = (df @ W2.T) * (h > 0)
    dW1 = X.T @ dh
    db1 = dh.sum(axis=0)
    return loss, {'W1': dW1, 'b1': db1, 'W2': dW2, 'b2': db2}


def train(X, y, W1, b1, W2, b2, reg, lr, steps):
    ls = []
    for i in range(steps):
        l, g = softmax_net(X, y, W1, b1, W2, b2, reg)
        ls.append(l)
        W1 = W1 - lr * g['W1']
        b1 = b1 - lr * g['b1']
        W2 = W2 - lr * g['W2']
        b2 = b2 - lr * g['b2']
    return ls, W2


def squared_net(X, T, W1, b1, W2, b2, W3, b3):
    N = X.shape[0]
    a = np.tanh(X @ W1 + b1)
    s = 1 / (1 + np.exp(-(a @ W2 + b2)))
    o = s @ W3 + b3
    loss = np.sum((o - T) ** 2) / (2 * N)
    do = (o - T)
    ds = (do @ W3.T) * s * (1 - s)
    da = (ds @ W2.T) * (1 - a ** 2)
    return loss, X.T @ da, da.sum(axis=0), a.T @ ds, ds.sum(axis=0), s.T @ do, do.sum(axis=0)


def binary_net(X, Y, W1, b1, W2, b2):
    m = X.shape[1]
    a = np.tanh(W1 @ X + b1)
    s = 1 / (1 + np.exp(-(W2 @ a + b2)))
    cost = -(Y * np.log(s) + (1 - Y) * np.log(1 - s)).sum() / m
    ds = (s - Y) / m
    da = (W2.T @ ds) * (1 - a ** 2)
    return cost, da @ X.T, da.sum(axis=1, keepdims=True), ds @ a.T, ds.sum(axis=1, keepdims=True)
