"""Logistic regression by gradient descent: the loss, its derivatives, and how to walk down.

The handout (README.md) has the formulas, the conventions, and worked examples with numbers.

A sample is a row of X: (N, D), with a first column of ones where a constant is wanted. w, (D,),
are the coefficients; y, (N,), are the labels, 0 or 1. Losses are sums over the samples. Nothing
that comes in is changed: return new arrays.
"""

import numpy as np


def add_ones(Z):
    """Return Z (N, D) with a column of ones in front of it, (N, D + 1)."""
    # BEGIN SOLUTION
    return np.column_stack([np.ones(len(Z)), Z])
    # END SOLUTION


def probabilities(w, X):
    """Return p (N,): the probability of label 1 for each sample, the sigmoid of h = X w."""
    # BEGIN SOLUTION
    h = X @ w
    # exp of a number that is not positive never overflows
    small = np.exp(-np.abs(h))
    return np.where(h >= 0, 1.0, small) / (1.0 + small)
    # END SOLUTION


def nll(w, X, y):
    """Return the negative log-likelihood of the labels, a number: a sum over the samples."""
    # BEGIN SOLUTION
    h = X @ w
    return np.sum(np.logaddexp(0.0, np.where(y == 1, -h, h)))
    # END SOLUTION


def gradient(w, X, y):
    """Return the gradient of nll with respect to w, (D,)."""
    # BEGIN SOLUTION
    return X.T @ (probabilities(w, X) - y)
    # END SOLUTION


def hessian(w, X):
    """Return the second derivatives of nll with respect to w, (D, D)."""
    # BEGIN SOLUTION
    p = probabilities(w, X)
    return X.T @ ((p * (1.0 - p))[:, None] * X)
    # END SOLUTION


def largest_stable_rate(H):
    """Return the learning rate above which descent on a bowl with Hessian H (D, D) diverges.

    H is symmetric, and no eigenvalue is negative.
    """
    # BEGIN SOLUTION
    return 2.0 / np.linalg.eigvalsh(H)[-1]
    # END SOLUTION


def gd(loss_and_gradient, start, learning_rate, n_steps):
    """Take n_steps steps of gradient descent.

    loss_and_gradient takes a place, an array of the shape of `start`, and returns the loss there
    and its gradient. Return (path, losses): a list of n_steps + 1 places, `start` first, and a list
    of the losses at these places.
    """
    # BEGIN SOLUTION
    path, losses = [start], []
    for _ in range(n_steps):
        loss, slope = loss_and_gradient(path[-1])
        losses.append(loss)
        path.append(path[-1] - learning_rate * slope)
    losses.append(loss_and_gradient(path[-1])[0])
    return path, losses
    # END SOLUTION


def random_restarts(loss_and_gradient, starts, learning_rate, n_steps):
    """Run gd from each place in the list `starts`, and keep the best.

    Return (place, loss): where the run with the lowest last loss has ended, and that loss. A run
    whose last loss is not finite does not count; there is always one that does.
    """
    # BEGIN SOLUTION
    place, lowest = None, np.inf
    for start in starts:
        path, losses = gd(loss_and_gradient, start, learning_rate, n_steps)
        if losses[-1] < lowest:
            place, lowest = path[-1], losses[-1]
    return place, lowest
    # END SOLUTION


def minibatches(n, batch_size, rng):
    """Return the batches of one epoch: a list of arrays of sample numbers, 0 ... n - 1.

    Each number is in exactly one batch. Each batch has batch_size numbers; only the last one has
    fewer, if n is no multiple of batch_size. The order is random, drawn from the generator rng.
    """
    # BEGIN SOLUTION
    order = rng.permutation(n)
    return [order[first : first + batch_size] for first in range(0, n, batch_size)]
    # END SOLUTION


def sgd(X, y, start, learning_rate, batch_size, n_epochs, rng):
    """Fit w by mini-batches, from `start` on: one step for each batch of each epoch.

    Each epoch calls minibatches(N, batch_size, rng) once. Return (path, losses): a list of
    n_epochs + 1 places, `start` and the place after each epoch, and a list of the losses of all
    samples at these places.
    """
    # BEGIN SOLUTION
    path = [start]
    for _ in range(n_epochs):
        w = path[-1]
        for rows in minibatches(len(y), batch_size, rng):
            w = w - learning_rate * gradient(w, X[rows], y[rows])
        path.append(w)
    return path, [nll(w, X, y) for w in path]
    # END SOLUTION


def diagnose_trace(losses):
    """Return what a trace plot says: "diverging", "oscillating", "too small" or "right".

    losses is a list or an array of 10 numbers or more, the first of them finite. The first of the
    rules in the handout that holds gives the word.
    """
    # BEGIN SOLUTION
    losses = np.asarray(losses, dtype=float)
    if not np.isfinite(losses).all() or losses[-1] > losses[0]:
        return "diverging"
    fall = losses[0] - losses.min()
    middle = len(losses) // 2
    rises = losses - np.minimum.accumulate(losses)
    if rises[middle:].max() > fall / 4:
        return "oscillating"
    if losses[middle] - losses[-1] >= 0.4 * fall:
        return "too small"
    return "right"
    # END SOLUTION


def fit(X, y):
    """Return w (D,) whose nll is at most 1e-6 above the smallest one there is.

    X has no column too many, and no w puts all labels on their right sides: there is exactly one
    minimum. How you get there is up to you.
    """
    # BEGIN SOLUTION
    w = np.zeros(X.shape[1])
    for _ in range(20):
        w = w - np.linalg.solve(hessian(w, X), gradient(w, X, y))
    return w
    # END SOLUTION
