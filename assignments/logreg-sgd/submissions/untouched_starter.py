# fails: add-ones, probabilities, nll, gradient, stable, hessian, stable-rate, gd, one-look, restarts, minibatches, shuffled, sgd, trace, trace-edges, fit
# diagnosis: not_implemented
"""Logistic regression by gradient descent: the loss, its derivatives, and how to walk down.

The handout (README.md) has the formulas, the conventions, and worked examples with numbers.

A sample is a row of X: (N, D), with a first column of ones where a constant is wanted. w, (D,),
are the coefficients; y, (N,), are the labels, 0 or 1. Losses are sums over the samples. Nothing
that comes in is changed: return new arrays.
"""

import numpy as np


def add_ones(Z):
    """Return Z (N, D) with a column of ones in front of it, (N, D + 1)."""
    # YOUR CODE HERE
    raise NotImplementedError


def probabilities(w, X):
    """Return p (N,): the probability of label 1 for each sample, the sigmoid of h = X w."""
    # YOUR CODE HERE
    raise NotImplementedError


def nll(w, X, y):
    """Return the negative log-likelihood of the labels, a number: a sum over the samples."""
    # YOUR CODE HERE
    raise NotImplementedError


def gradient(w, X, y):
    """Return the gradient of nll with respect to w, (D,)."""
    # YOUR CODE HERE
    raise NotImplementedError


def hessian(w, X):
    """Return the second derivatives of nll with respect to w, (D, D)."""
    # YOUR CODE HERE
    raise NotImplementedError


def largest_stable_rate(H):
    """Return the learning rate above which descent on a bowl with Hessian H (D, D) diverges.

    H is symmetric, and no eigenvalue is negative.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def gd(loss_and_gradient, start, learning_rate, n_steps):
    """Take n_steps steps of gradient descent.

    loss_and_gradient takes a place, an array of the shape of `start`, and returns the loss there
    and its gradient. Return (path, losses): a list of n_steps + 1 places, `start` first, and a list
    of the losses at these places.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def random_restarts(loss_and_gradient, starts, learning_rate, n_steps):
    """Run gd from each place in the list `starts`, and keep the best.

    Return (place, loss): where the run with the lowest last loss has ended, and that loss. A run
    whose last loss is not finite does not count; there is always one that does.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def minibatches(n, batch_size, rng):
    """Return the batches of one epoch: a list of arrays of sample numbers, 0 ... n - 1.

    Each number is in exactly one batch. Each batch has batch_size numbers; only the last one has
    fewer, if n is no multiple of batch_size. The order is random, drawn from the generator rng.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def sgd(X, y, start, learning_rate, batch_size, n_epochs, rng):
    """Fit w by mini-batches, from `start` on: one step for each batch of each epoch.

    Each epoch calls minibatches(N, batch_size, rng) once. Return (path, losses): a list of
    n_epochs + 1 places, `start` and the place after each epoch, and a list of the losses of all
    samples at these places.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def diagnose_trace(losses):
    """Return what a trace plot says: "diverging", "oscillating", "too small" or "right".

    losses is a list or an array of 10 numbers or more, the first of them finite. The first of the
    rules in the handout that holds gives the word.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def fit(X, y):
    """Return w (D,) whose nll is at most 1e-6 above the smallest one there is.

    X has no column too many, and no w puts all labels on their right sides: there is exactly one
    minimum. How you get there is up to you.
    """
    # YOUR CODE HERE
    raise NotImplementedError
