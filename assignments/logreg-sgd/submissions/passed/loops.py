"""One number after the other: lists and the module math. Slow and honest."""
import math

import numpy as np


def dot(a, b):
    total = 0.0
    for x, y in zip(a, b):
        total += x * y
    return total


def sigmoid(h):
    if h < 0:
        return 1.0 - sigmoid(-h) if h > -30 else math.exp(h)
    return 1.0 / (1.0 + math.exp(-h))


def add_ones(Z):
    return [[1.0] + list(row) for row in Z]


def probabilities(w, X):
    return [sigmoid(dot(row, w)) for row in X]


def nll(w, X, y):
    total = 0.0
    for row, label in zip(X, y):
        h = dot(row, w)
        if label == 1:
            h = -h
        # minus the logarithm of the probability of the right label: log(1 + e^h)
        total += h + math.log1p(math.exp(-h)) if h > 0 else math.log1p(math.exp(h))
    return total


def gradient(w, X, y):
    slope = [0.0] * len(w)
    for row, p, label in zip(X, probabilities(w, X), y):
        for j in range(len(w)):
            slope[j] += (p - label) * row[j]
    return slope


def hessian(w, X):
    H = [[0.0] * len(w) for _ in w]
    for row, p in zip(X, probabilities(w, X)):
        for i in range(len(w)):
            for j in range(len(w)):
                H[i][j] += p * (1 - p) * row[i] * row[j]
    return H


def largest_stable_rate(H):
    # power iteration
    v = np.linspace(1.0, 2.0, len(H))
    length = 1.0
    for _ in range(5000):
        v = np.array([dot(row, v) for row in np.asarray(H)])
        before, length = length, math.sqrt(dot(v, v))
        v = v / length
        if abs(length - before) < 1e-13 * length:
            break
    return 2.0 / length


def gd(loss_and_gradient, start, learning_rate, n_steps):
    path = [np.array(start)]
    loss, slope = loss_and_gradient(path[0])
    losses = [loss]
    while len(path) <= n_steps:
        there = np.array(path[-1])
        for i in np.ndindex(there.shape):
            there[i] -= learning_rate * slope[i]
        loss, slope = loss_and_gradient(there)
        path.append(there)
        losses.append(loss)
    return path, losses


def random_restarts(loss_and_gradient, starts, learning_rate, n_steps):
    ends = []
    for k, start in enumerate(starts):
        path, losses = gd(loss_and_gradient, start, learning_rate, n_steps)
        if math.isfinite(losses[-1]):
            ends.append((float(losses[-1]), k, path[-1]))
    ends.sort(key=lambda end: end[:2])
    loss, _, place = ends[0]
    return place, loss


def minibatches(n, batch_size, rng):
    left = list(range(n))
    batches = [[]]
    while left:
        if len(batches[-1]) == batch_size:
            batches.append([])
        batches[-1].append(left.pop(int(rng.integers(len(left)))))
    return batches


def sgd(X, y, start, learning_rate, batch_size, n_epochs, rng):
    w = [float(number) for number in start]
    path, losses = [list(w)], [nll(w, X, y)]
    for epoch in range(n_epochs):
        for batch in minibatches(len(y), batch_size, rng):
            slope = gradient(w, [X[i] for i in batch], [y[i] for i in batch])
            w = [w[j] - learning_rate * slope[j] for j in range(len(w))]
        path.append(list(w))
        losses.append(nll(w, X, y))
    return path, losses


def diagnose_trace(losses):
    losses = list(losses)
    if any(not math.isfinite(loss) for loss in losses):
        return "diverging"
    if losses[-1] > losses[0]:
        return "diverging"
    fall = losses[0] - min(losses)
    lowest = losses[0]
    for k, loss in enumerate(losses):
        if k >= len(losses) // 2 and 4 * (loss - lowest) > fall:
            return "oscillating"
        lowest = min(lowest, loss)
    return "too small" if losses[len(losses) // 2] - losses[-1] >= 0.4 * fall else "right"


def fit(X, y):
    w = [0.0] * len(X[0])
    for _ in range(15):
        step = np.linalg.solve(np.array(hessian(w, X)), np.array(gradient(w, X, y)))
        w = [number - float(s) for number, s in zip(w, step)]
    return w
