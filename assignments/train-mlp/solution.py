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
        # BEGIN SOLUTION
        self.mean = X.mean(axis=0)
        deviation = X.std(axis=0)
        self.scale = np.where(deviation > 0, deviation, 1.0)
        return self
        # END SOLUTION

    def transform(self, X):
        """Return the samples X (M, D) in the units that `fit` has learnt, whatever X holds."""
        # BEGIN SOLUTION
        return (X - self.mean) / self.scale
        # END SOLUTION


def one_hot(y, n_classes):
    """Return a row for each label in y (N,), integers from 0 on: 1 in its column, 0 elsewhere."""
    # BEGIN SOLUTION
    return np.eye(n_classes)[y]
    # END SOLUTION


def initialise(sizes, rng):
    """Return random weights and biases of 0 for a network with layers of these sizes.

    The weights of a layer are Gaussian with mean 0 and variance 2 / (inputs + outputs). Return
    (weights, biases).
    """
    # BEGIN SOLUTION
    weights = [
        rng.normal(scale=math.sqrt(2 / (n_in + n_out)), size=(n_in, n_out))
        for n_in, n_out in pairwise(sizes)
    ]
    return weights, [np.zeros(n_out) for n_out in sizes[1:]]
    # END SOLUTION


def minibatches(n_samples, batch_size, rng):
    """Return one epoch: the row numbers 0 ... n_samples - 1, shuffled, in batches.

    A list of integer arrays of batch_size rows each; the last one has what is left.
    """
    # BEGIN SOLUTION
    order = rng.permutation(n_samples)
    return [order[start : start + batch_size] for start in range(0, n_samples, batch_size)]
    # END SOLUTION


def cool_down(initial, final, n_steps, k):
    """Return the learning rate of the step before which k steps were made.

    A straight line from `initial` at k = 0 to `final` at k = n_steps, and `final` from there on.
    """
    # BEGIN SOLUTION
    a = min(1.0, k / n_steps)
    return (1 - a) * initial + a * final
    # END SOLUTION


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
    # BEGIN SOLUTION
    weights, biases = list(weights), list(biases)
    parameters = [*weights, *biases]
    velocities = [np.zeros_like(x) for x in parameters]
    n_steps = n_epochs * math.ceil(len(X) / batch_size)
    losses, k = [], 0
    for _ in range(n_epochs):
        total = 0.0
        for rows in minibatches(len(X), batch_size, rng):
            loss, grad_weights, grad_biases = network_loss(
                X[rows], T[rows], weights, biases, reg, output_loss
            )
            total += loss * len(rows)
            rate = cool_down(*rates, n_steps, k)
            gradients = [*grad_weights, *grad_biases]
            velocities = [mu * v - rate * g for v, g in zip(velocities, gradients, strict=True)]
            parameters = [x + v for x, v in zip(parameters, velocities, strict=True)]
            weights, biases = parameters[: len(weights)], parameters[len(weights) :]
            k += 1
        losses.append(total / len(X))
    return weights, biases, losses
    # END SOLUTION


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
        # BEGIN SOLUTION
        rng = np.random.default_rng(self.seed)
        self.standardizer = Standardizer().fit(X)
        self.classes, numbers = np.unique(y, return_inverse=True)
        n_classes = len(self.classes)
        weights, biases = initialise([X.shape[1], *self.hidden, n_classes], rng)
        self.weights, self.biases, self.losses = train(
            self.standardizer.transform(X),
            one_hot(numbers, n_classes),
            weights,
            biases,
            rng,
            self.n_epochs,
            self.batch_size,
            self.rates,
            self.mu,
            self.reg,
        )
        return self
        # END SOLUTION

    def predict(self, X):
        """Return the most probable label of each sample of X (M, D)."""
        # BEGIN SOLUTION
        logits = feed_forward(self.standardizer.transform(X), self.weights, self.biases)
        return self.classes[logits.argmax(axis=1)]
        # END SOLUTION

    def score(self, X, y):
        """Return the accuracy: the share of samples X (M, D) whose label y (M,) is predicted."""
        # BEGIN SOLUTION
        return np.mean(self.predict(X) == y)
        # END SOLUTION


