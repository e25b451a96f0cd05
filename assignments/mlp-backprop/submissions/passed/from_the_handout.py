"""MLP with numpy, einsum where it reads well."""
import numpy as np


def affine_forward(X, W, b):
    return np.einsum("nd,dm->nm", X, W) + b, (X, W)


def affine_backward(grad_out, cache):
    X, W = cache
    return (
        np.einsum("nm,dm->nd", grad_out, W),
        np.einsum("nd,nm->dm", X, grad_out),
        np.einsum("nm->m", grad_out),
    )


def relu_forward(Z):
    on = Z > 0
    return np.where(on, Z, 0), on


def relu_backward(grad_out, cache):
    return grad_out * cache


def softmax_loss(logits, y):
    N = len(logits)
    logp = logits - np.logaddexp.reduce(logits, axis=1)[:, None]
    rows = np.arange(N)
    grad = np.exp(logp) / N
    grad[rows, y] -= 1 / N
    return -logp[rows, y].mean(), grad


def initialise(sizes, rng):
    weights, biases = [], []
    for n_in, n_out in zip(sizes, sizes[1:]):
        edge = np.sqrt(6 / n_in)  # uniform on (-a, a) has the deviation a / sqrt(3)
        weights.append(rng.uniform(-edge, edge, size=(n_in, n_out)))
        biases.append(np.zeros(n_out))
    return weights, biases


def feed_forward(X, weights, biases):
    caches = []
    A = X
    for layer, (W, b) in enumerate(zip(weights, biases)):
        if layer:
            A, on = relu_forward(A)
            caches.append((relu_backward, on))
        A, cache = affine_forward(A, W, b)
        caches.append((affine_backward, cache))
    return A, caches


def collapse(weights, biases):
    # push the origin and the unit vectors through
    def straight(A):
        for W, b in zip(weights, biases):
            A = A @ W + b
        return A

    D = weights[0].shape[0]
    b = straight(np.zeros((1, D)))[0]
    return straight(np.eye(D)) - b, b


def network_loss(X, y, weights, biases, reg):
    logits, caches = feed_forward(X, weights, biases)
    loss, G = softmax_loss(logits, y)
    grad_W, grad_b = [], []
    for backward, cache in reversed(caches):
        if backward is affine_backward:
            G, dW, db = backward(G, cache)
            grad_W.insert(0, dW)
            grad_b.insert(0, db)
        else:
            G = backward(G, cache)
    loss += reg / 2 * sum((W**2).sum() for W in weights)
    return loss, [g + reg * W for g, W in zip(grad_W, weights)], grad_b


def sample_gradients(x, y, weights, biases):
    inputs, z = [], None
    a = x
    for W, b in zip(weights, biases):
        if z is not None:
            a = np.clip(z, 0, None)
        inputs.append(a)
        z = a @ W + b
    delta = np.exp(z - z.max())
    delta = delta / delta.sum()
    delta[y] -= 1
    gW, gb = [], []
    for layer in range(len(weights) - 1, -1, -1):
        gW.append(np.outer(inputs[layer], delta))
        gb.append(delta)
        if layer:
            delta = (weights[layer] @ delta) * (inputs[layer] > 0)
    return gW[::-1], gb[::-1]


def train_step(X, y, weights, biases, reg, learning_rate):
    loss, gW, gb = network_loss(X, y, weights, biases, reg)
    down = lambda xs, gs: [x - learning_rate * g for x, g in zip(xs, gs)]
    return loss, down(weights, gW), down(biases, gb)
