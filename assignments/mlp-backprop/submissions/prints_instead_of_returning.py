# fails: affine-forward, affine-backward, relu-forward, relu-backward, softmax-loss, softmax-gradient, softmax-stable, initialise, feed-forward, collapse, network-loss, network-gradient, deep-gradient, sample-gradients, symmetry, train-step
# diagnosis: printed_not_returned
"""Homework: backpropagation. Results are printed."""

import numpy as np


def affine_forward(X, W, b):
    out = X.dot(W) + b
    print(out, (X, W, b))


def affine_backward(dout, cache):
    X, W, b = cache
    dX = dout.dot(W.T)
    dW = X.T.dot(dout)
    db = np.sum(dout, axis=0)
    print(dX, dW, db)


def relu_forward(Z):
    out = np.maximum(0, Z)
    print(out, Z)


def relu_backward(dout, cache):
    dZ = np.array(dout, copy=True)
    dZ[cache <= 0] = 0
    print(dZ)


def softmax_loss(logits, y):
    N = logits.shape[0]
    z = logits - np.max(logits, axis=1, keepdims=True)
    log_p = z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))
    loss = -np.sum(log_p[np.arange(N), y]) / N
    dlogits = np.exp(log_p)
    dlogits[np.arange(N), y] -= 1
    dlogits /= N
    print(loss, dlogits)


def initialise(sizes, rng):
    weights, biases = [], []
    for i in range(len(sizes) - 1):
        weights.append(rng.standard_normal((sizes[i], sizes[i + 1])) * np.sqrt(2.0 / sizes[i]))
        biases.append(np.zeros(sizes[i + 1]))
    print(weights, biases)


def feed_forward(X, weights, biases):
    caches = []
    out = X
    last = len(weights) - 1
    for i in range(len(weights)):
        out, affine_cache = affine_forward(out, weights[i], biases[i])
        relu_cache = None
        if i < last:
            out, relu_cache = relu_forward(out)
        caches.append((affine_cache, relu_cache))
    print(out, caches)


def collapse(weights, biases):
    W, b = weights[0], biases[0]
    for i in range(1, len(weights)):
        b = b.dot(weights[i]) + biases[i]
        W = W.dot(weights[i])
    print(W, b)


def network_loss(X, y, weights, biases, reg):
    logits, caches = feed_forward(X, weights, biases)
    loss, dout = softmax_loss(logits, y)
    for W in weights:
        loss += 0.5 * reg * np.sum(W * W)

    L = len(weights)
    dweights, dbiases = [None] * L, [None] * L
    for i in range(L - 1, -1, -1):
        affine_cache, relu_cache = caches[i]
        if relu_cache is not None:
            dout = relu_backward(dout, relu_cache)
        dout, dweights[i], dbiases[i] = affine_backward(dout, affine_cache)
        dweights[i] = dweights[i] + reg * weights[i]
    print(loss, dweights, dbiases)


def sample_gradients(x, y, weights, biases):
    inputs, a = [], x
    for i in range(len(weights)):
        inputs.append(a)
        z = a.dot(weights[i]) + biases[i]
        a = np.maximum(0, z)
    p = np.exp(z - np.max(z))
    p /= np.sum(p)
    p[y] -= 1

    delta = p
    dweights, dbiases = [None] * len(weights), [None] * len(weights)
    for i in range(len(weights) - 1, -1, -1):
        dweights[i] = np.outer(inputs[i], delta)
        dbiases[i] = delta
        delta = weights[i].dot(delta) * (inputs[i] > 0)
    print(dweights, dbiases)


def train_step(X, y, weights, biases, reg, learning_rate):
    loss, dweights, dbiases = network_loss(X, y, weights, biases, reg)
    new_weights = [weights[i] - learning_rate * dweights[i] for i in range(len(weights))]
    new_biases = [biases[i] - learning_rate * dbiases[i] for i in range(len(biases))]
    print(loss, new_weights, new_biases)
