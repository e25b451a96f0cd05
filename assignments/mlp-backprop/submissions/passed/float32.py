"""Single precision throughout: half the memory, and what a graphics card would do."""

import numpy as np

DTYPE = np.float32


def affine_forward(X, W, b):
    X, W, b = (np.asarray(array, dtype=DTYPE) for array in (X, W, b))
    return X @ W + b, (X, W)


def affine_backward(grad_out, cache):
    X, W = cache
    grad_out = np.asarray(grad_out, dtype=DTYPE)
    return grad_out @ W.T, X.T @ grad_out, grad_out.sum(axis=0)


def relu_forward(Z):
    Z = np.asarray(Z, dtype=DTYPE)
    return np.maximum(Z, 0), Z


def relu_backward(grad_out, Z):
    return np.asarray(grad_out, dtype=DTYPE) * (Z > 0)


def softmax_loss(logits, y):
    # subtract before rounding, or large logits lose the digits that matter
    shifted = (logits - logits.max(axis=1, keepdims=True)).astype(DTYPE)
    odds = np.exp(shifted)
    totals = odds.sum(axis=1, keepdims=True)
    rows = np.arange(len(y))
    loss = (np.log(totals[:, 0]) - shifted[rows, y]).mean()
    grad = odds / totals
    grad[rows, y] -= 1
    return loss, grad / DTYPE(len(y))


def initialise(sizes, rng):
    pairs = list(zip(sizes[:-1], sizes[1:]))
    weights = [
        rng.standard_normal(pair, dtype=DTYPE) * np.sqrt(DTYPE(2 / pair[0])) for pair in pairs
    ]
    return weights, [np.zeros(pair[1], dtype=DTYPE) for pair in pairs]


def feed_forward(X, weights, biases):
    caches = []
    for W, b in zip(weights[:-1], biases[:-1]):
        Z, affine_cache = affine_forward(X, W, b)
        X, relu_cache = relu_forward(Z)
        caches += [affine_cache, relu_cache]
    logits, affine_cache = affine_forward(X, weights[-1], biases[-1])
    return logits, [*caches, affine_cache]


def collapse(weights, biases):
    # a last column for the biases makes one product of each layer
    product = np.eye(len(weights[0]) + 1, dtype=DTYPE)
    for W, b in zip(weights, biases):
        layer = np.zeros((len(W) + 1, W.shape[1] + 1), dtype=DTYPE)
        layer[:-1, :-1], layer[-1, :-1], layer[-1, -1] = W, b, 1
        product = product @ layer
    return product[:-1, :-1], product[-1, :-1]


def network_loss(X, y, weights, biases, reg):
    weights = [np.asarray(W, dtype=DTYPE) for W in weights]
    logits, caches = feed_forward(X, weights, biases)
    loss, grad = softmax_loss(logits, y)
    loss += DTYPE(reg / 2) * sum(np.vdot(W, W) for W in weights)
    grad_weights, grad_biases = [], []
    for i, W in reversed(list(enumerate(weights))):
        grad, grad_W, grad_b = affine_backward(grad, caches[2 * i])
        grad_weights.append(grad_W + DTYPE(reg) * W)
        grad_biases.append(grad_b)
        if i:
            grad = relu_backward(grad, caches[2 * i - 1])
    return loss, grad_weights[::-1], grad_biases[::-1]


def sample_gradients(x, y, weights, biases):
    _, grad_weights, grad_biases = network_loss(x[np.newaxis], np.array([y]), weights, biases, 0)
    return grad_weights, grad_biases


def train_step(X, y, weights, biases, reg, learning_rate):
    loss, grad_weights, grad_biases = network_loss(X, y, weights, biases, reg)
    step = DTYPE(learning_rate)
    new_weights = [W.astype(DTYPE) - step * grad for W, grad in zip(weights, grad_weights)]
    new_biases = [b.astype(DTYPE) - step * grad for b, grad in zip(biases, grad_biases)]
    return loss, new_weights, new_biases
