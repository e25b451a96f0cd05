"""Two small functions on matrices and one dictionary of values for each network."""
import numpy as np

identity_of = np.eye


def affine_forward(X, W, b):
    # the biases are the weights of an input that is always 1
    ones = np.ones((X.shape[0], 1))
    return np.hstack([X, ones]) @ np.vstack([W, b]), {"X": X, "W": W}


def affine_backward(G, cache):
    with_ones = np.hstack([cache["X"], np.ones((len(G), 1))])
    both = np.dot(with_ones.T, G)
    return np.dot(G, np.transpose(cache["W"])), both[:-1], both[-1]


def relu_forward(Z):
    return np.where(Z > 0, Z, 0), {"Z": Z}


def relu_backward(G, cache):
    # at 0 it lets the gradient through, which is as right as anything else
    return np.where(cache["Z"] < 0, 0, G)


def softmax_loss(logits, y):
    N, K = np.shape(logits)
    T = identity_of(K)[y]
    log_total = np.logaddexp.reduce(logits, axis=1, keepdims=True)
    P = np.exp(logits - log_total)
    return np.sum(T * (log_total - logits)) / N, (P - T) / N


def initialise(sizes, rng):
    weights = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        # two values are enough for a spread: +-sqrt(2 / n_in)
        signs = rng.integers(0, 2, size=(n_in, n_out)) * 2 - 1
        weights.append(signs * (2 / n_in) ** 0.5)
    return weights, [np.zeros(n) for n in sizes[1:]]


def feed_forward(X, weights, biases):
    values = {"A0": X}
    L = len(weights)
    for l in range(1, L + 1):
        A = values[f"A{l - 1}"]
        values[f"Z{l}"] = affine_forward(A, weights[l - 1], biases[l - 1])[0]
        values[f"A{l}"] = relu_forward(values[f"Z{l}"])[0]
    return values[f"Z{L}"], values


def collapse(weights, biases):
    if len(weights) == 1:
        return weights[0], biases[0]
    W, b = collapse(weights[1:], biases[1:])
    return weights[0] @ W, biases[0] @ W + b


def network_loss(X, y, weights, biases, reg):
    L = len(weights)
    logits, values = feed_forward(X, weights, biases)
    loss, G = softmax_loss(logits, y)
    grads = {}
    for l in range(L, 0, -1):
        cache = {"X": values[f"A{l - 1}"], "W": weights[l - 1]}
        G, grads[f"W{l}"], grads[f"b{l}"] = affine_backward(G, cache)
        grads[f"W{l}"] = grads[f"W{l}"] + reg * weights[l - 1]
        if l > 1:
            G = relu_backward(G, {"Z": values[f"Z{l - 1}"]})
    penalty = reg / 2 * sum(np.linalg.norm(W) ** 2 for W in weights)
    return (
        loss + penalty,
        [grads[f"W{l}"] for l in range(1, L + 1)],
        [grads[f"b{l}"] for l in range(1, L + 1)],
    )


def sample_gradients(x, y, weights, biases):
    L = len(weights)
    a, z = [x], []
    for l in range(L):
        z.append(weights[l].T.dot(a[l]) + biases[l])
        a.append(np.maximum(z[l], 0))
    p = np.exp(z[-1] - np.logaddexp.reduce(z[-1]))
    delta = p - identity_of(len(p))[y]
    grad_weights, grad_biases = [None] * L, [None] * L
    for l in range(L - 1, -1, -1):
        grad_weights[l] = a[l][:, None] * delta[None, :]
        grad_biases[l] = delta
        if l > 0:
            delta = weights[l].dot(delta) * (z[l - 1] > 0)
    return grad_weights, grad_biases


def train_step(X, y, weights, biases, reg, learning_rate):
    loss, grad_weights, grad_biases = network_loss(X, y, weights, biases, reg)

    def moved(parameters, gradients):
        return [value - learning_rate * grad for value, grad in zip(parameters, gradients)]

    return loss, moved(weights, grad_weights), moved(biases, grad_biases)
