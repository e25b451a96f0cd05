# fails: sign, sign-at-zero, and-table, perceptron, perceptron-stops, mistake-bound, novikoff, three-perceptrons, xor-net, adaline-gradient, widrow-hoff, adaline-fit, least-squares, least-squares-dependent, adaline-limit, ova-fit, ova-predict, one-at-a-time
# diagnosis: not_implemented
"""Neurons with one layer of weights: the perceptron, XOR, Adaline and one-versus-all.

The handout (README.md) has the formulas, the conventions, and worked examples. A batch is a matrix
X of shape (N, D), one sample a row.
"""

import numpy as np


def sign(z):
    """Return 1 where z is 0 or more, else -1.

    z is a number or an array of any shape; the result has its shape.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def perceptron_fit(X, y, max_epochs):
    """Train a perceptron from w = 0, b = 0, sample by sample in the order of the rows.

    X has shape (N, D); y has shape (N,), labels -1 or 1. An epoch is one pass over all samples.
    Stop after the first epoch without a mistake, or after max_epochs of them (1 or more). Return
    (w, b, mistakes, epochs, converged): w of shape (D,), b a number, how often w and b were
    changed, how many epochs were begun, and True if the last one was without a mistake.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def mistake_bound(X, y, w, b):
    """Return Novikoff's bound (R / gamma)^2 on the mistakes of a perceptron.

    X (N, D) and y (N,) are the samples and their labels, -1 or 1; w (D,) and b are a separator,
    found in any way, not all zero. R and gamma are those of the samples with a 1 at their end. The
    result is infinity where gamma is not positive: then the bound promises nothing.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def three_perceptrons(X, first, second, third):
    """Return the output of two perceptrons that see X and a third that sees their outputs.

    X has shape (N, D). first and second are pairs (w, b) with w of shape (D,), third is a pair with
    w of shape (2,): its inputs are the signs that come out of first and second, in this order.
    Return the signs that come out of third, shape (N,).
    """
    # YOUR CODE HERE
    raise NotImplementedError


def xor_net():
    """Return (first, second, third) for `three_perceptrons`, so that it computes XOR.

    Each is a pair (w, b), w with two entries. The inputs are 0 or 1; the output must be 1 if just
    one of both is 1, and -1 if none or both are.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def adaline_loss(W, b, X, Y):
    """Return the sum of squared errors of X W + b, and its gradients with respect to W and b.

    W: (D, K), b: (K,), X: (N, D), Y: (N, K). The loss J is the sum over all samples and outputs,
    not halved and not a mean. Return (J, grad_W, grad_b).
    """
    # YOUR CODE HERE
    raise NotImplementedError


def widrow_hoff(W, b, X, Y, learning_rate):
    """Return (new_W, new_b) after one step of the Widrow-Hoff rule on a batch.

    Shapes are those of `adaline_loss`. The step is learning_rate times half of the gradient,
    downhill. Nothing that comes in is changed.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def adaline_fit(X, Y, learning_rate, epochs):
    """Train an Adaline from W = 0, b = 0: in each epoch one Widrow-Hoff step on all samples.

    X has shape (N, D), Y has shape (N, K). Return (W, b, losses): W (D, K), b (K,), and a list of
    epochs + 1 numbers, the loss J before the first step and after each step.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def least_squares(X, Y):
    """Return W (D, K) and b (K,) with the least loss J, without taking steps.

    X has shape (N, D), Y has shape (N, K). Where several W and b have the least loss, as with two
    equal columns in X or with more features than samples, any of them is right.
    """
    # YOUR CODE HERE
    raise NotImplementedError


def ova_fit(X, y, n_classes, learning_rate, epochs):
    """Train one sigmoid neuron for each class against all others, from W = 0, b = 0.

    X has shape (N, D); y has shape (N,), labels 0 ... n_classes - 1. The targets of class k are 1
    for samples of class k and 0 for all others. In each epoch every neuron takes one step of the
    Widrow-Hoff rule on all samples, with the sigmoid of X W + b for its output. Return (W, b):
    W (D, n_classes), one column a class, and b (n_classes,).
    """
    # YOUR CODE HERE
    raise NotImplementedError


def ova_predict(X, W, b):
    """Return the class of each sample, shape (N,): the one with the largest score in X W + b.

    X: (N, D), W: (D, K), b: (K,). Where scores are equal, the lowest class wins.
    """
    # YOUR CODE HERE
    raise NotImplementedError
