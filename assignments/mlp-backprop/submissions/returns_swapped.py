# fails: affine-backward
# diagnosis: returns_swapped
"""Weights first, inputs second."""
import numpy as np


def one_hot(labels, n_classes):
    targets = np.zeros((len(labels), n_classes))
    for row, label in enumerate(labels):
        targets[row, label] = 1.0
    return targets


def affine_forward(inputs, weight, bias):
    cache = {"inputs": inputs, "weight": weight}
    return np.matmul(inputs, weight) + bias, cache


def affine_backward(upstream, cache):
    inputs, weight = cache["inputs"], cache["weight"]
    grad_inputs = np.matmul(upstream, weight.T)
    grad_weight = np.matmul(inputs.T, upstream)
    grad_bias = upstream.sum(axis=0)
    return grad_weight, grad_inputs, grad_bias


def relu_forward(inputs):
    mask = inputs > 0
    return np.where(mask, inputs, 0.0), mask


def relu_backward(upstream, mask):
    return np.where(mask, upstream, 0.0)


def log_softmax(scores):
    shifted = scores - scores.max(axis=1)[:, None]
    return shifted - np.log(np.exp(shifted).sum(axis=1))[:, None]


def softmax_loss(scores, labels):
    targets = one_hot(labels, scores.shape[1])
    log_p = log_softmax(scores)
    loss = -(targets * log_p).sum() / len(labels)
    return loss, (np.exp(log_p) - targets) / len(labels)


def initialise(sizes, rng):
    shapes = list(zip(sizes, sizes[1:]))
    weights = [rng.normal(0.0, np.sqrt(2.0 / rows), (rows, columns)) for rows, columns in shapes]
    biases = [np.zeros(columns) for _, columns in shapes]
    return weights, biases


def feed_forward(X, weights, biases):
    affine_caches, masks = [], []
    signal = X
    for weight, bias in zip(weights[:-1], biases[:-1]):
        signal, cache = affine_forward(signal, weight, bias)
        affine_caches.append(cache)
        signal, mask = relu_forward(signal)
        masks.append(mask)
    signal, cache = affine_forward(signal, weights[-1], biases[-1])
    affine_caches.append(cache)
    return signal, (affine_caches, masks)


def penalty(weights, biases, reg):
    return reg / 2 * sum(np.sum(weight**2) for weight in weights)


def collapse(weights, biases):
    kernel = np.eye(weights[0].shape[0])
    offset = np.zeros(weights[0].shape[0])
    for weight, bias in zip(weights, biases):
        kernel, offset = kernel @ weight, offset @ weight + bias
    return kernel, offset


def network_loss(X, y, weights, biases, reg):
    scores, (affine_caches, masks) = feed_forward(X, weights, biases)
    data_loss, upstream = softmax_loss(scores, y)

    grad_weight, upstream, grad_bias = affine_backward(upstream, affine_caches[-1])
    grad_weights, grad_biases = [grad_weight], [grad_bias]
    for cache, mask in zip(affine_caches[-2::-1], masks[::-1]):
        upstream = relu_backward(upstream, mask)
        grad_weight, upstream, grad_bias = affine_backward(upstream, cache)
        grad_weights.insert(0, grad_weight)
        grad_biases.insert(0, grad_bias)

    grad_weights = [grad + reg * weight for grad, weight in zip(grad_weights, weights)]
    return data_loss + penalty(weights, biases, reg), grad_weights, grad_biases


def sample_gradients(x, y, weights, biases):
    activations = [x]
    for weight, bias in zip(weights[:-1], biases[:-1]):
        activations.append(np.maximum(weight.T @ activations[-1] + bias, 0))
    scores = weights[-1].T @ activations[-1] + biases[-1]
    delta = np.exp(log_softmax(scores[None, :]))[0] - np.eye(len(scores))[y]

    grad_weights, grad_biases = [], []
    for activation, weight in zip(activations[::-1], weights[::-1]):
        grad_weights.insert(0, activation[:, None] * delta[None, :])
        grad_biases.insert(0, delta)
        delta = (weight @ delta) * (activation > 0)
    return grad_weights, grad_biases


def train_step(X, y, weights, biases, reg, learning_rate):
    loss, grad_weights, grad_biases = network_loss(X, y, weights, biases, reg)
    weights = [weight - learning_rate * grad for weight, grad in zip(weights, grad_weights)]
    biases = [bias - learning_rate * grad for bias, grad in zip(biases, grad_biases)]
    return loss, weights, biases
