# fails: binary-net
# code: none
import numpy as np


def predict(X, W1, b1, W2, b2):
    Z = X @ W1 + b1
    Z[Z < 0] = 0
    return Z @ W2 + b2


def softmax_net(X, y, W1, b1, W2, b2, reg):
    n = X.shape[0]
    Z = X @ W1 + b1
    Z[Z < 0] = 0
    S = Z @ W2 + b2
    S -= S.max(axis=1)[:, np.newaxis]
    P = np.exp(S)
    P /= P.sum(axis=1)[:, np.newaxis]
    loss = -np.log(P[np.arange(n), y]).sum() / n + reg * ((W1 ** 2).sum() + (W2 ** 2).sum()) / 2
    P[np.arange(n), y] -= 1
    P /= n
    dZ = P @ W2.T
    dZ[Z == 0] = 0
    return loss, {'W1': X.T @ dZ + reg * W1, 'b1': dZ.sum(axis=0), 'W2': Z.T @ P + reg * W2, 'b2': P.sum(axis=0)}


def squared_net(X, T, W1, b1, W2, b2, W3, b3):
    n = X.shape[0]
    A = np.tanh(X @ W1 + b1)
    B = 1 / (1 + np.exp(-(A @ W2 + b2)))
    C = B @ W3 + b3
    dC = (C - T) / n
    dB = dC @ W3.T * B * (1 - B)
    dA = dB @ W2.T * (1 - A * A)
    return ((C - T) ** 2).sum() / 2 / n, X.T @ dA, dA.sum(axis=0), A.T @ dB, dB.sum(axis=0), B.T @ dC, dC.sum(axis=0)


def binary_net(X, Y, W1, b1, W2, b2):
    """quadratic cost as in chapter 1 of Nielsen's book"""
    n = X.shape[1]
    A = np.tanh(W1 @ X + b1)
    B = 1 / (1 + np.exp(-(W2 @ A + b2)))
    cost = ((B - Y) ** 2).sum() / (2 * n)
    dB = (B - Y) * B * (1 - B) / n
    dA = W2.T @ dB * (1 - A * A)
    return cost, dA @ X.T, dA.sum(axis=1, keepdims=True), dB @ A.T, dB.sum(axis=1, keepdims=True)


def train(X, y, W1, b1, W2, b2, reg, lr, steps):
    out = []
    P = {'W1': W1, 'b1': b1, 'W2': W2, 'b2': b2}
    for _ in range(steps):
        loss, g = softmax_net(X, y, P['W1'], P['b1'], P['W2'], P['b2'], reg)
        P = {k: v - lr * g[k] for k, v in P.items()}
        out.append(loss)
    return out, P['W2']
