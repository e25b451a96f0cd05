"""float32 throughout."""
import numpy as np

F = np.float32


def single(*arrays):
    return [np.asarray(a, dtype=F) for a in arrays]


def sign(z):
    (z,) = single(z)
    return (z >= 0).astype(F) - (z < 0).astype(F)


def perceptron_fit(X, y, max_epochs):
    X, y = single(X, y)
    w, b = np.zeros(X.shape[1], dtype=F), F(0)
    mistakes = epochs = 0
    while True:
        epochs += 1
        before = mistakes
        for n in range(len(y)):
            if y[n] * (F(0.5) + (X[n] @ w + b >= 0) - 1) < 0:
                w += y[n] * X[n]
                b += y[n]
                mistakes += 1
        if before == mistakes or epochs == max_epochs:
            return w, b, mistakes, epochs, before == mistakes


def mistake_bound(X, y, w, b):
    X, y, w, b = single(X, y, w, b)
    margins = y * (X @ w + b) / np.sqrt(w @ w + b * b)
    if (margins <= 0).any():
        return np.inf
    return (np.square(X).sum(1) + 1).max() / margins.min() ** 2


def three_perceptrons(X, first, second, third):
    (X,) = single(X)
    (w1, b1), (w2, b2), (w3, b3) = first, second, third
    z1 = sign(X @ F(w1) + F(b1))
    z2 = sign(X @ F(w2) + F(b2))
    return sign(F(w3[0]) * z1 + F(w3[1]) * z2 + F(b3))


def xor_net():
    w = np.array([1, -1], dtype=F)
    return (w, F(-0.5)), (w, F(0.5)), (w, F(0))


def adaline_loss(W, b, X, Y):
    W, b, X, Y = single(W, b, X, Y)
    E = Y - (X @ W + b)
    return (E * E).sum(), -2 * (X.T @ E), -2 * E.sum(0)


def widrow_hoff(W, b, X, Y, learning_rate):
    W, b, X, Y = single(W, b, X, Y)
    E = Y - (X @ W + b)
    return W + F(learning_rate) * (X.T @ E), b + F(learning_rate) * E.sum(0)


def adaline_fit(X, Y, learning_rate, epochs):
    W, b = np.zeros((X.shape[1], Y.shape[1]), dtype=F), np.zeros(Y.shape[1], dtype=F)
    losses = np.empty(epochs + 1, dtype=F)
    losses[0] = adaline_loss(W, b, X, Y)[0]
    for t in range(1, epochs + 1):
        W, b = widrow_hoff(W, b, X, Y, learning_rate)
        losses[t] = adaline_loss(W, b, X, Y)[0]
    return W, b, losses


def least_squares(X, Y):
    X, Y = single(X, Y)
    A = np.c_[X, np.ones(len(X), dtype=F)]
    solved, *_ = np.linalg.lstsq(A, Y, rcond=1e-5)
    return solved[:-1], solved[-1]


def ova_fit(X, y, n_classes, learning_rate, epochs):
    (X,) = single(X)
    T = np.equal.outer(y, range(n_classes)).astype(F)
    W, b = np.zeros((X.shape[1], n_classes), dtype=F), np.zeros(n_classes, dtype=F)
    for _ in range(epochs):
        E = T - 1 / (1 + np.exp(-(X @ W + b)))
        W, b = W + F(learning_rate) * (X.T @ E), b + F(learning_rate) * E.sum(0)
    return W, b


def ova_predict(X, W, b):
    X, W, b = single(X, W, b)
    return np.argmax(X @ W + b, axis=-1)
