# fails: hinge, squared-hinge
# code: wrong_operator|path_missing|stale_value
# code: regulariser_missing
# line: 96
from __future__ import print_function
from builtins import range
import numpy as np
from random import shuffle
from past.builtins import xrange


def svm_loss_naive(W, X, y, reg):
    """
    Structured SVM loss function, naive implementation (with loops).

    Inputs have dimension D, there are C classes, and we operate on minibatches
    of N examples.

    Inputs:
    - W: A numpy array of shape (D, C) containing weights.
    - X: A numpy array of shape (N, D) containing a minibatch of data.
    - y: A numpy array of shape (N,) containing training labels; y[i] = c means
      that X[i] has label c, where 0 <= c < C.
    - reg: (float) regularization strength

    Returns a tuple of:
    - loss as single float
    - gradient with respect to weights W; an array of same shape as W
    """
    dW = np.zeros(W.shape)  # initialize the gradient as zero

    # compute the loss and the gradient
    num_classes = W.shape[1]
    num_train = X.shape[0]
    loss = 0.0
    for i in xrange(num_train):
        scores = X[i].dot(W)
        correct_class_score = scores[y[i]]
        num_classes_greater_margin = 0
        for j in xrange(num_classes):
            if j == y[i]:
                continue
            margin = scores[j] - correct_class_score + 1  # note delta = 1
            if margin > 0:
                num_classes_greater_margin += 1
                # Gradient for non correct class weight.
                dW[:, j] = dW[:, j] + X[i, :]
                loss += margin
        # Gradient for correct class weight.
        dW[:, y[i]] = dW[:, y[i]] - X[i, :] * num_classes_greater_margin

    # Right now the loss is a sum over all training examples, but we want it
    # to be an average instead so we divide by num_train.
    loss /= num_train
    dW /= num_train

    # Add regularization to the loss.
    loss += reg * np.sum(W * W)
    dW = dW + reg * 2 * W
    return loss, dW


def svm_loss_vectorized(W, X, y, reg):
    """
    Structured SVM loss function, vectorized implementation.
    """
    loss = 0.0
    dW = np.zeros(W.shape)  # initialize the gradient as zero

    num_train = X.shape[0]
    scores = X.dot(W)
    yi_scores = scores[np.arange(scores.shape[0]), y]
    margins = np.maximum(0, scores - np.matrix(yi_scores).T + 1)
    margins[np.arange(num_train), y] = 0
    loss = np.mean(np.sum(margins, axis=1))
    loss += reg * np.sum(W * W)

    binary = np.array(margins)
    binary[binary > 0] = 1
    row_sum = np.sum(binary, axis=1)
    binary[np.arange(num_train), y] = -row_sum.T
    dW = np.dot(X.T, binary)
    dW /= num_train
    dW += 2 * reg * W
    return loss, dW


def binary_hinge(w, b, X, y, C):
    loss = 0.0
    dw = np.zeros_like(w)
    db = 0.0
    for i in xrange(X.shape[0]):
        f = w.dot(X[i]) + b
        if y[i] * f < 1:
            loss += 1 - y[i] * f
            dw = -y[i] * X[i]
            db += -y[i]
    loss = C * loss + 0.5 * np.sum(w ** 2)
    dw = C * dw + w
    db = C * db
    return loss, dw, db


def squared_hinge(w, b, X, y, reg):
    loss = 0.0
    dw = np.zeros_like(w)
    db = 0.0
    N = X.shape[0]
    for i in xrange(N):
        m = 1 - y[i] * (w.dot(X[i]) + b)
        if m > 0:
            loss += m ** 2
            dw += 2 * m * (-y[i]) * X[i]
            db += 2 * m * (-y[i])
    return loss / N + 0.5 * reg * np.sum(w ** 2), dw / N, db / N


if __name__ == '__main__':
    W = np.random.randn(3073, 10) * 0.0001
    print('no data here, nothing to do')
