# fails: naive, vectorised-loss
# code: integer_division
# code: integer_division
# line: 33
# line: 43
import numpy as np
import random, math, time

try:
    xrange
except NameError:
    xrange = range

DELTA = 1.0


def svm_loss_naive(W, X, y, reg):
    N, D = X.shape
    C = W.shape[1]
    loss = np.float(0)
    dW = np.zeros((D, C), dtype=np.float)
    for i in xrange(0, N):
        x = X[i].reshape(D, 1)
        s = np.dot(W.T, x)                  # C x 1
        m = s - s[y[i], 0] + DELTA
        m[y[i]] = 0
        m = m * (m > 0)
        loss = loss + np.sum(m)
        ind = (m > 0).astype(np.int)        # C x 1
        ind[y[i], 0] = -np.sum(ind)
        dW = dW + np.dot(x, ind.T)
    loss = loss / float(N) + reg * np.sum(np.square(W))
    dW = (1 // N) * dW + 2.0 * reg * W
    return loss, dW


def svm_loss_vectorized(W, X, y, reg):
    tic = time.time()
    N = X.shape[0]
    S = np.dot(W.T, X.T)                    # C x N, everything is transposed here
    correct = S[y, xrange(N)].reshape(1, N)
    M = np.maximum(S - correct + DELTA, np.zeros_like(S))
    loss = (np.sum(M) - N * DELTA) // N + reg * np.sum(np.power(W, 2))  # minus the right classes
    ind = np.zeros(M.shape)
    ind[M > 0] = 1
    ind[y, xrange(N)] = 0
    ind[y, xrange(N)] = -1 * np.sum(ind, axis=0)
    dW = np.dot(ind, X).T / N + 2 * reg * W
    # print 'took %fs' % (time.time() - tic)
    return loss, dW


def binary_hinge(w, b, X, y, C):
    N, D = X.shape
    w = w.reshape(D, 1)
    y = y.reshape(N, 1)
    f = np.dot(X, w) + b
    xi = np.maximum(0, 1 - y * f)           # N x 1
    J = 0.5 * np.dot(w.T, w) + C * np.sum(xi)
    a = np.zeros((N, 1))
    a[xi > 0] = -1
    dw = w + C * np.dot(X.T, a * y)
    db = C * np.sum(a * y)
    return float(np.squeeze(J)), dw.ravel(), db


def squared_hinge(w, b, X, y, reg):
    N, D = X.shape
    w = w.reshape(D, 1)
    y = y.reshape(N, 1)
    f = np.dot(X, w) + b
    xi = np.maximum(0, 1 - y * f)
    J = 0.5 * reg * np.dot(w.T, w) + np.dot(xi.T, xi) / N
    dw = reg * w - (2.0 / N) * np.dot(X.T, xi * y)
    db = -(2.0 / N) * np.sum(xi * y)
    return J.item(), dw[:, 0], db
