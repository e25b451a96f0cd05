# fails: naive, vectorised-loss
# code: term_missing|mask_missing|wrong_constant
# line: 17
import numpy as np

# Everything with one-hot matrices. Y is 1 at the right class.

onehot = lambda y, K: np.eye(K)[y]
relu   = lambda t: (np.abs(t) + t) / 2
step   = lambda t: np.sign(relu(t))

def _multi(W, X, y, reg):
    N, K = len(X), W.shape[1]
    Y = onehot(y, K)
    S = X @ W
    right = (S * Y).sum(axis=1, keepdims=True)
    M = S - right + 1          # the right class gets margin 0
    L = relu(M)
    A = step(M)
    A = A * (1 - Y)
    G = A - Y * A.sum(axis=1, keepdims=True)
    return L.sum()/N + reg*np.linalg.norm(W)**2, (X.T @ G)/N + 2*reg*W

def svm_loss_naive(W, X, y, reg):
    # average of the losses of single samples
    parts = [_multi(W, X[i:i+1], y[i:i+1], 0) for i in range(len(X))]
    loss = np.mean([p[0] for p in parts])
    dW = np.mean([p[1] for p in parts], axis=0)
    return loss + reg*np.trace(W @ W.T), dW + 2*reg*W

def svm_loss_vectorized(W, X, y, reg):
    return _multi(W, X, y, reg)

def binary_hinge(w, b, X, y, C):
    # b is an additional weight of a column of ones, without penalty
    Xb = np.hstack([X, np.ones((len(X), 1))])
    wb = np.append(w, b)
    P = np.diag([1.0]*len(w) + [0.0])
    m = 1 - np.diag(y) @ Xb @ wb
    loss = wb @ P @ wb / 2 + C * relu(m) @ np.ones(len(m))
    g = P @ wb - C * Xb.T @ (y * step(m))
    return loss, g[:-1], g[-1]

def squared_hinge(w, b, X, y, reg):
    Xb = np.hstack([X, np.ones((len(X), 1))])
    wb = np.append(w, b)
    P = reg * np.diag([1.0]*len(w) + [0.0])
    m = relu(1 - np.diag(y) @ Xb @ wb)
    g = P @ wb - 2 * Xb.T @ (y * m) / len(X)
    return wb @ P @ wb / 2 + m @ m / len(X), g[:-1], g[-1]
