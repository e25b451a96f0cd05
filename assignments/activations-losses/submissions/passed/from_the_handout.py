"""Activations and losses, with other formulas than the first ones of the handout."""
import math

import numpy as np

RELU_AT_ZERO = 0.5


def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(np.asarray(z) < 0, e, 1.0) / (1 + e)


def sigmoid_derivative(z):
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2


def tanh(z):
    a = np.expm1(-2 * np.abs(z))
    return np.sign(z) * -a / (2 + a)


def tanh_derivative(z):
    return 4 * sigmoid_derivative(2 * np.asarray(z))


def relu(z):
    return (np.abs(z) + z) / 2


def relu_derivative(z):
    return np.heaviside(z, RELU_AT_ZERO)


def hard_threshold(z):
    return np.heaviside(z, 1)


def log_softmax(logits):
    out = []
    for row in np.asarray(logits, dtype=float).tolist():
        top = max(row)
        norm = top + math.log(math.fsum(math.exp(v - top) for v in row))
        out.append([v - norm for v in row])
    return out


def softmax(logits):
    return [[math.exp(v) for v in row] for row in log_softmax(logits)]


def softmax_jacobian(logits):
    result = []
    for p in softmax(logits):
        K = len(p)
        result.append([[p[k] * ((k == j) - p[j]) for j in range(K)] for k in range(K)])
    return result


def softmax_vjp(logits, grad_p):
    rows = []
    for p, g in zip(softmax(logits), grad_p):
        mean = sum(a * b for a, b in zip(p, g))
        rows.append([a * (b - mean) for a, b in zip(p, g)])
    return rows


def squared_error(prediction, target):
    N = len(prediction)
    grad = (prediction - target) / N
    return N * np.vdot(grad, grad) / 2, grad


def gaussian_nll(prediction, target, sigma):
    N, K = np.shape(prediction)
    square, grad = squared_error(prediction, target)
    loss = square / sigma**2 + K * math.log(sigma * math.sqrt(2 * math.pi))
    return loss, grad / sigma**2, K / sigma - 2 * square / sigma**3


def binary_cross_entropy(p, y):
    N = len(p)
    total, grad = 0.0, []
    for q, label in zip(p, y):
        if label == 1:
            total -= math.log(q)
            grad.append(-1 / (q * N))
        else:
            total -= math.log1p(-q)
            grad.append(1 / ((1 - q) * N))
    return total / N, grad


def sigmoid_cross_entropy(z, y):
    away = 1 - 2 * np.asarray(y)  # -1 for the answer 1, +1 for the answer 0
    return np.logaddexp(0, away * z).mean(), away * sigmoid(away * z) / len(z)


def cross_entropy(p, targets):
    N = len(p)
    loss, grad = 0.0, []
    for ps, ts in zip(p, targets):
        grad.append([-t / q / N if t else 0.0 for q, t in zip(ps, ts)])
        loss -= sum(t * math.log(q) for q, t in zip(ps, ts) if t)
    return loss / N, grad


def softmax_cross_entropy(logits, y):
    logp = log_softmax(logits)
    N = len(logp)
    loss = -sum(row[label] for row, label in zip(logp, y)) / N
    grad = [[(math.exp(v) - (k == label)) / N for k, v in enumerate(row)] for row, label in zip(logp, y)]
    return loss, grad
