"""Objects that know their part: a scaler, a schedule, an optimizer; backpropagation of its own."""

import functools
import itertools
from collections import deque
from dataclasses import dataclass, field
from fractions import Fraction
from math import comb, sqrt

import numpy as np
from network import flatten, softmax_loss, unflatten


class Standardizer:
    mean: np.ndarray
    deviation: np.ndarray

    def fit(self, X):
        self.mean = np.einsum("nd->d", X) / len(X)
        variance = np.einsum("nd,nd->d", X - self.mean, X - self.mean) / len(X)
        self.deviation = np.sqrt(variance)
        self.deviation[variance == 0] = 1
        return self

    def transform(self, X):
        return np.divide(np.subtract(X, self.mean), self.deviation)


def one_hot(y, n_classes):
    return np.array([[float(label == k) for k in range(n_classes)] for label in y])


@dataclass
class Layers:
    weights: list
    biases: list

    def outputs(self, X):
        A = [X]
        last = len(self.weights) - 1
        for number, (W, b) in enumerate(zip(self.weights, self.biases)):
            Z = np.einsum("ni,io->no", A[-1], W) + b
            A.append(Z if number == last else np.tanh(Z))
        return A

    def gradients(self, X, T, reg, output_loss):
        *A, out = self.outputs(X)
        loss, delta = output_loss(out, T)
        steps = []
        for W, a in zip(reversed(self.weights), reversed(A)):
            steps.append((a.T @ delta + reg * W, delta.sum(axis=0)))
            delta = delta @ W.T * (1 - a * a)
        penalty = reg / 2 * sum(np.vdot(W, W) for W in self.weights)
        grad_weights, grad_biases = zip(*reversed(steps))
        return loss + penalty, [*grad_weights, *grad_biases]


def initialise(sizes, rng):
    shapes = list(itertools.pairwise(sizes))
    # the biases first: in which order a program draws is its own business
    biases = [np.zeros(n_out) for _, n_out in shapes]
    weights = [rng.standard_normal((o, i)).T * sqrt(2 / (i + o)) for i, o in reversed(shapes)]
    return weights[::-1], biases


def minibatches(n_samples, batch_size, rng):
    order = deque(rng.choice(n_samples, size=n_samples, replace=False))
    batches = []
    while order:
        batches.append(np.array([order.popleft() for _ in range(min(batch_size, len(order)))]))
    return batches


def cool_down(initial, final, n_steps, k):
    return max(initial - (initial - final) * k / n_steps, final)


@dataclass
class Momentum:
    mu: float
    rate: object
    n_steps: int = 0
    velocity: list = field(default_factory=list)

    def step(self, parameters, gradients):
        rate = self.rate(self.n_steps)
        old = self.velocity or [0.0] * len(parameters)
        self.velocity = [self.mu * v - rate * g for v, g in zip(old, gradients)]
        self.n_steps += 1
        return [x + v for x, v in zip(parameters, self.velocity)]


def train(X, T, weights, biases, rng, n_epochs, batch_size, rates, mu=0.9, reg=0.0,
          output_loss=softmax_loss):
    n_batches = len(range(0, len(X), batch_size))
    rate = functools.partial(cool_down, *rates, n_epochs * n_batches)
    optimizer = Momentum(mu, rate)
    layers, n = Layers(weights, biases), len(weights)
    losses = np.zeros(n_epochs)
    for epoch in range(n_epochs):
        for batch in minibatches(len(X), batch_size, rng):
            loss, gradients = layers.gradients(X[batch], T[batch], reg, output_loss)
            moved = optimizer.step([*layers.weights, *layers.biases], gradients)
            layers = Layers(moved[:n], moved[n:])
            losses[epoch] += loss * len(batch)
    return layers.weights, layers.biases, losses / len(X)


@dataclass
class MLP:
    hidden: tuple = (16,)
    n_epochs: int = 60
    batch_size: int = 16
    rates: tuple = (0.1, 0.02)
    mu: float = 0.9
    reg: float = 1e-4
    seed: int = 0

    def fit(self, X, y):
        rng = np.random.default_rng([self.seed, 17])
        self.scaler = Standardizer().fit(X)
        self.labels, numbers = np.unique(y, return_inverse=True)
        T = one_hot(numbers, self.labels.size)
        start = initialise([X.shape[1], *self.hidden, self.labels.size], rng)
        self.weights, self.biases, self.losses = train(
            self.scaler.transform(X), T, *start, rng, self.n_epochs, self.batch_size, self.rates,
            self.mu, self.reg)
        return self

    def predict(self, X):
        out = Layers(self.weights, self.biases).outputs(self.scaler.transform(X))[-1]
        return self.labels.take(out.argmax(axis=-1))

    def score(self, X, y):
        return np.count_nonzero(self.predict(X) == y) / len(y)


