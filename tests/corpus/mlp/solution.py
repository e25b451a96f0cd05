"""Networks of two and three layers, their losses and gradients."""

import numpy as np


def predict(X, W1, b1, W2, b2):
    """Scores of a network with one hidden layer of ReLUs."""
    return np.maximum(X @ W1 + b1, 0) @ W2 + b2


def softmax_net(X, y, W1, b1, W2, b2, reg):
    """Mean cross-entropy with reg / 2 times the squares of the weights, and its gradients."""
    n = len(X)
    hidden = np.maximum(X @ W1 + b1, 0)
    scores = hidden @ W2 + b2
    scores = scores - scores.max(axis=1, keepdims=True)
    log_p = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    loss = -log_p[np.arange(n), y].mean() + reg / 2 * ((W1**2).sum() + (W2**2).sum())
    d = np.exp(log_p)
    d[np.arange(n), y] -= 1
    d /= n
    dh = (d @ W2.T) * (hidden > 0)
    grads = {"W2": hidden.T @ d + reg * W2, "b2": d.sum(axis=0)}
    grads |= {"W1": X.T @ dh + reg * W1, "b1": dh.sum(axis=0)}
    return loss, grads


def squared_net(X, T, W1, b1, W2, b2, W3, b3):
    """Half the squared distance averaged over the batch, and its gradients."""
    n = len(X)
    h1 = np.tanh(X @ W1 + b1)
    h2 = 1 / (1 + np.exp(-(h1 @ W2 + b2)))
    difference = h2 @ W3 + b3 - T
    d3 = difference / n
    d2 = (d3 @ W3.T) * h2 * (1 - h2)
    d1 = (d2 @ W2.T) * (1 - h1**2)
    loss = (difference**2).sum() / (2 * n)
    return loss, X.T @ d1, d1.sum(0), h1.T @ d2, d2.sum(0), h2.T @ d3, d3.sum(0)


def binary_net(X, Y, W1, b1, W2, b2):
    """Mean cross-entropy of a sigmoid unit over tanh units, and its gradients."""
    m = X.shape[1]
    A1 = np.tanh(W1 @ X + b1)
    A2 = 1 / (1 + np.exp(-(W2 @ A1 + b2)))
    cost = -(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)).sum() / m
    dZ2 = (A2 - Y) / m
    dZ1 = (W2.T @ dZ2) * (1 - A1**2)
    db1, db2 = dZ1.sum(axis=1, keepdims=True), dZ2.sum(axis=1, keepdims=True)
    return cost, dZ1 @ X.T, db1, dZ2 @ A1.T, db2


def train(X, y, W1, b1, W2, b2, reg, learning_rate, steps):
    """Losses before each step, and W2 after the last."""
    history = []
    for _ in range(steps):
        loss, grads = softmax_net(X, y, W1, b1, W2, b2, reg)
        history.append(loss)
        W1 = W1 - learning_rate * grads["W1"]
        b1 = b1 - learning_rate * grads["b1"]
        W2 = W2 - learning_rate * grads["W2"]
        b2 = b2 - learning_rate * grads["b2"]
    return history, W2
