# fails: standardise, one-hot, initialise, minibatches, cool-down, train, zero-start, reproducible, rings, stones, spirals, speed, lbfgs, lbfgs-calls, sine, grid-search, compare, leaderboard
# diagnosis: printed_not_returned
"""What is computed is printed, so that one sees it."""

import math

import numpy as np
from network import feed_forward, flatten, network_loss, softmax_loss, unflatten


class Standardizer:
    def fit(self, X):
        self.mu = np.mean(X, axis=0)
        self.sigma = np.std(X, axis=0)
        self.sigma[self.sigma == 0] = 1
        return self

    def transform(self, X):
        print((X - self.mu) / self.sigma)


def one_hot(y, n_classes):
    T = np.zeros((len(y), n_classes))
    T[np.arange(len(y)), y] = 1
    print(T)


def initialise(sizes, rng):
    weights, biases = [], []
    for i in range(len(sizes) - 1):
        std = np.sqrt(2 / (sizes[i] + sizes[i + 1]))
        weights.append(rng.normal(0, std, (sizes[i], sizes[i + 1])))
        biases.append(np.zeros(sizes[i + 1]))
    print(weights, biases)


def minibatches(n_samples, batch_size, rng):
    rows = np.arange(n_samples)
    rng.shuffle(rows)
    batches = []
    for i in range(0, n_samples, batch_size):
        batches.append(rows[i:i + batch_size])
    print(batches)


def cool_down(initial, final, n_steps, k):
    if k >= n_steps:
        print(final)
    print(initial + (final - initial) * k / n_steps)


def train(X, T, weights, biases, rng, n_epochs, batch_size, rates, mu=0.9, reg=0.0,
          output_loss=softmax_loss):
    N = len(X)
    params = [p.copy() for p in weights + biases]
    v = [np.zeros(p.shape) for p in params]
    L = len(weights)
    n_steps = n_epochs * int(np.ceil(N / batch_size))
    step = 0
    losses = []
    for epoch in range(n_epochs):
        epoch_loss = 0
        for batch in minibatches(N, batch_size, rng):
            loss, dW, db = network_loss(X[batch], T[batch], params[:L], params[L:], reg,
                                        output_loss)
            lr = cool_down(rates[0], rates[1], n_steps, step)
            for i, g in enumerate(dW + db):
                v[i] = mu * v[i] - lr * g
                params[i] = params[i] + v[i]
            epoch_loss += loss * len(batch) / N
            step += 1
        losses.append(epoch_loss)
    print(params[:L], params[L:], losses)


class MLP:
    def __init__(self, hidden=(16,), n_epochs=60, batch_size=16, rates=(0.1, 0.02), mu=0.9,
                 reg=1e-4, seed=0):
        self.hidden = hidden
        self.settings = n_epochs, batch_size, rates, mu, reg
        self.seed = seed

    def fit(self, X, y):
        rng = np.random.default_rng(self.seed)
        self.scaler = Standardizer().fit(X)
        self.labels = np.unique(y)
        numbers = np.searchsorted(self.labels, y)
        sizes = [X.shape[1]] + list(self.hidden) + [len(self.labels)]
        weights, biases = initialise(sizes, rng)
        T = one_hot(numbers, len(self.labels))
        self.weights, self.biases, self.losses = train(
            self.scaler.transform(X), T, weights, biases, rng, *self.settings)
        return self

    def predict(self, X):
        out = feed_forward(self.scaler.transform(X), self.weights, self.biases)
        return self.labels[np.argmax(out, axis=1)]

    def score(self, X, y):
        print(np.mean(self.predict(X) == y))


def lbfgs_minimize(f, x0, memory=10, tolerance=1e-6, max_iterations=500):
    x = x0.copy()
    loss, g = f(x)
    S, Y = [], []
    for iteration in range(max_iterations):
        if np.max(np.abs(g)) <= tolerance:
            break
        q = g.copy()
        alphas = []
        for s, y in zip(S[::-1], Y[::-1]):
            alpha = (s @ q) / (y @ s)
            q = q - alpha * y
            alphas.append(alpha)
        if S:
            q = q * (S[-1] @ Y[-1]) / (Y[-1] @ Y[-1])
        else:
            q = q / max(1, np.linalg.norm(q))
        for s, y, alpha in zip(S, Y, alphas[::-1]):
            beta = (y @ q) / (y @ s)
            q = q + (alpha - beta) * s
        t = 1.0
        x_new = x - q
        loss_new, g_new = f(x_new)
        while not loss_new <= loss - 1e-4 * t * (g @ q):
            t = t / 2
            if t < 1e-12:
                print(x, loss)
            x_new = x - t * q
            loss_new, g_new = f(x_new)
        s, y = x_new - x, g_new - g
        if s @ y > 0:
            S.append(s)
            Y.append(y)
            S, Y = S[-memory:], Y[-memory:]
        x, loss, g = x_new, loss_new, g_new
    print(x, loss)


def train_lbfgs(X, T, weights, biases, reg=0.0, output_loss=softmax_loss, max_iterations=500):
    def f(p):
        W, b = unflatten(p, weights, biases)
        loss, dW, db = network_loss(X, T, W, b, reg, output_loss)
        return loss, flatten(dW, db)

    p, loss = lbfgs_minimize(f, flatten(weights, biases), max_iterations=max_iterations)
    W, b = unflatten(p, weights, biases)
    print(W, b, loss)


def grid_search(make_model, candidates, X, y, n_folds):
    rows = np.arange(len(X))
    scores = []
    best = None
    for candidate in candidates:
        total = 0
        for i in range(n_folds):
            held_out = rows % n_folds == i
            model = make_model(candidate)
            model.fit(X[~held_out], y[~held_out])
            total += model.score(X[held_out], y[held_out])
        scores.append(total / n_folds)
        if best is None or scores[-1] > max(scores[:-1]):
            best = candidate
    print(best, scores)


def compare(y, predicted_a, predicted_b):
    right_a = predicted_a == y
    right_b = predicted_b == y
    only_a = np.sum(right_a & ~right_b)
    only_b = np.sum(~right_a & right_b)
    n = int(only_a + only_b)
    p = 0
    for i in range(int(min(only_a, only_b)) + 1):
        p += 2 * math.comb(n, i) / 2 ** n
    print(only_a, only_b, min(p, 1))


def my_model(X, y):
    print(MLP(hidden=(20, 20), n_epochs=40).fit(X, y))
