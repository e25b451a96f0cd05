# fails: fit
"""A learning rate that went well with other samples."""
import numpy as np


def add_ones(Z):
    return np.hstack([np.ones((Z.shape[0], 1)), Z])


def probabilities(w, X):
    h = np.dot(X, w)
    p = np.zeros(len(h))
    up = h >= 0
    p[up] = 1 / (1 + np.exp(-h[up]))
    p[~up] = np.exp(h[~up]) / (1 + np.exp(h[~up]))
    return p


def nll(w, X, y):
    h = np.dot(X, w)
    return np.sum(np.maximum(h, 0) - y * h + np.log1p(np.exp(-np.abs(h))))


def gradient(w, X, y):
    error = probabilities(w, X) - y
    return np.dot(X.T, error)


def hessian(w, X):
    p = probabilities(w, X)
    return X.T @ np.diag(p * (1 - p)) @ X


def largest_stable_rate(H):
    return 2 / max(np.linalg.eigvalsh(H))


def gd(loss_and_gradient, start, learning_rate, n_steps):
    x = start
    loss, g = loss_and_gradient(x)
    path, losses = [x], [loss]
    for k in range(n_steps):
        x = x - learning_rate * g
        loss, g = loss_and_gradient(x)
        path.append(x)
        losses.append(loss)
    return path, losses


def random_restarts(loss_and_gradient, starts, learning_rate, n_steps):
    best, best_loss = None, None
    for start in starts:
        path, losses = gd(loss_and_gradient, start, learning_rate, n_steps)
        if not np.isfinite(losses[-1]):
            continue
        if best is None or losses[-1] < best_loss:
            best, best_loss = path[-1], losses[-1]
    return best, best_loss


def minibatches(n, batch_size, rng):
    order = np.arange(n)
    rng.shuffle(order)
    batches = []
    for i in range(0, n, batch_size):
        batches.append(order[i:i + batch_size])
    return batches


def sgd(X, y, start, learning_rate, batch_size, n_epochs, rng):
    w = start
    path, losses = [w], [nll(w, X, y)]
    for epoch in range(n_epochs):
        for rows in minibatches(len(X), batch_size, rng):
            w = w - learning_rate * gradient(w, X[rows], y[rows])
        path.append(w)
        losses.append(nll(w, X, y))
    return path, losses


def diagnose_trace(losses):
    losses = np.array(losses, dtype=float)
    if not np.all(np.isfinite(losses)) or losses[-1] > losses[0]:
        return "diverging"
    fall = losses[0] - np.min(losses)
    middle = len(losses) // 2
    rises = [losses[k] - np.min(losses[:k]) for k in range(middle, len(losses))]
    if max(rises) > 0.25 * fall:
        return "oscillating"
    if losses[middle] - losses[-1] >= 0.4 * fall:
        return "too small"
    return "right"


def fit(X, y):
    w = np.zeros(X.shape[1])
    for step in range(3000):
        w = w - 0.05 * gradient(w, X, y)
    return w