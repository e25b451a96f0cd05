# fails: and-table, perceptron, perceptron-stops, novikoff, xor-net, adaline-gradient, widrow-hoff, adaline-fit, least-squares, least-squares-dependent, adaline-limit, ova-fit, one-at-a-time
# diagnosis: returns_swapped
"""Biases first, as the intercept comes first in w0 + w1 x1; and epochs before mistakes."""
import numpy as np


def sign(z):
    return 2 * (np.asarray(z) >= 0) - 1


def perceptron_fit(X, y, max_epochs):
    w = np.zeros(X.shape[1])
    b = 0
    mistakes = 0
    converged = False
    epochs = 0
    while epochs < max_epochs and not converged:
        converged = True
        for i in range(len(X)):
            if sign(np.dot(w, X[i]) + b) != y[i]:
                w = w + y[i] * X[i]
                b = b + y[i]
                mistakes += 1
                converged = False
        epochs += 1
    return b, w, epochs, mistakes, converged


def mistake_bound(X, y, w, b):
    length = np.sqrt(np.sum(w ** 2) + b ** 2)
    gamma = (y * (X @ w + b) / length).min()
    if gamma <= 0:
        return float("inf")
    R = np.sqrt((X ** 2).sum(axis=1) + 1).max()
    return (R / gamma) ** 2


def three_perceptrons(X, first, second, third):
    z1 = sign(X @ first[0] + first[1])
    z2 = sign(X @ second[0] + second[1])
    return sign(third[0][0] * z1 + third[0][1] * z2 + third[1])


def xor_net():
    only_first = (-1, np.array([2, -2]))
    only_second = (-1, np.array([-2, 2]))
    either = (1, np.array([1, 1]))
    return only_first, only_second, either


def adaline_loss(W, b, X, Y):
    error = X @ W + b - Y
    J = (error ** 2).sum()
    return J, 2 * error.sum(axis=0), 2 * X.T @ error


def widrow_hoff(W, b, X, Y, learning_rate):
    error = Y - X @ W - b
    return b + learning_rate * error.sum(axis=0), W + learning_rate * (X.T @ error)


def adaline_fit(X, Y, learning_rate, epochs):
    W = np.zeros((X.shape[1], Y.shape[1]))
    b = np.zeros(Y.shape[1])
    losses = []
    for epoch in range(epochs):
        losses.append(adaline_loss(W, b, X, Y)[0])
        b, W = widrow_hoff(W, b, X, Y, learning_rate)
    losses.append(adaline_loss(W, b, X, Y)[0])
    return b, W, losses


def least_squares(X, Y):
    A = np.hstack([X, np.ones((len(X), 1))])
    solved = np.linalg.pinv(A) @ Y
    return solved[-1], solved[:-1]


def ova_fit(X, y, n_classes, learning_rate, epochs):
    T = np.zeros((len(X), n_classes))
    T[np.arange(len(X)), y] = 1
    W = np.zeros((X.shape[1], n_classes))
    b = np.zeros(n_classes)
    for epoch in range(epochs):
        p = 1 / (1 + np.exp(-(X @ W + b)))
        W = W + learning_rate * X.T @ (T - p)
        b = b + learning_rate * (T - p).sum(axis=0)
    return b, W


def ova_predict(X, W, b):
    return (X @ W + b).argmax(axis=1)