def lbfgs_minimize(f, x0, memory=10, tolerance=1e-6, max_iterations=500):
    """Return a minimum of a smooth function, and the loss there: (x, loss).

    f takes a vector of the shape of x0, (n,), and returns its loss and the gradient (n,).
    """
    # BEGIN SOLUTION
    x = np.array(x0, dtype=float)
    loss, gradient = f(x)
    pairs = []
    for _ in range(max_iterations):
        if np.abs(gradient).max() <= tolerance:
            break
        direction = -_multiply_inverse_hessian(gradient, pairs)
        step = 1.0 if pairs else min(1.0, 1 / np.linalg.norm(gradient))
        slope = direction @ gradient
        for _ in range(40):
            new_x = x + step * direction
            new_loss, new_gradient = f(new_x)
            if new_loss <= loss + 1e-4 * step * slope:
                break
            step /= 2
        else:
            break
        s, g_change = new_x - x, new_gradient - gradient
        if s @ g_change > 0:
            pairs = [*pairs, (s, g_change)][-memory:]
        x, loss, gradient = new_x, new_loss, new_gradient
    return x, loss


def _multiply_inverse_hessian(gradient, pairs):
    """Return the product of the inverse Hessian, as the pairs know it, with the gradient."""
    q, shares = gradient, []
    for s, change in reversed(pairs):
        share = (s @ q) / (s @ change)
        q = q - share * change
        shares.append(share)
    if pairs:
        s, change = pairs[-1]
        q = q * (s @ change) / (change @ change)
    for (s, change), share in zip(pairs, reversed(shares), strict=True):
        q = q + (share - (change @ q) / (s @ change)) * s
    return q


# END SOLUTION


def train_lbfgs(X, T, weights, biases, reg=0.0, output_loss=softmax_loss, max_iterations=500):
    """Train a network by L-BFGS on all samples X (N, D) with targets T (N, K) at once.

    Return (weights, biases, loss), with the loss at these parameters.
    """
    # BEGIN SOLUTION

    def f(vector):
        loss, grad_weights, grad_biases = network_loss(
            X, T, *unflatten(vector, weights, biases), reg, output_loss
        )
        return loss, flatten(grad_weights, grad_biases)

    x, loss = lbfgs_minimize(f, flatten(weights, biases), max_iterations=max_iterations)
    return *unflatten(x, weights, biases), loss
    # END SOLUTION


def grid_search(make_model, candidates, X, y, n_folds):
    """Score every candidate on n_folds folds, and return the best: (best, scores).

    make_model takes a candidate and returns an untrained model with fit(X, y) and score(X, y). Fold
    number i = 0, 1 ... n_folds - 1 holds the rows i, i + n_folds, i + 2 n_folds ... of X and y; the
    model is trained on all others. scores is a list with the mean over the folds for each
    candidate, best is the candidate with the largest, the first of them where there are several.
    """
    # BEGIN SOLUTION
    fold = np.arange(len(X)) % n_folds
    scores = []
    for candidate in candidates:
        models = [make_model(candidate).fit(X[fold != i], y[fold != i]) for i in range(n_folds)]
        folds = [model.score(X[fold == i], y[fold == i]) for i, model in enumerate(models)]
        scores.append(float(np.mean(folds)))
    return candidates[int(np.argmax(scores))], scores
    # END SOLUTION


def compare(y, predicted_a, predicted_b):
    """Compare two models on the same samples: return (only_a, only_b, p_value).

    only_a samples of y (N,) were predicted right by model a and wrong by b, only_b the other way
    round. p_value is the probability that n = only_a + only_b throws of a fair coin are divided at
    least as unequally.
    """
    # BEGIN SOLUTION
    is_a, is_b = predicted_a == y, predicted_b == y
    only_a, only_b = int(np.sum(is_a & ~is_b)), int(np.sum(is_b & ~is_a))
    n = only_a + only_b
    tail = sum(math.comb(n, i) for i in range(min(only_a, only_b) + 1)) / 2**n
    return only_a, only_b, min(1.0, 2 * tail)
    # END SOLUTION


def my_model(X, y):
    """Return the best model that you can train on X (N, 2) and y (N,), with predict(X): your entry.

    Any design of yours. The leaderboard ranks by its accuracy on samples that it has not seen.
    """
    # BEGIN SOLUTION
    return MLP(hidden=(24, 24)).fit(X, y)
    # END SOLUTION
