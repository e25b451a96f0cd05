# fails: naive, vectorised-loss, vectorised-gradient
# code: none
# line: 14
# multi-class SVM as in Crammer & Singer: the loss of a sample is that of the most violating class
import numpy as np

def svm_loss_vectorized(W, X, y, reg):
    N = len(X)
    i = np.arange(N)
    s = X @ W
    m = s - s[i, y][:, np.newaxis] + 1
    m[i, y] = 0
    worst = m.argmax(axis=1)
    l = np.maximum(m[i, worst], 0)
    g = np.zeros_like(s)
    g[i, worst] = l > 0
    g[i, y] -= l > 0
    return l.mean() + reg*(W**2).sum(), X.T @ g/N + 2*reg*W

def svm_loss_naive(W, X, y, reg):
    loss = 0
    dW = np.zeros_like(W)
    for n in range(0, len(X)):
        best, worst = 0, -1
        for k in range(0, W.shape[1]):
            if k != y[n]:
                m = X[n] @ W[:, k] - X[n] @ W[:, y[n]] + 1
                if m > best:
                    best = m
                    worst = k
        loss += best
        if best > 0:
            dW[:, worst] += X[n]
            dW[:, y[n]] -= X[n]
    return loss/len(X) + reg*(W**2).sum(), dW/len(X) + 2*reg*W

def binary_hinge(w, b, X, y, C):
    loss, dw, db = 0.5*w@w, w.copy(), 0
    for xi, yi in zip(X, y):
        if yi*(xi@w + b) < 1:
            loss += C*(1 - yi*(xi@w + b))
            dw -= C*yi*xi
            db -= C*yi
    return loss, dw, db

def squared_hinge(w, b, X, y, reg):
    loss, dw, db = reg/2*w@w, reg*w, 0
    for xi, yi in zip(X, y):
        h = max(0, 1 - yi*(xi@w + b))
        loss += h*h/len(X)
        dw = dw - 2*h*yi*xi/len(X)
        db = db - 2*h*yi/len(X)
    return loss, dw, db
