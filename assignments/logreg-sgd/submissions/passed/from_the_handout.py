# Written from the handout alone.
"""Logistic regression by gradient descent: the loss, its derivatives, and how to walk down.

A sample is a row of X: (N, D), with a first column of ones where a constant is wanted. w, (D,),
are the coefficients; y, (N,), are the labels, 0 or 1. Losses are sums over the samples. Nothing
that comes in is changed.
"""

import numpy as np


def sigmoid(h):
    """Return 1 / (1 + exp(-h)) for any h: exp never gets a positive number here."""
    e = np.exp(-np.abs(h))
    return np.where(h >= 0, 1.0, e) / (1 + e)


def add_ones(Z):
    """Return Z (N, D) with a column of ones in front of it, (N, D + 1)."""
    return np.hstack([np.ones((len(Z), 1)), Z])


def probabilities(w, X):
    """Return p (N,): the probability of label 1 for each sample, the sigmoid of h = X w."""
    return sigmoid(X @ w)


def wrong_way(w, X, y):
    """Return (signs, s): -1 where y = 1 and 1 where y = 0, and these times the logits.

    The sigmoid of s is the probability of the label that was *not* observed. Small ones keep all
    their digits in it; in p - y they would be lost.
    """
    signs = 1 - 2 * np.asarray(y, dtype=float)
    return signs, signs * (X @ w)


def nll(w, X, y):
    """Return the negative log-likelihood of the labels, a number: a sum over the samples."""
    _, s = wrong_way(w, X, y)
    return np.sum(np.maximum(0, s) + np.log1p(np.exp(-np.abs(s))))


def gradient(w, X, y):
    """Return the gradient of nll with respect to w, (D,)."""
    signs, s = wrong_way(w, X, y)
    return X.T @ (signs * sigmoid(s))  # signs * sigmoid(s) is p - y


def hessian(w, X):
    """Return the second derivatives of nll with respect to w, (D, D)."""
    h = X @ w
    spread = sigmoid(h) * sigmoid(-h)  # p (1 - p)
    return (X.T * spread) @ X


def largest_stable_rate(H):
    """Return the learning rate above which descent on a bowl with Hessian H (D, D) diverges."""
    return 2 / np.linalg.eigvalsh(H)[-1]


def gd(loss_and_gradient, start, learning_rate, n_steps):
    """Take n_steps steps of gradient descent.

    Return (path, losses): a list of n_steps + 1 places, `start` first, and a list of the losses at
    these places.
    """
    place = np.array(start, dtype=float)
    loss, slope = loss_and_gradient(place)
    path, losses = [place], [loss]
    with np.errstate(over="ignore", invalid="ignore"):  # a descent may fly off
        for _ in range(n_steps):
            place = place - learning_rate * slope
            loss, slope = loss_and_gradient(place)
            path.append(place)
            losses.append(loss)
    return path, losses


def random_restarts(loss_and_gradient, starts, learning_rate, n_steps):
    """Run gd from each place in the list `starts`; return (place, loss) of the best end.

    A run whose last loss is not finite does not count.
    """
    best_place, best_loss = None, np.inf
    for start in starts:
        path, losses = gd(loss_and_gradient, start, learning_rate, n_steps)
        if np.isfinite(losses[-1]) and losses[-1] < best_loss:
            best_place, best_loss = path[-1], losses[-1]
    return best_place, best_loss


def minibatches(n, batch_size, rng):
    """Return the batches of one epoch: a list of arrays of sample numbers, 0 ... n - 1."""
    order = rng.permutation(n)
    return [order[i : i + batch_size] for i in range(0, n, batch_size)]


def sgd(X, y, start, learning_rate, batch_size, n_epochs, rng):
    """Fit w by mini-batches, from `start` on: one step for each batch of each epoch.

    Return (path, losses): a list of n_epochs + 1 places, `start` and the place after each epoch,
    and a list of the losses of all samples at these places.
    """
    w = np.array(start, dtype=float)
    path, losses = [w], [nll(w, X, y)]
    for _ in range(n_epochs):
        for batch in minibatches(len(X), batch_size, rng):
            w = w - learning_rate * gradient(w, X[batch], y[batch])
        path.append(w)
        losses.append(nll(w, X, y))
    return path, losses


def diagnose_trace(losses):
    """Return what a trace plot says: "diverging", "oscillating", "too small" or "right"."""
    losses = np.asarray(losses, dtype=float)
    if not np.all(np.isfinite(losses)) or losses[-1] > losses[0]:
        return "diverging"
    half = len(losses) // 2
    fall = losses[0] - np.min(losses)
    lowest_so_far = np.minimum.accumulate(losses)
    if np.any(losses[half:] - lowest_so_far[half:] > fall / 4):
        return "oscillating"
    if losses[half] - losses[-1] >= 0.4 * fall:
        return "too small"
    return "right"


def fit(X, y):
    """Return w (D,) whose nll is at most 1e-6 above the smallest one there is.

    Newton's method; a step is halved until the loss falls by a fair share of what it promises.
    """
    w = np.zeros(X.shape[1])
    for _ in range(100):
        slope = gradient(w, X, y)
        step = np.linalg.solve(hessian(w, X), slope)
        promise = slope @ step  # twice what a bowl would lose by the whole step
        if promise < 1e-12:
            break
        size, loss = 1.0, nll(w, X, y)
        while nll(w - size * step, X, y) > loss - 0.1 * size * promise and size > 1e-10:
            size /= 2
        w = w - size * step
    return w
