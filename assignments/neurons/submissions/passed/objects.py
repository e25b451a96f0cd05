# neurons.py
# One class for all neurons, with a rule of its own for each kind.
import numpy as np


def sign(z):
    z = np.array(z)
    result = np.ones(z.shape, dtype=int)
    result[z < 0] = -1
    return result


class Neuron(object):
    """z = w . x + b, and what is made of it."""

    def __init__(self, n_inputs):
        self.w = np.zeros(n_inputs)
        self.b = 0.0

    @classmethod
    def of(cls, pair):
        neuron = cls(len(pair[0]))
        neuron.w, neuron.b = pair
        return neuron

    def score(self, X):
        return np.dot(X, self.w) + self.b

    def output(self, X):
        return self.score(X)

    def learn(self, X, targets, rate):
        error = targets - self.output(X)
        self.w = self.w + rate * np.dot(error, X)
        self.b = self.b + rate * np.sum(error)


class Perceptron(Neuron):
    def output(self, X):
        return sign(self.score(X))

    def epoch(self, X, y):
        """Return how many mistakes are made."""
        n = 0
        for x, label in zip(X, y):
            before = self.w, self.b
            # an error of +2 or -2, or none
            self.learn(x[None, :], np.array([label]), 0.5)
            n += before[1] != self.b
        return n


class Logistic(Neuron):
    def output(self, X):
        return 1.0 / (1.0 + np.exp(-self.score(X)))


def perceptron_fit(X, y, max_epochs):
    p = Perceptron(X.shape[1])
    per_epoch = []
    while len(per_epoch) < max_epochs and (not per_epoch or per_epoch[-1]):
        per_epoch.append(p.epoch(X, y))
    return p.w, p.b, int(np.sum(per_epoch)), len(per_epoch), per_epoch[-1] == 0


def mistake_bound(X, y, w, b):
    p = Perceptron.of((w, b))
    gamma = np.min(p.score(X) * y) / np.hypot(np.linalg.norm(w), b)
    R = max(np.hypot(np.linalg.norm(x), 1) for x in X)
    return np.square(R / gamma) if gamma > 0 else np.inf


def three_perceptrons(X, first, second, third):
    a, b, c = Perceptron.of(first), Perceptron.of(second), Perceptron.of(third)
    return c.output(np.array([a.output(X), b.output(X)]).T)


def xor_net():
    return [([5.0, -7.0], -2.0), ([1.0, -1.0], 0.5), ([1.0, -2.0], 1.5)]


def units(kind, W, b):
    return [kind.of((W[:, k], b[k])) for k in range(W.shape[1])]


def stack(neurons):
    return np.array([n.w for n in neurons]).T, np.array([n.b for n in neurons])


def adaline_loss(W, b, X, Y):
    errors = [Y[:, k] - n.output(X) for k, n in enumerate(units(Neuron, W, b))]
    J = sum(np.dot(e, e) for e in errors)
    return J, np.array([-2 * np.dot(e, X) for e in errors]).T, [-2 * e.sum() for e in errors]


def widrow_hoff(W, b, X, Y, learning_rate):
    neurons = units(Neuron, W, b)
    for n, targets in zip(neurons, Y.T):
        n.learn(X, targets, learning_rate)
    return stack(neurons)


def adaline_fit(X, Y, learning_rate, epochs):
    neurons = [Neuron(X.shape[1]) for column in Y.T]

    def loss():
        return sum(np.sum((t - n.output(X)) ** 2) for n, t in zip(neurons, Y.T))

    losses = [loss()]
    for e in range(epochs):
        for n, targets in zip(neurons, Y.T):
            n.learn(X, targets, learning_rate)
        losses.append(loss())
    return stack(neurons) + (np.array(losses),)


def least_squares(X, Y):
    ones = np.ones((X.shape[0], 1))
    best = np.dot(np.linalg.pinv(np.concatenate((X, ones), axis=1)), Y)
    return best[0:-1, :], best[-1, :]


def ova_fit(X, y, n_classes, learning_rate, epochs):
    neurons = [Logistic(X.shape[1]) for k in range(n_classes)]
    for k, n in enumerate(neurons):
        for e in range(epochs):
            n.learn(X, 1.0 * (y == k), learning_rate)
    return stack(neurons)


def ova_predict(X, W, b):
    scores = np.array([n.score(X) for n in units(Logistic, W, b)])
    return np.array([list(column).index(max(column)) for column in scores.T])
