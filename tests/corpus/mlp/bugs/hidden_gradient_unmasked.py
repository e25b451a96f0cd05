# fails: softmax-net, training
# code: mask_missing
# line: 35
from builtins import range
import numpy as np


def forward(X, W1, b1, W2, b2):
    z1 = X.dot(W1) + b1
    a1 = np.maximum(z1, 0)
    z2 = a1.dot(W2) + b2
    return z1, a1, z2


def predict(X, W1, b1, W2, b2):
    _, _, z2 = forward(X, W1, b1, W2, b2)
    return z2


def softmax_net(X, y, W1, b1, W2, b2, reg):
    N = X.shape[0]
    z1, a1, z2 = forward(X, W1, b1, W2, b2)
    e = np.exp(z2 - z2.max(axis=1, keepdims=True))
    probs = e / e.sum(axis=1, keepdims=True)
    loss = -np.log(probs[range(N), y]).sum() / N
    loss += reg * 0.5 * np.sum(W1 ** 2) + reg * 0.5 * np.sum(W2 ** 2)

    grads = {}
    dz2 = probs
    dz2[range(N), y] -= 1
    dz2 /= N
    grads['W2'] = a1.T.dot(dz2) + reg * W2
    grads['b2'] = dz2.sum(axis=0)
    da1 = dz2.dot(W2.T)
    grads['W1'] = X.T.dot(da1) + reg * W1
    grads['b1'] = da1.sum(axis=0)
    return loss, grads


def squared_net(X, T, W1, b1, W2, b2, W3, b3):
    N = X.shape[0]
    a1 = np.tanh(X.dot(W1) + b1)
    a2 = 1 / (1 + np.exp(-a1.dot(W2) - b2))
    y = a2.dot(W3) + b3
    dy = (y - T) / N
    da2 = dy.dot(W3.T)
    dz2 = da2 * a2 * (1 - a2)
    da1 = dz2.dot(W2.T)
    dz1 = da1 * (1 - a1 ** 2)
    return (0.5 * np.sum((y - T) ** 2) / N, X.T.dot(dz1), dz1.sum(axis=0),
            a1.T.dot(dz2), dz2.sum(axis=0), a2.T.dot(dy), dy.sum(axis=0))


def binary_net(X, Y, W1, b1, W2, b2):
    m = X.shape[1]
    A1 = np.tanh(W1.dot(X) + b1)
    A2 = 1 / (1 + np.exp(-W2.dot(A1) - b2))
    cost = -(np.sum(Y * np.log(A2)) + np.sum((1 - Y) * np.log(1 - A2))) / m
    dZ2 = A2 - Y
    dZ1 = W2.T.dot(dZ2) * (1 - A1 ** 2)
    return (cost, dZ1.dot(X.T) / m, dZ1.sum(axis=1, keepdims=True) / m,
            dZ2.dot(A1.T) / m, dZ2.sum(axis=1, keepdims=True) / m)


def train(X, y, W1, b1, W2, b2, reg, lr, steps):
    losses = []
    for step in range(steps):
        loss, g = softmax_net(X, y, W1, b1, W2, b2, reg)
        losses.append(loss)
        W1 = W1 - lr * g['W1']
        b1 = b1 - lr * g['b1']
        W2 = W2 - lr * g['W2']
        b2 = b2 - lr * g['b2']
    return losses, W2