@dataclass
class Pair:
    s: np.ndarray
    y: np.ndarray

    def __post_init__(self):
        self.rho = 1 / (self.s @ self.y)


def direction(g, pairs):
    """Multiply recursively: H = (1 - rho s y') H_before (1 - rho y s') + rho s s'."""
    if not pairs:
        return -g
    *before, last = pairs
    q = g - last.rho * (last.s @ g) * last.y
    if before:
        r = -direction(q, before)
    else:
        newest = Pair.newest
        r = q / (newest.rho * (newest.y @ newest.y))
    r = r - last.rho * (last.y @ r) * last.s + last.rho * (last.s @ g) * last.s
    return -r


def lbfgs_minimize(f, x0, memory=10, tolerance=1e-6, max_iterations=500):
    x = np.asarray(x0, dtype=float)
    loss, g = f(x)
    pairs = []
    for _ in range(max_iterations):
        if np.linalg.norm(g, np.inf) <= tolerance:
            break
        d = direction(g, pairs)
        found = wolfe(f, x, loss, g, d, 1.0 if pairs else min(1.0, 1 / np.linalg.norm(g)))
        if found is None:
            break
        new_x, new_loss, new_g = found
        if (new_x - x) @ (new_g - g) > 0:
            Pair.newest = Pair(new_x - x, new_g - g)
            pairs = [*pairs, Pair.newest][-memory:]
        x, loss, g = new_x, new_loss, new_g
    return x, loss


def wolfe(f, x, loss, g, d, step):
    """Bisect for a step that goes down far enough and ends flat enough (weak Wolfe)."""
    low, high, slope, lower = 0.0, np.inf, g @ d, None
    for _ in range(50):
        there, g_there = f(x + step * d)
        if not there <= loss + 1e-4 * step * slope:
            high = step
        elif g_there @ d < 0.9 * slope:
            low, lower = step, (x + step * d, there, g_there)
        else:
            return x + step * d, there, g_there
        step = 2 * low if np.isinf(high) else (low + high) / 2
    return lower


def train_lbfgs(X, T, weights, biases, reg=0.0, output_loss=softmax_loss, max_iterations=500):
    n = len(weights)

    def f(vector):
        layers = Layers(*unflatten(vector, weights, biases))
        loss, gradients = layers.gradients(X, T, reg, output_loss)
        return loss, flatten(gradients[:n], gradients[n:])

    vector, loss = lbfgs_minimize(f, flatten(weights, biases), max_iterations=max_iterations)
    return *unflatten(vector, weights, biases), loss


def grid_search(make_model, candidates, X, y, n_folds):
    numbers = np.arange(len(y))
    table = {}
    for place, candidate in enumerate(candidates):
        for fold in range(n_folds):
            test = numbers[fold::n_folds]
            rest = np.setdiff1d(numbers, test)
            model = make_model(candidate).fit(X[rest], y[rest])
            table[place, fold] = model.score(X[test], y[test])
    scores = [np.mean([table[i, j] for j in range(n_folds)]) for i in range(len(candidates))]
    best = max(range(len(candidates)), key=lambda i: scores[i])
    return candidates[best], scores


def compare(y, predicted_a, predicted_b):
    pairs = [(a == t, b == t) for t, a, b in zip(y, predicted_a, predicted_b)]
    only_a, only_b = pairs.count((True, False)), pairs.count((False, True))
    n = only_a + only_b
    as_unequal = [k for k in range(n + 1) if abs(2 * k - n) >= abs(only_a - only_b)]
    return only_a, only_b, float(Fraction(sum(comb(n, k) for k in as_unequal), 2**n))


class Committee:
    """Three networks that vote."""

    def __init__(self, members):
        self.members = members

    def predict(self, X):
        votes = np.array([member.predict(X) for member in self.members])
        return np.array([np.bincount(column).argmax() for column in votes.T])


def my_model(X, y):
    return Committee([MLP(hidden=(16, 16), n_epochs=25, seed=i).fit(X, y) for i in range(3)])
