"""Numbers and lists. Slow and honest."""
import math

import numpy as np


def sign_of_number(z):
    if z < 0:
        return -1
    return 1


def sign(z):
    if np.ndim(z) == 0:
        return sign_of_number(z)
    return [sign(part) for part in z]


def score(w, b, x):
    total = b
    for weight, number in zip(w, x):
        total += weight * number
    return total


def perceptron_fit(X, y, max_epochs):
    w, b = [0] * len(X[0]), 0
    mistakes = 0
    for epoch in range(max_epochs):
        is_clean = True
        for x, label in zip(X, y):
            if sign_of_number(score(w, b, x)) == label:
                continue
            is_clean = False
            mistakes += 1
            w = [weight + label * number for weight, number in zip(w, x)]
            b += label
        if is_clean:
            break
    return w, b, mistakes, epoch + 1, is_clean


def mistake_bound(X, y, w, b):
    size = math.sqrt(sum(v * v for v in w) + b * b)
    smallest = math.inf
    largest = 0.0
    for x, label in zip(X, y):
        smallest = min(smallest, label * score(w, b, x) / size)
        largest = max(largest, 1 + sum(v * v for v in x))
    return largest / smallest ** 2 if smallest > 0 else math.inf


def three_perceptrons(X, first, second, third):
    outputs = []
    for x in X:
        seen = [sign_of_number(score(w, b, x)) for w, b in (first, second)]
        outputs.append(sign_of_number(score(third[0], third[1], seen)))
    return outputs


def xor_net():
    return ([1, 1], -2), ([-1, -1], 0), ([-1, -1], -1)


def predictions(W, b, X):
    n_outputs = len(b)
    return [
        [score([row[k] for row in W], b[k], x) for k in range(n_outputs)] for x in X
    ]


def adaline_loss(W, b, X, Y):
    J = 0.0
    grad_W = np.zeros(np.shape(W))
    grad_b = np.zeros(np.shape(b))
    for x, target, output in zip(X, Y, predictions(W, b, X)):
        for k in range(len(b)):
            error = target[k] - output[k]
            J += error ** 2
            grad_b[k] -= 2 * error
            for d in range(len(x)):
                grad_W[d, k] -= 2 * error * x[d]
    return J, grad_W, grad_b


def widrow_hoff(W, b, X, Y, learning_rate):
    new_W, new_b = np.array(W), np.array(b)
    for x, target, output in zip(X, Y, predictions(W, b, X)):
        for k in range(len(b)):
            step = learning_rate * (target[k] - output[k])
            new_b[k] += step
            for d in range(len(x)):
                new_W[d, k] += step * x[d]
    return new_W, new_b


def adaline_fit(X, Y, learning_rate, epochs):
    W = np.zeros((len(X[0]), len(Y[0])))
    b = np.zeros(len(Y[0]))
    losses = []
    for epoch in range(epochs + 1):
        if epoch > 0:
            step = learning_rate * np.array([1.0])
            J, grad_W, grad_b = adaline_loss(W, b, X, Y)
            W, b = W - step / 2 * grad_W, b - step / 2 * grad_b
        losses.append(adaline_loss(W, b, X, Y)[0])
    return W, b, losses


def least_squares(X, Y):
    centre, level = np.mean(X, axis=0), np.mean(Y, axis=0)
    W = np.stack(
        [np.linalg.lstsq(X - centre, Y[:, k] - level[k], rcond=None)[0] for k in range(len(Y[0]))],
        axis=1,
    )
    return W, [level[k] - score(W[:, k], 0, centre) for k in range(len(level))]


def one_class(X, targets, learning_rate, epochs):
    w, b = [0.0] * len(X[0]), 0.0
    for epoch in range(epochs):
        errors = [t - 1 / (1 + math.exp(-score(w, b, x))) for x, t in zip(X, targets)]
        b = b + learning_rate * sum(errors)
        for d in range(len(w)):
            w[d] += learning_rate * sum(e * x[d] for e, x in zip(errors, X))
    return w, b


def ova_fit(X, y, n_classes, learning_rate, epochs):
    W, b = [], []
    for k in range(n_classes):
        column, bias = one_class(X, [int(label == k) for label in y], learning_rate, epochs)
        W.append(column)
        b.append(bias)
    return np.array(W).T, np.array(b)


def ova_predict(X, W, b):
    classes = []
    for row in predictions(W, b, X):
        best = 0
        for k in range(1, len(row)):
            if row[k] > row[best]:
                best = k
        classes.append(best)
    return classes
