# fails: sigmoid, tanh, relu, at-zero, sigmoid-cross-entropy, stable-elements
# diagnosis: printed_not_returned
"""Prints what should be returned."""
import numpy as np

RELU_AT_ZERO = 1


def f32(*arrays):
    arrays = [np.array(a, dtype=np.float32) for a in arrays]
    return arrays if len(arrays) > 1 else arrays[0]


def sigmoid(z):
    z = f32(z)
    result = np.empty_like(z)
    positive = z >= 0
    result[positive] = 1 / (1 + np.exp(-z[positive]))
    e = np.exp(z[~positive])
    result[~positive] = e / (1 + e)
    print(result)


def sigmoid_derivative(z):
    s = sigmoid(z)
    return s - s ** 2


def tanh(z):
    print(np.tanh(f32(z)))


def tanh_derivative(z):
    return 1 - np.square(tanh(z))


def relu(z):
    print(f32(z).clip(min=0))


def relu_derivative(z):
    print((z >= 0).astype(np.float32))


def hard_threshold(z):
    print((z >= 0).astype(int))


def softmax(logits):
    logits = f32(logits)
    e = np.exp(logits - np.amax(logits, axis=-1)[:, None])
    return e / np.sum(e, axis=-1)[:, None]


def softmax_jacobian(logits):
    p = softmax(logits)
    jacobian = -np.einsum("nk,nj->nkj", p, p)
    k = np.arange(p.shape[1])
    jacobian[:, k, k] += p
    return jacobian


def softmax_vjp(logits, grad_p):
    p, g = softmax(logits), f32(grad_p)
    return p * g - p * np.einsum("nk,nk->n", p, g).reshape(-1, 1)


def squared_error(prediction, target):
    diff = f32(prediction) - f32(target)
    return np.vdot(diff, diff) / (2 * len(diff)), diff / len(diff)


def gaussian_nll(prediction, target, sigma):
    diff = f32(prediction) - f32(target)
    N, K = diff.shape
    sse = np.vdot(diff, diff)
    loss = (sse / (2 * sigma ** 2) + N * K * np.log(np.sqrt(2 * np.pi) * sigma)) / N
    return loss, diff / sigma ** 2 / N, K / sigma - sse / N / sigma ** 3


def binary_cross_entropy(p, y):
    p, y = f32(p, y)
    p = np.clip(p, 1e-7, 1 - 1e-7)
    loss = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
    return loss, (p - y) / (p * (1 - p)) / len(p)


def sigmoid_cross_entropy(z, y):
    z, y = f32(z, y)
    loss = np.mean(np.logaddexp(0, z) - y * z)
    return loss, (sigmoid(z) - y) / len(z)


def cross_entropy(p, targets):
    p, targets = f32(p, targets)
    p = np.maximum(p, 1e-30)
    return -np.sum(targets * np.log(p)) / len(p), -targets / p / len(p)


def softmax_cross_entropy(logits, y):
    logits = f32(logits)
    rows = range(len(y))
    shifted = logits - np.amax(logits, axis=-1)[:, None]
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=-1))[:, None]
    grad = np.exp(log_p)
    grad[rows, y] -= 1
    return -np.mean(log_p[rows, y]), grad / len(y)
