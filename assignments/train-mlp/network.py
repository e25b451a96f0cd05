"""A multi-layer perceptron, its loss and its gradient: ready to be trained.

This is what you wrote in mlp-backprop, with tanh in the hidden layers, one row of targets for each
sample in place of its label, and the loss of your choice at the top.
"""

import numpy as np


def feed_forward(X, weights, biases):
    """Return the output of the last layer (N, S_L) for samples X (N, S_0), before any softmax.

    Z_l = A_{l-1} W_l + b_l with A_0 = X, and A_l = tanh(Z_l) for all layers but the last.
    """
    A = X
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        A = np.tanh(A @ W + b)
    return A @ weights[-1] + biases[-1]


def softmax_loss(out, T):
    """Return the mean cross-entropy of logits (N, K) and targets (N, K), and its gradient.

    The targets are probabilities, as the rows of a one-hot matrix are.
    """
    shifted = out - out.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -(T * log_p).sum() / len(out), (np.exp(log_p) - T) / len(out)


def squared_loss(out, T):
    """Return half the mean over the samples of their squared errors, and its gradient.

    The squared error of a sample is the sum over its outputs: out and targets are (N, K).
    """
    error = out - T
    return 0.5 * (error**2).sum() / len(out), error / len(out)


def network_loss(X, T, weights, biases, reg=0.0, output_loss=softmax_loss):
    """Return the loss of a network, and its gradients: (loss, grad_weights, grad_biases).

    The loss is that of the output plus reg/2 times the sum of all squared weights; biases are free.
    grad_weights and grad_biases are lists like weights and biases.
    """
    A = [X]
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        A.append(np.tanh(A[-1] @ W + b))
    loss, G = output_loss(A[-1] @ weights[-1] + biases[-1], T)
    grad_weights, grad_biases = [], []
    for W, inputs in zip(weights[::-1], A[::-1], strict=True):
        grad_weights.append(inputs.T @ G + reg * W)
        grad_biases.append(G.sum(axis=0))
        if inputs is not X:
            G = (G @ W.T) * (1 - inputs**2)
    if reg:
        loss += 0.5 * reg * sum((W**2).sum() for W in weights)
    return loss, grad_weights[::-1], grad_biases[::-1]


def flatten(weights, biases):
    """Return all weights, and behind them all biases, in one new vector."""
    return np.concatenate([np.ravel(array) for array in (*weights, *biases)])


def unflatten(vector, weights, biases):
    """Return the weights and biases that `flatten` made `vector` of: (weights, biases).

    The arrays that are handed in tell the shapes, and nothing else.
    """
    arrays, start = [], 0
    for like in (*weights, *biases):
        arrays.append(vector[start : start + like.size].reshape(like.shape))
        start += like.size
    return arrays[: len(weights)], arrays[len(weights) :]
