"""Hinge losses with their gradients."""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    loss, dW = 0.0, np.zeros_like(W)
    for sample, label in zip(X, y, strict=True):
        scores = sample @ W
        for j in range(W.shape[1]):
            margin = scores[j] - scores[label] + 1
            if j != label and margin > 0:
                loss += margin
                dW[:, j] += sample
                dW[:, label] -= sample
    return loss / len(X) + reg * np.sum(W * W), dW / len(X) + 2 * reg * W


def svm_loss_vectorized(W, X, y, reg):
    rows = np.arange(len(X))
    scores = X @ W
    margins = np.maximum(0, scores - scores[rows, y][:, None] + 1)
    margins[rows, y] = 0
    weights = (margins > 0).astype(float)
    weights[rows, y] = -weights.sum(axis=1)
    loss = margins.sum() / len(X) + reg * np.sum(W * W)
    return loss, X.T @ weights / len(X) + 2 * reg * W


def binary_hinge(w, b, X, y, C):
    margins = 1 - y * (X @ w + b)
    active = y * (margins > 0)
    loss = 0.5 * w @ w + C * np.maximum(0, margins).sum()
    return loss, w - C * active @ X, -C * active.sum()


def squared_hinge(w, b, X, y, reg):
    slack = np.maximum(0, 1 - y * (X @ w + b))
    pull = -2 * y * slack / len(X)
    return np.mean(slack**2) + 0.5 * reg * w @ w, pull @ X + reg * w, pull.sum()
