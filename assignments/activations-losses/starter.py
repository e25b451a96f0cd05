"""Activation functions and losses with their derivatives, with numpy.

The handout (README.md) has the mathematics, the conventions, and a worked example. N is the number
of samples; every loss is the mean over the N samples. No function changes the arrays it is given.
"""

import numpy as np

# The derivative of ReLU at exactly 0, where it has none: any number from 0 to 1. It is yours to
# choose, and relu_derivative has to return it there.
RELU_AT_ZERO = 0.0


def sigmoid(z):
    """Return 1 / (1 + exp(-z)) for each entry of z, an array of any shape."""
    # YOUR CODE HERE
    raise NotImplementedError


def sigmoid_derivative(z):
    """Return the derivative of the sigmoid at each entry of z: at its argument, not its value."""
    # YOUR CODE HERE
    raise NotImplementedError


def tanh(z):
    """Return the hyperbolic tangent of each entry of z, an array of any shape."""
    # YOUR CODE HERE
    raise NotImplementedError


def tanh_derivative(z):
    """Return the derivative of tanh at each entry of z: at its argument, not its value."""
    # YOUR CODE HERE
    raise NotImplementedError


def relu(z):
    """Return max(0, z) for each entry of z, an array of any shape."""
    # YOUR CODE HERE
    raise NotImplementedError


def relu_derivative(z):
    """Return the derivative of ReLU at each entry of z: RELU_AT_ZERO where z is exactly 0."""
    # YOUR CODE HERE
    raise NotImplementedError


def hard_threshold(z):
    """Return 1 where z >= 0 and 0 where z < 0, as numbers, for each entry of z."""
    # YOUR CODE HERE
    raise NotImplementedError


def softmax(logits):
    """Return the probabilities exp(z_k) / sum_j exp(z_j) of each row z of the logits.

    logits has shape (N, K), one row a sample; so have the probabilities.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def softmax_jacobian(logits):
    """Return the Jacobians of the softmax of each row: J[n, k, j] = d p[n, k] / d logits[n, j].

    logits has shape (N, K), the result (N, K, K).
    """
    # YOUR CODE HERE
    raise NotImplementedError


def softmax_vjp(logits, grad_p):
    """Return the gradient of a loss with respect to the logits, given that for p = softmax(logits).

    All three have shape (N, K). Without a Jacobian: time and memory grow with N K, not N K K.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def squared_error(prediction, target):
    """Return (loss, grad_prediction) of the squared error.

    prediction and target have shape (N, K). The loss of a sample is 1/2 of the sum of its K squared
    differences; loss is the mean over the N samples.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def gaussian_nll(prediction, target, sigma):
    """Return (loss, grad_prediction, grad_sigma) of the Gaussian negative log-likelihood.

    prediction and target have shape (N, K); sigma > 0 is one number, the standard deviation of
    every entry. The loss of a sample is -log of the density of its K targets, constant included;
    loss is the mean over the N samples. grad_sigma is a number.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def binary_cross_entropy(p, y):
    """Return (loss, grad_p) of the binary cross-entropy, the mean of -log(probability of y).

    p has shape (N,): the probabilities of y = 1. y has shape (N,), its entries are 0 or 1. p may be
    exactly 0 where y = 0, and exactly 1 where y = 1: the loss of that sample is 0, and its gradient
    is that of the term which is left.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def sigmoid_cross_entropy(z, y):
    """Return (loss, grad_z) of the binary cross-entropy of p = sigmoid(z), the mean over the batch.

    z and y have shape (N,), the entries of y are 0 or 1. Both must be right for z of any size.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def cross_entropy(p, targets):
    """Return (loss, grad_p) of the cross-entropy of K classes, the mean over the batch.

    p and targets have shape (N, K); the targets of a sample are non-negative and sum to 1 (one 1,
    or several probabilities). p may be exactly 0 where the target is 0: that class adds nothing.
    Each entry of p is a variable of its own in grad_p, which has shape (N, K).
    """
    # YOUR CODE HERE
    raise NotImplementedError


def softmax_cross_entropy(logits, y):
    """Return (loss, grad_logits) of the cross-entropy of softmax(logits), the mean over the batch.

    logits has shape (N, K), y holds N labels in 0 .. K - 1. Both must be right for logits of any
    size.
    """
    # YOUR CODE HERE
    raise NotImplementedError
