"""Samples to train on and to test with, made of random numbers; and models to choose among.

Every set is a function of a seed, and returns X, y, X_test, y_test. The same seed gives the same
samples. Of the test samples, the classes take turns.
"""

import numpy as np


def two_rings(seed, n_samples=100, noise=0.08):
    """A ring of samples, and another one around it: X (n, 2), labels 0 and 1."""
    return _split(_rings, seed, n_samples, noise)


def two_spirals(seed, n_samples=200, noise=0.02):
    """Two arms that wind around each other: X (n, 2), labels 0 and 1."""
    return _split(_spirals, seed, n_samples, noise, 2, 1.0)


def galaxy(seed, n_samples=300, noise=0.1):
    """Three arms, and dust between them: X (n, 2), labels 0, 1 and 2. No line is right for all."""
    return _split(_spirals, seed, n_samples, noise, 3, 1.0)


def stones(seed, n_samples=90):
    """Three kinds of stones, in units that do not fit: X (n, 4), labels 2, 5 and 9.

    The columns are the weight in grams, the density in kilograms per litre, the thickness in
    metres, and the number of the scales that weighed them, which is 7 for all.
    """
    return _split(_stones, seed, n_samples)


def _split(draw, seed, n_samples, *how):
    rng = np.random.default_rng(seed)
    X, y = draw(rng, 2 * n_samples, *how)
    # Whoever deals training samples out in folds relies on it that they have no order.
    train = rng.permutation(n_samples)
    return X[train], y[train], X[n_samples:], y[n_samples:]


def _rings(rng, n, noise):
    y = np.arange(n) % 2
    angle = rng.uniform(0.0, 2 * np.pi, size=n)
    X = (1.0 + y)[:, np.newaxis] * np.column_stack([np.cos(angle), np.sin(angle)])
    return X + noise * rng.normal(size=X.shape), y


def _spirals(rng, n, noise, n_arms, n_turns):
    y = np.arange(n) % n_arms
    radius = np.sqrt(rng.uniform(0.03, 1.0, size=n))
    angle = 2 * np.pi * (n_turns * radius + y / n_arms)
    X = radius[:, np.newaxis] * np.column_stack([np.cos(angle), np.sin(angle)])
    return X + noise * rng.normal(size=X.shape), y


def _stones(rng, n):
    kind = np.arange(n) % 3
    middle = np.array([[300.0, 2.0, 0.0020], [500.0, 3.0, 0.0020], [300.0, 3.0, 0.0040]])
    spread = np.array([30.0, 0.15, 0.0003])
    X = middle[kind] + spread * rng.normal(size=(n, 3))
    return np.column_stack([X, np.full(n, 7.0)]), np.array([2, 5, 9])[kind]


class Centroids:
    """Predicts the class whose centre is nearest; the centres are pulled towards the mean of all.

    A model without chance, to try out a search with: `pull` is 0 for the centres themselves, and 1
    for none.
    """

    def __init__(self, pull):
        self.pull = pull

    def fit(self, X, y):
        """Learn the centres from samples X (N, D) and labels y (N,). Return self."""
        self.labels = np.unique(y)
        centres = np.array([X[y == label].mean(axis=0) for label in self.labels])
        self.centres = self.pull * X.mean(axis=0) + (1 - self.pull) * centres
        return self

    def score(self, X, y):
        """Return 0 minus how much further than the nearest the right centre is, on the average."""
        distances = ((X[:, np.newaxis, :] - self.centres) ** 2).sum(axis=2)
        right = distances[np.arange(len(X)), np.searchsorted(self.labels, y)]
        return float((distances.min(axis=1) - right).mean())


def ravine(x):
    """Return the loss and the gradient of a ravine: a thousand times as steep across as along."""
    curvature = np.geomspace(1.0, 1e3, len(x))
    loss = 0.5 * (curvature * x**2).sum() + np.logaddexp(x, -x).sum()
    return float(loss), curvature * x + np.tanh(x)


def valley(x):
    """Return the loss and the gradient of a bent valley (Rosenbrock): 0 at (1, 1), x is (2,)."""
    off, left = x[1] - x[0] ** 2, 1.0 - x[0]
    return float(100 * off**2 + left**2), np.array([-400 * x[0] * off - 2 * left, 200 * off])


def well(x):
    """Return the loss and the gradient of a well: infinite where an entry of x is 0 or less."""
    if np.any(x <= 0):
        return np.inf, np.full(len(x), np.nan)
    return float((x - np.log(x)).sum() + 0.5 * x.sum() ** 2), 1 - 1 / x + x.sum()
