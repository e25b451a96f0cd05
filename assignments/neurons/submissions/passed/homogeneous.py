"""The bias is a weight of a feature that is always 1: no b inside, only one matrix."""
import numpy as np


def with_one(X):
    return np.pad(np.asarray(X, dtype=float), ((0, 0), (0, 1)), constant_values=1.0)


def join(W, b):
    return np.vstack([W, np.reshape(b, (1, -1))])


def split(weights):
    return weights[:-1], weights[-1]


def sign(z):
    return np.copysign(1.0, np.asarray(z) + 0.0)


def perceptron_fit(X, y, max_epochs):
    samples = with_one(X) * y[:, None]
    weights = np.zeros(samples.shape[1])
    history = []
    for _ in range(max_epochs):
        made = 0
        for sample, label in zip(samples, y):
            side = label * np.einsum("d,d", weights, sample)
            if (side < 0) if label > 0 else (side >= 0):
                weights = weights + sample
                made += 1
        history.append(made)
        if made == 0:
            break
    return weights[:-1], weights[-1], sum(history), len(history), history[-1] == 0


def mistake_bound(X, y, w, b):
    samples, weights = with_one(X), np.append(w, b)
    worst = np.min(np.einsum("n,nd,d->n", y, samples, weights))
    if not worst > 0:
        return np.inf
    return np.max(np.einsum("nd,nd->n", samples, samples)) * weights.dot(weights) / worst**2


def three_perceptrons(X, first, second, third):
    layer = np.stack([np.append(*first), np.append(*second)], axis=1)
    hidden = np.where(with_one(X) @ layer < 0, -1.0, 1.0)
    return np.where(with_one(hidden) @ np.append(*third) < 0, -1.0, 1.0)


def xor_net():
    nand = np.array([-3.0, -3.0]), 4.0
    some = np.array([2.0, 2.0]), -1.0
    return nand, some, (np.array([0.5, 0.5]), -0.5)


def adaline_loss(W, b, X, Y):
    samples = with_one(X)
    residual = samples @ join(W, b) - Y
    grad_W, grad_b = split(np.einsum("nd,nk->dk", samples, 2 * residual))
    return np.vdot(residual, residual), grad_W, grad_b


def widrow_hoff(W, b, X, Y, learning_rate):
    J, grad_W, grad_b = adaline_loss(W, b, X, Y)
    return W - learning_rate / 2 * grad_W, b - learning_rate / 2 * grad_b


def adaline_fit(X, Y, learning_rate, epochs):
    samples = with_one(X)
    shrink = np.eye(samples.shape[1]) - learning_rate * samples.T @ samples
    constant = learning_rate * samples.T @ Y
    path = [np.zeros_like(constant)]
    for _ in range(epochs):
        path.append(shrink @ path[-1] + constant)
    losses = np.sum((Y - samples @ np.array(path)) ** 2, axis=(1, 2))
    return *split(path[-1]), losses


def least_squares(X, Y):
    U, s, Vt = np.linalg.svd(with_one(X), full_matrices=False)
    keep = s > 1e-10 * s[0]
    return split(Vt[keep].T @ ((U[:, keep].T @ Y) / s[keep, None]))


def ova_fit(X, y, n_classes, learning_rate, epochs):
    samples = with_one(X)
    targets = (y[:, None] == np.arange(n_classes)).astype(float)
    weights = np.zeros((samples.shape[1], n_classes))
    for _ in range(epochs):
        probability = 0.5 * (1 + np.tanh(samples @ weights / 2))
        weights += learning_rate * np.einsum("nd,nk->dk", samples, targets - probability)
    return split(weights)


def ova_predict(X, W, b):
    scores = with_one(X) @ join(W, b)
    return np.argmax(scores == scores.max(axis=1, keepdims=True), axis=1)
