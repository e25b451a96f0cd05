# fails: training
# code: none
# line: 36
import numpy as np
import random


def predict(X, W1, b1, W2, b2):
    a = X.dot(W1) + b1
    return np.maximum(a, 0).dot(W2) + b2


def softmax_net(X, y, W1, b1, W2, b2, reg):
    N = X.shape[0]
    a = X.dot(W1) + b1
    h = np.maximum(a, 0)
    s = h.dot(W2) + b2
    s = s - s.max(axis=1, keepdims=True)
    ex = np.exp(s)
    pr = ex / ex.sum(axis=1, keepdims=True)
    loss = -np.log(pr[np.arange(N), y]).mean()
    loss += 0.5 * reg * (W1.ravel().dot(W1.ravel()) + W2.ravel().dot(W2.ravel()))
    pr[np.arange(N), y] -= 1
    pr /= N
    dh = pr.dot(W2.T) * (a > 0)
    return loss, {'W1': X.T.dot(dh) + reg * W1, 'b1': dh.sum(axis=0),
                  'W2': h.T.dot(pr) + reg * W2, 'b2': pr.sum(axis=0)}


def train(X, y, W1, b1, W2, b2, reg, lr, steps):
    """ stochastic gradient descent: step k looks at sample k """
    history = []
    N = X.shape[0]
    for k in range(steps):
        i = k % N
        loss, g = softmax_net(X[i:i + 1], y[i:i + 1], W1, b1, W2, b2, reg)
        history.append(loss)
        W1 = W1 - lr * g['W1']
        b1 = b1 - lr * g['b1']
        W2 = W2 - lr * g['W2']
        b2 = b2 - lr * g['b2']
    return history, W2


def squared_net(X, T, W1, b1, W2, b2, W3, b3):
    N = X.shape[0]
    u = np.tanh(X.dot(W1) + b1)
    v = 1 / (1 + np.exp(-u.dot(W2) - b2))
    r = v.dot(W3) + b3 - T
    loss = (r ** 2).sum() / (2. * N)
    dr = r / N
    dv = dr.dot(W3.T) * v * (1 - v)
    du = dv.dot(W2.T) * (1 - u ** 2)
    return loss, X.T.dot(du), du.sum(axis=0), u.T.dot(dv), dv.sum(axis=0), v.T.dot(dr), dr.sum(axis=0)


def binary_net(X, Y, W1, b1, W2, b2):
    m = X.shape[1]
    u = np.tanh(W1.dot(X) + b1)
    v = 1 / (1 + np.exp(-W2.dot(u) - b2))
    cost = -np.mean(np.log(v * Y + (1 - v) * (1 - Y)))
    dv = (v - Y) / m
    du = W2.T.dot(dv) * (1 - u ** 2)
    return cost, du.dot(X.T), du.sum(axis=1, keepdims=True), dv.dot(u.T), dv.sum(axis=1, keepdims=True)
