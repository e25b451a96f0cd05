# fails: squared-error, gaussian-nll, binary-cross-entropy, sigmoid-cross-entropy, cross-entropy, softmax-cross-entropy, certain, stable-elements, stable-softmax
# diagnosis: returns_swapped
"""The gradient first, the loss second."""
import numpy as np

RELU_AT_ZERO = 0.0


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def sigmoid_derivative(z):
    s = sigmoid(z)
    return s * (1 - s)


def tanh(z):
    return np.tanh(z)


def tanh_derivative(z):
    return 1 - np.tanh(z) ** 2


def relu(z):
    return np.maximum(0, z)


def relu_derivative(z):
    grad = np.zeros_like(z)
    grad[z > 0] = 1
    grad[z == 0] = RELU_AT_ZERO
    return grad


def hard_threshold(z):
    return (z >= 0).astype(float)


def softmax(logits):
    e = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def softmax_jacobian(logits):
    p = softmax(logits)
    N, K = p.shape
    J = np.zeros((N, K, K))
    for n in range(N):
        J[n] = np.diag(p[n]) - np.outer(p[n], p[n])
    return J


def softmax_vjp(logits, grad_p):
    p = softmax(logits)
    dot = np.sum(grad_p * p, axis=1, keepdims=True)
    return p * (grad_p - dot)


def squared_error(prediction, target):
    N = prediction.shape[0]
    diff = prediction - target
    loss = 0.5 * np.sum(diff ** 2) / N
    return diff / N, loss


def gaussian_nll(prediction, target, sigma):
    N, K = prediction.shape
    diff = prediction - target
    sse = np.sum(diff ** 2)
    loss = sse / (2 * sigma ** 2) / N + K / 2 * np.log(2 * np.pi * sigma ** 2)
    grad_prediction = diff / sigma ** 2 / N
    grad_sigma = K / sigma - sse / sigma ** 3 / N
    return grad_prediction, grad_sigma, loss


def binary_cross_entropy(p, y):
    N = p.shape[0]
    p_right = np.where(y == 1, p, 1 - p)
    loss = -np.sum(np.log(p_right)) / N
    grad_p = np.where(y == 1, -1 / p_right, 1 / p_right) / N
    return grad_p, loss


def sigmoid_cross_entropy(z, y):
    N = z.shape[0]
    loss = np.sum(np.maximum(z, 0) - y * z + np.log(1 + np.exp(-np.abs(z)))) / N
    return (sigmoid(z) - y) / N, loss


def cross_entropy(p, targets):
    N = p.shape[0]
    mask = targets > 0
    logs = np.zeros_like(p)
    logs[mask] = np.log(p[mask])
    grad_p = np.zeros_like(p)
    grad_p[mask] = -targets[mask] / p[mask] / N
    return grad_p, -np.sum(targets * logs) / N


def softmax_cross_entropy(logits, y):
    N = logits.shape[0]
    z = logits - np.max(logits, axis=1, keepdims=True)
    log_p = z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))
    loss = -np.sum(log_p[np.arange(N), y]) / N
    grad = softmax(logits)
    grad[np.arange(N), y] -= 1
    return grad / N, loss
