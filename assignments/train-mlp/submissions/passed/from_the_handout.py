# Written from the handout alone.
"""Train a network: from raw samples to a model that is chosen, tested and compared.

The handout (README.md) has the formulas, the conventions and a worked example. The network itself,
its loss and its gradient are in network.py.
"""

import math
from collections import deque
from itertools import pairwise

import numpy as np
from network import feed_forward, flatten, network_loss, softmax_loss, unflatten

MAX_HALVINGS = 40
ROUNDING = 1e-15


class Standardizer:
    """Brings every feature to mean 0 and standard deviation 1."""

    def fit(self, X):
        """Learn mean and standard deviation of each column of X (N, D). Return self.

        The deviation has 1/N. A column that is constant keeps its scale.
        """
        X = np.asarray(X, dtype=float)
        constant = X.min(axis=0) == X.max(axis=0)
        # The mean of equal numbers may be rounded, and then their deviation is not quite 0.
        self.mean = np.where(constant, X[0], X.mean(axis=0))
        deviation = np.sqrt(((X - self.mean) ** 2).mean(axis=0))
        self.deviation = np.where(constant, 1.0, deviation)
        return self

    def transform(self, X):
        """Return the samples X (M, D) in the units that `fit` has learnt, whatever X holds."""
        return (np.asarray(X, dtype=float) - self.mean) / self.deviation


def one_hot(y, n_classes):
    """Return a row for each label in y (N,), integers from 0 on: 1 in its column, 0 elsewhere."""
    y = np.asarray(y, dtype=int)
    encoded = np.zeros((len(y), n_classes))
    encoded[np.arange(len(y)), y] = 1.0
    return encoded


def initialise(sizes, rng):
    """Return random weights and biases of 0 for a network with layers of these sizes.

    The weights of a layer are Gaussian with mean 0 and variance 2 / (inputs + outputs). Return
    (weights, biases).
    """
    weights = [
        rng.normal(scale=math.sqrt(2.0 / (inputs + outputs)), size=(inputs, outputs))
        for inputs, outputs in pairwise(sizes)
    ]
    return weights, [np.zeros(outputs) for outputs in sizes[1:]]


def minibatches(n_samples, batch_size, rng):
    """Return one epoch: the row numbers 0 ... n_samples - 1, shuffled, in batches.

    A list of integer arrays of batch_size rows each; the last one has what is left.
    """
    order = rng.permutation(n_samples)
    return [order[start : start + batch_size] for start in range(0, n_samples, batch_size)]


def cool_down(initial, final, n_steps, k):
    """Return the learning rate of the step before which k steps were made.

    A straight line from `initial` at k = 0 to `final` at k = n_steps, and `final` from there on.
    """
    a = k / n_steps if k < n_steps else 1.0
    return (1.0 - a) * initial + a * final


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
    X, T = np.asarray(X, dtype=float), np.asarray(T, dtype=float)
    n_samples = len(X)
    n_steps = n_epochs * math.ceil(n_samples / batch_size)
    weights = [np.array(W, dtype=float) for W in weights]
    biases = [np.array(b, dtype=float) for b in biases]
    parameters = weights + biases
    velocities = [np.zeros_like(array) for array in parameters]
    losses, k = [], 0
    for _ in range(n_epochs):
        total = 0.0
        for rows in minibatches(n_samples, batch_size, rng):
            loss, grad_weights, grad_biases = network_loss(
                X[rows], T[rows], weights, biases, reg, output_loss
            )
            total += len(rows) * loss
            rate = cool_down(rates[0], rates[1], n_steps, k)
            gradients = grad_weights + grad_biases
            for array, velocity, gradient in zip(parameters, velocities, gradients, strict=True):
                # Both are copies of our own, so they may change in place.
                velocity *= mu
                velocity -= rate * gradient
                array += velocity
            k += 1
        losses.append(float(total / n_samples))
    return weights, biases, losses


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
        rng = np.random.default_rng(self.seed)
        self.standardizer = Standardizer().fit(X)
        X = self.standardizer.transform(X)
        self.labels, columns = np.unique(y, return_inverse=True)
        n_classes = len(self.labels)
        weights, biases = initialise([X.shape[1], *self.hidden, n_classes], rng)
        self.weights, self.biases, self.losses = train(
            X,
            one_hot(columns, n_classes),
            weights,
            biases,
            rng,
            self.n_epochs,
            self.batch_size,
            self.rates,
            mu=self.mu,
            reg=self.reg,
        )
        return self

    def predict(self, X):
        """Return the most probable label of each sample of X (M, D)."""
        out = feed_forward(self.standardizer.transform(X), self.weights, self.biases)
        return self.labels[out.argmax(axis=1)]

    def score(self, X, y):
        """Return the accuracy: the share of samples X (M, D) whose label y (M,) is predicted."""
        return float(np.mean(self.predict(X) == np.asarray(y)))


