"""Kernels, sequential minimal optimisation and dual coordinate ascent."""

import numpy as np


def linear_kernel(X, Z):
    return X @ Z.T


def polynomial_kernel(X, Z, degree, coef0):
    return (X @ Z.T + coef0) ** degree


def rbf_kernel(X, Z, gamma):
    distances = (X**2).sum(axis=1)[:, None] + (Z**2).sum(axis=1) - 2 * X @ Z.T
    return np.exp(-gamma * np.maximum(distances, 0))


def pair_update(i, j, alpha, K, y, C):
    curvature = K[i, i] + K[j, j] - 2 * K[i, j]
    if y[i] == y[j]:
        low, high = max(0.0, alpha[i] + alpha[j] - C), min(C, alpha[i] + alpha[j])
    else:
        low, high = max(0.0, alpha[j] - alpha[i]), min(C, C + alpha[j] - alpha[i])
    if low >= high or curvature <= 0:
        return alpha
    errors = K[[i, j]] @ (alpha * y) - y[[i, j]]
    updated = alpha.copy()
    updated[j] = np.clip(alpha[j] + y[j] * (errors[0] - errors[1]) / curvature, low, high)
    updated[i] = alpha[i] + y[i] * y[j] * (alpha[j] - updated[j])
    return updated


def smo(K, y, C, tol, max_passes):
    """Take the pair that violates optimality most, until none does by more than tol."""
    alpha = np.zeros(len(y))
    for _ in range(1000 * max_passes):
        kinks = y - K @ (alpha * y)
        may_rise = np.where(y > 0, alpha < C * (1 - 1e-12), alpha > C * 1e-12)
        may_fall = np.where(y > 0, alpha > C * 1e-12, alpha < C * (1 - 1e-12))
        i = int(np.argmax(np.where(may_rise, kinks, -np.inf)))
        j = int(np.argmin(np.where(may_fall, kinks, np.inf)))
        if kinks[i] - kinks[j] < tol:
            break
        alpha = pair_update(i, j, alpha, K, y, C)
    return alpha, (kinks[i] + kinks[j]) / 2


def coordinate_ascent(K, y, C, n_epochs):
    alpha = np.zeros(len(y))
    for _ in range(n_epochs):
        for i in range(len(y)):
            slope = 1 - y[i] * (K[i] @ (alpha * y))
            alpha[i] = min(max(alpha[i] + slope / K[i, i], 0), C)
    return alpha


def predict(K_test, alpha, y, b):
    scores = K_test @ (alpha * y) + b
    return scores, np.where(scores >= 0, 1, -1)
