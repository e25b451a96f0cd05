# fails: binary-net, squared-net
# code: transposed
# line: 67
# code: bias_gradient_mean
# line: 56
import numpy as np


def tanh_prime(z):
    return 1.0 - np.tanh(z) ** 2


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def predict(X, W1, b1, W2, b2):
    return np.maximum(0., X.dot(W1) + b1).dot(W2) + b2


def softmax_net(X, y, W1, b1, W2, b2, reg):
    n = len(X)
    z1 = X.dot(W1) + b1
    h = np.maximum(0., z1)
    z2 = h.dot(W2) + b2
    z2 = z2 - np.max(z2, axis=1, keepdims=True)
    p = np.exp(z2)
    p = p / np.sum(p, axis=1, keepdims=True)
    loss = np.mean(-np.log(p[np.arange(n), y])) + reg / 2. * (np.sum(W1 ** 2) + np.sum(W2 ** 2))
    p[np.arange(n), y] -= 1.
    p = p / n
    d1 = p.dot(W2.T) * (z1 > 0)
    return loss, {"W1": X.T.dot(d1) + reg * W1, "b1": d1.sum(0), "W2": h.T.dot(p) + reg * W2, "b2": p.sum(0)}


def train(X, y, W1, b1, W2, b2, reg, lr, steps):
    history = []
    theta = [W1, b1, W2, b2]
    for s in range(steps):
        loss, g = softmax_net(X, y, *theta, reg)
        theta = [t - lr * g[k] for t, k in zip(theta, ["W1", "b1", "W2", "b2"])]
        history.append(loss)
    return history, theta[2]


def squared_net(X, T, W1, b1, W2, b2, W3, b3):
    n = len(X)
    z1 = X.dot(W1) + b1
    h1 = np.tanh(z1)
    h2 = sigmoid(h1.dot(W2) + b2)
    out = h2.dot(W3) + b3
    loss = np.sum((out - T) ** 2) / 2 / n
    d3 = (out - T) / n
    d2 = d3.dot(W3.T) * h2 * (1 - h2)
    d1 = d2.dot(W2.T) * tanh_prime(z1)
    return loss, X.T.dot(d1), d1.sum(0), h1.T.dot(d2), d2.sum(0), h2.T.dot(d3), d3.mean(0)


def binary_net(X, Y, W1, b1, W2, b2):
    m = X.shape[1]
    z1 = W1.dot(X) + b1
    h = np.tanh(z1)
    p = sigmoid(W2.dot(h) + b2)
    cost = -np.sum(Y * np.log(p) + (1 - Y) * np.log(1 - p)) / m
    d2 = (p - Y) / m
    d1 = W2.T.dot(d2) * tanh_prime(z1)
    dW1 = X.dot(d1.T).reshape(W1.shape)
    return cost, dW1, d1.sum(1, keepdims=True), d2.dot(h.T), d2.sum(1, keepdims=True)