def lbfgs_minimize(f, x0, memory=10, tolerance=1e-6, max_iterations=500):
    """Return a minimum of a smooth function, and the loss there: (x, loss).

    f takes a vector of the shape of x0, (n,), and returns its loss and the gradient (n,).
    """
    x = np.array(x0, dtype=float)
    loss, gradient = evaluate(f, x)
    pairs = deque(maxlen=memory)
    for _ in range(max_iterations):
        if size(gradient) <= tolerance:
            break
        direction = lbfgs_direction(gradient, pairs)
        slope = gradient @ direction
        t = 1.0 if pairs else min(1.0, 1.0 / np.linalg.norm(gradient))
        for _ in range(MAX_HALVINGS):
            x_new = x + t * direction
            loss_new, gradient_new = evaluate(f, x_new)
            if loss_new < loss + 1e-4 * t * slope:
                break
            # Near the minimum all losses are equal but for rounding; the gradient is not.
            if loss_new <= loss + ROUNDING * abs(loss) and size(gradient_new) < size(gradient):
                break
            t *= 0.5
        else:
            break
        s, c = x_new - x, gradient_new - gradient
        if s @ c > 0:
            pairs.append((s, c))
        x, loss, gradient = x_new, loss_new, gradient_new
    return x, loss


def evaluate(f, x):
    """Return the loss of f at x and a copy of the gradient there, which f may not write over."""
    loss, gradient = f(x)
    return float(loss), np.array(gradient, dtype=float)


def size(gradient):
    """Return the largest entry of a gradient, whatever its sign."""
    return np.abs(gradient).max()


def lbfgs_direction(gradient, pairs):
    """Return the way down: minus the gradient over the curvature that the pairs (s, c) have seen.

    The oldest pair comes first. Without any, it is minus the gradient.
    """
    q = gradient.copy()
    shares = []
    for s, c in reversed(pairs):
        shares.append((s @ q) / (s @ c))
        q -= shares[-1] * c
    if pairs:
        s, c = pairs[-1]
        q *= (s @ c) / (c @ c)
    for (s, c), share in zip(pairs, reversed(shares), strict=True):
        q += (share - (c @ q) / (s @ c)) * s
    return -q


def train_lbfgs(X, T, weights, biases, reg=0.0, output_loss=softmax_loss, max_iterations=500):
    """Train a network by L-BFGS on all samples X (N, D) with targets T (N, K) at once.

    Return (weights, biases, loss), with the loss at these parameters.
    """

    def f(vector):
        loss, grad_weights, grad_biases = network_loss(
            X, T, *unflatten(vector, weights, biases), reg, output_loss
        )
        return loss, flatten(grad_weights, grad_biases)

    x, loss = lbfgs_minimize(f, flatten(weights, biases), max_iterations=max_iterations)
    return *unflatten(x, weights, biases), loss


def grid_search(make_model, candidates, X, y, n_folds):
    """Score every candidate on n_folds folds, and return the best: (best, scores).

    make_model takes a candidate and returns an untrained model with fit(X, y) and score(X, y). Fold
    number i = 0, 1 ... n_folds - 1 holds the rows i, i + n_folds, i + 2 n_folds ... of X and y; the
    model is trained on all others. scores is a list with the mean over the folds for each
    candidate, best is the candidate with the largest, the first of them where there are several.
    """
    X, y = np.asarray(X), np.asarray(y)
    candidates = list(candidates)
    fold = np.arange(len(X)) % n_folds
    scores = []
    for candidate in candidates:
        parts = []
        for i in range(n_folds):
            held_out = fold == i
            model = make_model(candidate)
            model.fit(X[~held_out], y[~held_out])
            parts.append(model.score(X[held_out], y[held_out]))
        scores.append(math.fsum(parts) / n_folds)
    return candidates[scores.index(max(scores))], scores


def compare(y, predicted_a, predicted_b):
    """Compare two models on the same samples: return (only_a, only_b, p_value).

    only_a samples of y (N,) were predicted right by model a and wrong by b, only_b the other way
    round. p_value is the probability that n = only_a + only_b throws of a fair coin are divided at
    least as unequally.
    """
    right_a = np.asarray(predicted_a) == np.asarray(y)
    right_b = np.asarray(predicted_b) == np.asarray(y)
    only_a = int(np.count_nonzero(right_a & ~right_b))
    only_b = int(np.count_nonzero(right_b & ~right_a))
    n = only_a + only_b
    tail = sum(math.comb(n, i) for i in range(min(only_a, only_b) + 1))
    return only_a, only_b, min(1.0, 2 * tail / 2**n)


def my_model(X, y):
    """Return the best model that you can train on X (N, 2) and y (N,), with predict(X): your entry.

    Any design of yours. The leaderboard ranks by its accuracy on samples that it has not seen.
    """
    reg, _ = grid_search(Unwound, [1e-3, 3e-3, 1e-2], X, y, n_folds=3)
    return Unwound(reg).fit(X, y)


class Unwound:
    """An MLP for spirals of one turn: it is shown the samples both as they are and unwound."""

    def __init__(self, reg):
        self.mlp = MLP(hidden=(8,), n_epochs=40, reg=reg)

    def fit(self, X, y):
        """Train on samples X (N, 2) with labels y (N,). Return self."""
        self.mlp.fit(unwind(X), y)
        return self

    def predict(self, X):
        """Return the most probable label of each sample of X (M, 2)."""
        return self.mlp.predict(unwind(X))

    def score(self, X, y):
        """Return the share of samples X (M, 2) whose label y (M,) is predicted."""
        return self.mlp.score(unwind(X), y)


def unwind(X):
    """Return 7 features of each sample of X (N, 2): where it is, and the angle of its arm."""
    X = np.asarray(X, dtype=float)
    radius = np.hypot(X[:, 0], X[:, 1])
    angle = np.arctan2(X[:, 1], X[:, 0]) - 2 * np.pi * radius
    arm = np.column_stack([np.cos(angle), np.sin(angle)])
    return np.column_stack([X, radius, arm, radius[:, np.newaxis] * arm])
