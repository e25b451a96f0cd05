# fails: affine-forward, feed-forward, network-loss, network-gradient, deep-gradient, sample-gradients, symmetry, train-step
"""In the loops of a layer the sum goes on from one unit to the next."""

import math

import numpy as np


def affine_forward(X, W, b):
    out = np.zeros((len(X), len(b)))
    for n in range(len(X)):
        total = 0.0
        for m in range(len(b)):
            for d in range(len(W)):
                total += X[n, d] * W[d, m]
            out[n, m] = total + b[m]
    return out, [X, W]


def affine_backward(grad_out, cache):
    X, W = cache
    grad_X, grad_W, grad_b = np.zeros(X.shape), np.zeros(W.shape), np.zeros(W.shape[1])
    for n in range(X.shape[0]):
        for m in range(W.shape[1]):
            grad_b[m] += grad_out[n, m]
            for d in range(W.shape[0]):
                grad_X[n, d] += grad_out[n, m] * W[d, m]
                grad_W[d, m] += grad_out[n, m] * X[n, d]
    return grad_X, grad_W, grad_b


def relu_forward(Z):
    out = np.zeros(Z.shape)
    for index in np.ndindex(*Z.shape):
        if Z[index] > 0:
            out[index] = Z[index]
    return out, out


def relu_backward(grad_out, cache):
    # the output is positive exactly where the argument is
    grad_Z = np.zeros(cache.shape)
    for index in np.ndindex(*cache.shape):
        grad_Z[index] = grad_out[index] if cache[index] > 0 else 0.0
    return grad_Z


def softmax_of_sample(scores):
    largest = max(scores)
    odds = [math.exp(score - largest) for score in scores]
    log_total = largest + math.log(sum(odds))
    return [score - log_total for score in scores], [odd / sum(odds) for odd in odds]


def softmax_loss(logits, y):
    loss, grad = 0.0, np.zeros(logits.shape)
    for n, label in enumerate(y):
        log_p, p = softmax_of_sample(logits[n])
        loss -= log_p[label] / len(y)
        for k in range(len(p)):
            grad[n, k] = (p[k] - (k == label)) / len(y)
    return loss, grad


def initialise(sizes, rng):
    weights, biases = [], []
    for n_in, n_out in zip(sizes, sizes[1:]):
        limit = math.sqrt(6 / n_in)  # uniform in +-limit has variance limit^2 / 3
        weights.append(rng.uniform(-limit, limit, size=(n_in, n_out)))
        biases.append(np.zeros(n_out))
    return weights, biases


def feed_forward(X, weights, biases):
    rows, caches = [], []
    for x in X:
        logits, cache = forward_sample(x, weights, biases)
        rows.append(logits)
        caches.append(cache)
    return np.array(rows), caches


def forward_sample(x, weights, biases):
    activations = [x]
    for layer, (W, b) in enumerate(zip(weights, biases)):
        z = affine_forward(activations[-1][np.newaxis], W, b)[0][0]
        if layer < len(weights) - 1:
            z = np.array([max(0.0, z_i) for z_i in z])
        activations.append(z)
    return activations[-1], activations[:-1]


def sample_gradients(x, y, weights, biases):
    logits, activations = forward_sample(x, weights, biases)
    delta = np.array(softmax_of_sample(logits)[1])
    delta[y] -= 1
    grad_weights, grad_biases = [], []
    for a, W in zip(activations[::-1], weights[::-1]):
        grad_weights = [np.array([[a_i * d_j for d_j in delta] for a_i in a]), *grad_weights]
        grad_biases = [delta, *grad_biases]
        delta = np.array([sum(W_i * delta) if a_i > 0 else 0.0 for W_i, a_i in zip(W, a)])
    return grad_weights, grad_biases


def collapse(weights, biases):
    # the images of the origin and of the unit vectors tell an affine map
    def image(x):
        for W, b in zip(weights, biases):
            x = b + sum(x_d * W_d for x_d, W_d in zip(x, W))
        return x

    D = len(weights[0])
    b = image(np.zeros(D))
    return np.array([image(unit) - b for unit in np.eye(D)]), b


def network_loss(X, y, weights, biases, reg):
    N = len(X)
    loss = sum(-softmax_of_sample(forward_sample(x, weights, biases)[0])[0][t] for x, t in zip(X, y))
    loss = loss / N + reg / 2 * sum(float(w) ** 2 for W in weights for w in W.flat)
    grad_weights = [reg * W for W in weights]
    grad_biases = [np.zeros(len(b)) for b in biases]
    for x, t in zip(X, y):
        for total, grad in zip(grad_weights, sample_gradients(x, t, weights, biases)[0]):
            total += grad / N
        for total, grad in zip(grad_biases, sample_gradients(x, t, weights, biases)[1]):
            total += grad / N
    return loss, grad_weights, grad_biases


def train_step(X, y, weights, biases, reg, learning_rate):
    loss, grad_weights, grad_biases = network_loss(X, y, weights, biases, reg)
    weights = [W - learning_rate * grad for W, grad in zip(weights, grad_weights)]
    biases = [b - learning_rate * grad for b, grad in zip(biases, grad_biases)]
    return loss, weights, biases
