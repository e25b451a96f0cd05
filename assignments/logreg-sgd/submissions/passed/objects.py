"""A model that knows its samples, a descent that is an iterator, and einsum for the sums."""
from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Model:
    w: np.ndarray
    X: np.ndarray

    @property
    def logits(self):
        return np.einsum("nd,d->n", self.X, self.w)

    @property
    def p(self):
        return np.exp(-np.logaddexp(0, -self.logits))

    @property
    def q(self):
        return np.exp(-np.logaddexp(0, self.logits))

    def loss(self, y):
        log_p = -np.logaddexp(0, -self.logits)
        log_q = -np.logaddexp(0, self.logits)
        return -np.sum(np.where(np.asarray(y) > 0.5, log_p, log_q))

    def slope(self, y):
        # p for the label 0, -(1 - p) for the label 1
        errors = np.where(np.asarray(y) > 0.5, -self.q, self.p)
        return np.einsum("n,nd->d", errors, self.X)

    def curvature(self):
        return np.einsum("n,ni,nj->ij", self.p * self.q, self.X, self.X)


def add_ones(Z):
    return np.pad(Z, ((0, 0), (1, 0)), constant_values=1.0)


def probabilities(w, X):
    return Model(w, X).p


def nll(w, X, y):
    return Model(w, X).loss(y)


def gradient(w, X, y):
    return Model(w, X).slope(y)


def hessian(w, X):
    return Model(w, X).curvature()


def largest_stable_rate(H):
    eigenvalues = np.linalg.eigvals(H)
    return 2 / eigenvalues.real.max()


class Descent:
    def __init__(self, loss_and_gradient, start, learning_rate):
        self.ask = loss_and_gradient
        self.place = np.array(start)
        self.rate = learning_rate

    def __iter__(self):
        while True:
            loss, slope = self.ask(self.place)
            yield self.place.copy(), float(loss)
            self.place = self.place - np.multiply(self.rate, slope)


def gd(loss_and_gradient, start, learning_rate, n_steps):
    descent = Descent(loss_and_gradient, start, learning_rate)
    places, losses = zip(*itertools.islice(descent, n_steps + 1))
    return np.stack(places), np.array(losses)


def random_restarts(loss_and_gradient, starts, learning_rate, n_steps):
    runs = [gd(loss_and_gradient, start, learning_rate, n_steps) for start in starts]
    best = np.nanargmin([losses[-1] for _, losses in runs])
    path, losses = runs[best]
    return path[-1], losses[-1]


def minibatches(n, batch_size, rng):
    order = rng.choice(n, size=n, replace=False)
    return np.split(order, np.arange(batch_size, n, batch_size))


def sgd(X, y, start, learning_rate, batch_size, n_epochs, rng):
    def epochs(w):
        yield w
        for _ in range(n_epochs):
            for rows in minibatches(len(X), batch_size, rng):
                w = w - learning_rate * Model(w, X[rows]).slope(y[rows])
            yield w

    path = np.array(list(epochs(start)))
    return path, np.array([Model(w, X).loss(y) for w in path])


def diagnose_trace(losses):
    trace = np.array(losses, float)
    if not (np.isfinite(trace).all() and trace[-1] <= trace[0]):
        return "diverging"
    fall = np.ptp(np.append(trace[0], trace.min()))
    late = trace[len(trace) // 2 :]
    above = np.subtract.outer(trace, trace)  # of each loss, above each other one
    if np.tril(above)[len(trace) // 2 :].max() > 0.25 * fall:
        return "oscillating"
    return "right" if late[0] - late[-1] < 0.4 * fall else "too small"


def fit(X, y):
    # Newton's steps, each halved until the loss does not rise
    w = np.zeros(X.shape[1])
    for _ in range(30):
        model = Model(w, X)
        step = np.linalg.lstsq(model.curvature(), model.slope(y), rcond=None)[0]
        while Model(w - step, X).loss(y) > model.loss(y) + 1e-12:
            step = step / 2
        w = w - step
    return w
