# fails: squared-net
# code: wrong_function
# line: 50
import numpy as np


def logistic(v):
    return 1 / (1 + np.exp(-v))


def dlogistic(out):
    return out * (1 - out)


def dtanh(out):
    return 1 - out ** 2


def predict(X, W1, b1, W2, b2):
    z = np.matmul(X, W1) + b1
    return np.matmul(z * (z > 0), W2) + b2


def softmax_net(X, y, W1, b1, W2, b2, reg):
    N = X.shape[0]
    z = np.matmul(X, W1) + b1
    a = z * (z > 0)
    s = np.matmul(a, W2) + b2
    s = s - s.max(1, keepdims=True)
    logp = s - np.log(np.exp(s).sum(1, keepdims=True))
    nll = -sum(logp[i, y[i]] for i in range(N)) / N
    l2 = sum((w ** 2).sum() for w in (W1, W2)) / 2
    ds = np.exp(logp)
    for i in range(N):
        ds[i, y[i]] -= 1
    ds = ds / N
    dz = np.matmul(ds, W2.T) * (z > 0)
    return nll + reg * l2, {"W1": np.matmul(X.T, dz) + reg * W1, "b1": dz.sum(0), "W2": np.matmul(a.T, ds) + reg * W2, "b2": ds.sum(0)}


def squared_net(X, T, W1, b1, W2, b2, W3, b3):
    N = X.shape[0]
    h1 = np.tanh(np.matmul(X, W1) + b1)
    h2 = logistic(np.matmul(h1, W2) + b2)
    out = np.matmul(h2, W3) + b3
    loss = 0.5 * np.sum((out - T) ** 2) / N

    delta3 = (out - T) / N
    delta2 = np.matmul(delta3, W3.T) * dlogistic(h2)
    delta1 = np.matmul(delta2, W2.T) * dlogistic(h1)

    dW3, db3 = np.matmul(h2.T, delta3), delta3.sum(axis=0)
    dW2, db2 = np.matmul(h1.T, delta2), delta2.sum(axis=0)
    dW1, db1 = np.matmul(X.T, delta1), delta1.sum(axis=0)
    return loss, dW1, db1, dW2, db2, dW3, db3


def binary_net(X, Y, W1, b1, W2, b2):
    m = X.shape[1]
    a1 = np.tanh(np.matmul(W1, X) + b1)
    a2 = logistic(np.matmul(W2, a1) + b2)
    cost = -np.log(a2[Y == 1]).sum() / m - np.log(1 - a2[Y == 0]).sum() / m
    d2 = (a2 - Y) / m
    d1 = np.matmul(W2.T, d2) * dtanh(a1)
    return cost, np.matmul(d1, X.T), d1.sum(1, keepdims=True), np.matmul(d2, a1.T), d2.sum(1, keepdims=True)


def train(X, y, W1, b1, W2, b2, reg, lr, steps):
    history = []
    while steps > 0:
        loss, g = softmax_net(X, y, W1, b1, W2, b2, reg)
        history.append(loss)
        W1, b1, W2, b2 = W1 - lr * g["W1"], b1 - lr * g["b1"], W2 - lr * g["W2"], b2 - lr * g["b2"]
        steps -= 1
    return history, W2
