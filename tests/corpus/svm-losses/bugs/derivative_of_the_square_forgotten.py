# fails: squared-hinge
# code: wrong_variable|none
# line: 66
import numpy as np
from random import shuffle

# collaborated with my lab partner on the vectorized part


def multiclass(W, X, y):
    """sum of hinge losses and its gradient, no regularization"""
    N = X.shape[0]
    scores = X.dot(W)
    good = scores[range(N), list(y)]
    diff = scores - good[:, None] + 1.0
    diff[range(N), list(y)] = 0.0
    mask = diff > 0.0
    total = diff[mask].sum()
    coef = mask.astype("float64")
    coef[range(N), list(y)] -= mask.sum(axis=1)
    return total, X.T.dot(coef)


def svm_loss_naive(W, X, y, reg):
    loss = 0.0
    dW = np.zeros(W.shape)
    for i in range(X.shape[0]):
        l, g = multiclass(W, X[i:i + 1], y[i:i + 1])
        loss += l
        dW += g
    loss /= X.shape[0]
    loss += reg * (W * W).sum()
    dW /= X.shape[0]
    dW += 2 * reg * W
    return loss, dW


def svm_loss_vectorized(W, X, y, reg):
    loss, dW = multiclass(W, X, y)
    loss /= X.shape[0]
    loss += reg * (W * W).sum()
    dW /= X.shape[0]
    dW += 2 * reg * W
    return loss, dW


def binary(w, b, X, y):
    m = 1 - y * (X.dot(w) + b)
    return m * (m > 0)


def binary_hinge(w, b, X, y, C):
    m = binary(w, b, X, y)
    ind = np.where(m > 0, 1, 0)
    loss = C * m.sum() + 0.5 * w.dot(w)
    dw = w - C * np.dot(ind * y, X)
    db = -C * np.dot(ind, y)
    return loss, dw, db


def squared_hinge(w, b, X, y, reg):
    m = binary(w, b, X, y)
    n = y.size
    loss = np.sum(m * m) / n + 0.5 * reg * w.dot(w)
    ind = np.where(m > 0, 1, 0)
    dw = reg * w - 2 * np.dot(ind * y, X) / n
    db = -2 * np.dot(ind, y) / n
    return loss, dw, db
