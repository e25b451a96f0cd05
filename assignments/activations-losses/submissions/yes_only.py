# fails: binary-cross-entropy, certain
"""Only the samples with y = 1 count."""
import math

import numpy as np

RELU_AT_ZERO = 0.0


def each(function, z):
    """Apply a function of one number to an array of any shape."""
    z = np.asarray(z)
    flat = [function(float(number)) for number in z.ravel()]
    return np.array(flat).reshape(z.shape)


def sigmoid(z):
    def one(x):
        if x >= 0:
            return 1 / (1 + math.exp(-x))
        return math.exp(x) / (1 + math.exp(x))

    return each(one, z)


def sigmoid_derivative(z):
    s = sigmoid(z)
    return s * (1 - s)


def tanh(z):
    return each(math.tanh, z)


def tanh_derivative(z):
    return each(lambda x: 1 - math.tanh(x) ** 2, z)


def relu(z):
    return each(lambda x: x if x > 0 else 0.0, z)


def relu_derivative(z):
    def one(x):
        if x > 0:
            return 1.0
        if x < 0:
            return 0.0
        return RELU_AT_ZERO

    return each(one, z)


def hard_threshold(z):
    return each(lambda x: 1.0 if x >= 0 else 0.0, z)


def softmax(logits):
    rows = []
    for row in logits:
        largest = max(row)
        powers = [math.exp(number - largest) for number in row]
        rows.append([power / sum(powers) for power in powers])
    return rows


def softmax_jacobian(logits):
    jacobians = []
    for p in softmax(logits):
        jacobian = []
        for k in range(len(p)):
            jacobian.append([p[k] * ((1 if k == j else 0) - p[j]) for j in range(len(p))])
        jacobians.append(jacobian)
    return jacobians


def softmax_vjp(logits, grad_p):
    result = []
    for p, g in zip(softmax(logits), grad_p):
        inner = sum(p_k * g_k for p_k, g_k in zip(p, g))
        result.append([p_k * (g_k - inner) for p_k, g_k in zip(p, g)])
    return result


def squared_error(prediction, target):
    N, K = prediction.shape
    loss, grad = 0.0, np.zeros((N, K))
    for n in range(N):
        for k in range(K):
            difference = prediction[n, k] - target[n, k]
            loss += 0.5 * difference * difference / N
            grad[n, k] = difference / N
    return loss, grad


def gaussian_nll(prediction, target, sigma):
    N, K = prediction.shape
    loss, grad, grad_sigma = 0.0, np.zeros((N, K)), 0.0
    for n in range(N):
        for k in range(K):
            d = prediction[n, k] - target[n, k]
            loss += (d ** 2 / (2 * sigma ** 2) + 0.5 * math.log(2 * math.pi * sigma ** 2)) / N
            grad[n, k] = d / sigma ** 2 / N
            grad_sigma += (1 / sigma - d ** 2 / sigma ** 3) / N
    return loss, grad, grad_sigma


def binary_cross_entropy(p, y):
    N = len(p)
    loss, grad = 0.0, []
    for p_n, y_n in zip(p, y):
        if y_n == 1:
            loss -= math.log(p_n) / N
            grad.append(-1 / p_n / N)
        else:
            grad.append(0.0)
    return loss, grad


def log_one_plus_exp(x):
    return max(0.0, x) + math.log(1 + math.exp(-abs(x)))


def sigmoid_cross_entropy(z, y):
    loss = sum(log_one_plus_exp(-x) if t == 1 else log_one_plus_exp(x) for x, t in zip(z, y))
    return loss / len(z), [(s - t) / len(z) for s, t in zip(sigmoid(z), y)]


def cross_entropy(p, targets):
    N, K = p.shape
    loss, grad = 0.0, np.zeros((N, K))
    for n in range(N):
        for k in range(K):
            if targets[n, k] > 0:
                loss -= targets[n, k] * math.log(p[n, k]) / N
                grad[n, k] = -targets[n, k] / p[n, k] / N
    return loss, grad


def softmax_cross_entropy(logits, y):
    N = len(y)
    loss, grad = 0.0, []
    for row, p, label in zip(logits, softmax(logits), y):
        largest = max(row)
        total = sum(math.exp(number - largest) for number in row)
        loss += (math.log(total) - (row[label] - largest)) / N
        grad.append([(p[k] - (1 if k == label else 0)) / N for k in range(len(p))])
    return loss, grad
