# Written from the handout alone.
"""Neurons with one layer of weights: the perceptron, XOR, Adaline and one-versus-all."""

import numpy as np


def sign(z):
    """Return 1 where z is 0 or more, else -1; the result has the shape of z."""
    # [()] makes a plain number of an array without axes and leaves all others alone.
    return np.where(np.asarray(z) >= 0, 1, -1)[()]


def perceptron_fit(X, y, max_epochs):
    """Train a perceptron from zero; return (w, b, mistakes, epochs, converged)."""
    X = np.asarray(X, dtype=float)
    w = np.zeros(X.shape[1])
    b = 0.0
    mistakes = 0
    for epoch in range(1, max_epochs + 1):
        mistakes_before = mistakes
        for x, label in zip(X, y, strict=True):
            if sign(w @ x + b) != label:
                w = w + label * x
                b = b + label
                mistakes += 1
        if mistakes == mistakes_before:
            return w, b, mistakes, epoch, True
    return w, b, mistakes, max_epochs, False


def mistake_bound(X, y, w, b):
    """Return Novikoff's bound (R / gamma)^2, or infinity where the margin is not positive."""
    X, y, w = np.asarray(X, dtype=float), np.asarray(y), np.asarray(w, dtype=float)
    gamma = np.min(y * (X @ w + b)) / np.sqrt(w @ w + b**2)
    if gamma <= 0:
        return np.inf
    radius_squared = np.max(np.sum(X**2, axis=1)) + 1
    return radius_squared / gamma**2


def three_perceptrons(X, first, second, third):
    """Return the output of a perceptron that sees the outputs of two others, which see X."""
    outputs = [sign(np.asarray(X) @ np.asarray(w) + b) for w, b in (first, second)]
    w, b = third
    return sign(np.column_stack(outputs) @ np.asarray(w) + b)


def xor_net():
    """Return three perceptrons for XOR: "at least one", "both", and "the first but not the second".

    The third sees (-1, -1), (1, -1) or (1, 1): its score z1 - z2 - 1 is -1, 1 and -1.
    """
    at_least_one = (np.array([1.0, 1.0]), -0.5)
    both = (np.array([1.0, 1.0]), -1.5)
    first_not_second = (np.array([1.0, -1.0]), -1.0)
    return at_least_one, both, first_not_second


def adaline_loss(W, b, X, Y):
    """Return the sum of squared errors of X W + b, and its gradients: (J, grad_W, grad_b)."""
    X = np.asarray(X)
    errors = Y - (X @ W + b)
    return np.sum(errors**2), -2 * X.T @ errors, -2 * np.sum(errors, axis=0)


def widrow_hoff(W, b, X, Y, learning_rate):
    """Return (new_W, new_b) after a step of learning_rate times half of the gradient, downhill."""
    _, grad_W, grad_b = adaline_loss(W, b, X, Y)
    return W - learning_rate * grad_W / 2, b - learning_rate * grad_b / 2


def adaline_fit(X, Y, learning_rate, epochs):
    """Take one Widrow-Hoff step an epoch, from zero; return (W, b, losses)."""
    X, Y = np.asarray(X), np.asarray(Y)
    W = np.zeros((X.shape[1], Y.shape[1]))
    b = np.zeros(Y.shape[1])
    losses = [adaline_loss(W, b, X, Y)[0]]
    for _ in range(epochs):
        W, b = widrow_hoff(W, b, X, Y, learning_rate)
        losses.append(adaline_loss(W, b, X, Y)[0])
    return W, b, losses


def least_squares(X, Y):
    """Return W and b with the least loss J; where there are several, the shortest of them."""
    X = np.asarray(X)
    with_ones = np.column_stack([X, np.ones(len(X))])
    solution = np.linalg.lstsq(with_ones, np.asarray(Y), rcond=None)[0]
    return solution[:-1], solution[-1]


def sigmoid(z):
    """Return 1 / (1 + exp(-z)), by way of tanh, which cannot overflow."""
    return (1 + np.tanh(z / 2)) / 2


def ova_fit(X, y, n_classes, learning_rate, epochs):
    """Train one sigmoid neuron for each class against all others, from zero; return (W, b)."""
    X = np.asarray(X)
    targets = np.asarray(y)[:, None] == np.arange(n_classes)
    W = np.zeros((X.shape[1], n_classes))
    b = np.zeros(n_classes)
    for _ in range(epochs):
        errors = targets - sigmoid(X @ W + b)
        W = W + learning_rate * X.T @ errors
        b = b + learning_rate * np.sum(errors, axis=0)
    return W, b


def ova_predict(X, W, b):
    """Return the class of each sample: the one with the largest score, the lowest of equals."""
    return np.argmax(np.asarray(X) @ W + b, axis=1)
