"""Losses from scores, each with its gradient."""

import numpy as np


def softmax_loss(scores, y):
    """Mean cross-entropy over the batch, and its gradient."""
    n = len(y)
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    grad = np.exp(log_p)
    grad[np.arange(n), y] -= 1
    return -log_p[np.arange(n), y].mean(), grad / n


def logistic_loss(z, t):
    """Mean binary cross-entropy from logits, and its gradient."""
    loss = np.mean(np.maximum(z, 0) - z * t + np.log1p(np.exp(-np.abs(z))))
    return loss, (1 / (1 + np.exp(-z)) - t) / len(z)


def squared_loss(pred, target):
    """Half the squared distance of a sample, averaged over the batch."""
    difference = pred - target
    return (difference**2).sum() / (2 * len(pred)), difference / len(pred)


def huber_loss(pred, target, delta):
    """Huber loss, averaged over all entries."""
    r = pred - target
    small = np.abs(r) <= delta
    loss = np.where(small, r**2 / 2, delta * (np.abs(r) - delta / 2)).mean()
    return loss, np.clip(r, -delta, delta) / r.size


def gaussian_nll(x, mu, log_var):
    """Negative log-likelihood of a sample, averaged over the batch."""
    n = len(x)
    r = x - mu
    scaled = r**2 * np.exp(-log_var)
    loss = 0.5 * (np.log(2 * np.pi) + log_var + scaled).sum() / n
    return loss, -r * np.exp(-log_var) / n, 0.5 * (1 - scaled) / n
