# fails: standardise, one-hot, initialise, minibatches, cool-down, train, zero-start, reproducible, rings, stones, spirals, speed, lbfgs, lbfgs-calls, sine, grid-search, compare, leaderboard
# diagnosis: not_implemented
"""Train a network: from raw samples to a model that is chosen, tested and compared.

The handout (README.md) has the formulas, the conventions and a worked example. The network itself,
its loss and its gradient are in network.py.
"""

import math
from itertools import pairwise

import numpy as np
from network import feed_forward, flatten, network_loss, softmax_loss, unflatten


class Standardizer:
    """Brings every feature to mean 0 and standard deviation 1."""

    def fit(self, X):
        """Learn mean and standard deviation of each column of X (N, D). Return self.

        The deviation has 1/N. A column that is constant keeps its scale.
        """
        # YOUR CODE HERE
        raise NotImplementedError

    def transform(self, X):
        """Return the samples X (M, D) in the units that `fit` has learnt, whatever X holds."""
        # YOUR CODE HERE
        raise NotImplementedError


def one_hot(y, n_classes):
    """Return a row for each label in y (N,), integers from 0 on: 1 in its column, 0 elsewhere."""
    # YOUR CODE HERE
    raise NotImplementedError


def initialise(sizes, rng):
    """Return random weights and biases of 0 for a network with layers of these sizes.

    The weights of a layer are Gaussian with mean 0 and variance 2 / (inputs + outputs). Return
    (weights, biases).
    """
    # YOUR CODE HERE
    raise NotImplementedError


def minibatches(n_samples, batch_size, rng):
    """Return one epoch: the row numbers 0 ... n_samples - 1, shuffled, in batches.

    A list of integer arrays of batch_size rows each; the last one has what is left.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def cool_down(initial, final, n_steps, k):
    """Return the learning rate of the step before which k steps were made.

    A straight line from `initial` at k = 0 to `final` at k = n_steps, and `final` from there on.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def train(
    X,
    T,
    weights,
    biases,
    rng,
    n_epochs,
    batch_size,
    rates,
    mu=0.9,
    reg=0.0,
    output_loss=softmax_loss,
):
    """Train a network by mini-batches with momentum, while the learning rate cools down.

    X are samples (N, D), T their targets (N, K); rates is (initial, final). Return (weights,
    biases, losses), with one loss for each epoch. Nothing that comes in is changed.
    """
    # YOUR CODE HERE
    raise NotImplementedError


class MLP:
    """A classifier: standardised features, hidden layers of tanh, a softmax at the top."""

    def __init__(
        self, hidden=(16,), n_epochs=60, batch_size=16, rates=(0.1, 0.02), mu=0.9, reg=1e-4, seed=0
    ):
        self.hidden = hidden
        self.n_epochs = n_epochs
        self.batch_size = batch_size
        self.rates = rates
        self.mu = mu
        self.reg = reg
        self.seed = seed

    def fit(self, X, y):
        """Train on samples X (N, D) with labels y (N,), which may be any integers. Return self.

        Afterwards `weights`, `biases` and `losses` are what `train` returned.
        """
        # YOUR CODE HERE
        raise NotImplementedError

    def predict(self, X):
        """Return the most probable label of each sample of X (M, D)."""
        # YOUR CODE HERE
        raise NotImplementedError

    def score(self, X, y):
        """Return the accuracy: the share of samples X (M, D) whose label y (M,) is predicted."""
        # YOUR CODE HERE
        raise NotImplementedError


def lbfgs_minimize(f, x0, memory=10, tolerance=1e-6, max_iterations=500):
    """Return a minimum of a smooth function, and the loss there: (x, loss).

    f takes a vector of the shape of x0, (n,), and returns its loss and the gradient (n,).
    """
    # YOUR CODE HERE
    raise NotImplementedError


def train_lbfgs(X, T, weights, biases, reg=0.0, output_loss=softmax_loss, max_iterations=500):
    """Train a network by L-BFGS on all samples X (N, D) with targets T (N, K) at once.

    Return (weights, biases, loss), with the loss at these parameters.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def grid_search(make_model, candidates, X, y, n_folds):
    """Score every candidate on n_folds folds, and return the best: (best, scores).

    make_model takes a candidate and returns an untrained model with fit(X, y) and score(X, y). Fold
    number i = 0, 1 ... n_folds - 1 holds the rows i, i + n_folds, i + 2 n_folds ... of X and y; the
    model is trained on all others. scores is a list with the mean over the folds for each
    candidate, best is the candidate with the largest, the first of them where there are several.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def compare(y, predicted_a, predicted_b):
    """Compare two models on the same samples: return (only_a, only_b, p_value).

    only_a samples of y (N,) were predicted right by model a and wrong by b, only_b the other way
    round. p_value is the probability that n = only_a + only_b throws of a fair coin are divided at
    least as unequally.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def my_model(X, y):
    """Return the best model that you can train on X (N, 2) and y (N,), with predict(X): your entry.

    Any design of yours. The leaderboard ranks by its accuracy on samples that it has not seen.
    """
    # YOUR CODE HERE
    raise NotImplementedError
