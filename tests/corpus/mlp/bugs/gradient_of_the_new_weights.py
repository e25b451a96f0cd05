# fails: training
# code: stale_value
# line: 54
import numpy as np


def predict(X, W1, b1, W2, b2):
    return np.clip(X.dot(W1) + b1, 0, np.inf).dot(W2) + b2


def softmax_net(X, y, W1, b1, W2, b2, reg):
    N = len(y)
    H = np.clip(X.dot(W1) + b1, 0, np.inf)
    S = H.dot(W2) + b2
    S = S - np.amax(S, axis=1, keepdims=True)
    lse = np.log(np.sum(np.exp(S), axis=1))
    loss = np.mean(lse - S[np.arange(N), y])
    loss = loss + 0.5 * reg * np.sum(W1 ** 2) + 0.5 * reg * np.sum(W2 ** 2)
    D = np.exp(S - lse[:, None])
    D[np.arange(N), y] -= 1
    D = D / N
    DH = D.dot(W2.T) * (H > 0)
    return loss, dict(W1=X.T.dot(DH) + reg * W1, b1=DH.sum(0), W2=H.T.dot(D) + reg * W2, b2=D.sum(0))


def squared_net(X, T, W1, b1, W2, b2, W3, b3):
    N = len(X)
    P = np.tanh(X.dot(W1) + b1)
    Q = 1 / (1 + np.exp(-(P.dot(W2) + b2)))
    R = Q.dot(W3) + b3
    DR = (R - T) / N
    DQ = DR.dot(W3.T) * Q * (1 - Q)
    DP = DQ.dot(W2.T) * (1 - P ** 2)
    return ((R - T) ** 2).sum() / 2 / N, X.T.dot(DP), DP.sum(0), P.T.dot(DQ), DQ.sum(0), Q.T.dot(DR), DR.sum(0)


def binary_net(X, Y, W1, b1, W2, b2):
    m = X.shape[1]
    P = np.tanh(W1.dot(X) + b1)
    Q = 1 / (1 + np.exp(-(W2.dot(P) + b2)))
    DQ = (Q - Y) / m
    DP = W2.T.dot(DQ) * (1 - P ** 2)
    cost = -np.sum(np.log(Q) * Y + np.log(1 - Q) * (1 - Y)) / m
    return cost, DP.dot(X.T), DP.sum(1)[:, None], DQ.dot(P.T), DQ.sum(1)[:, None]


def train(X, y, W1, b1, W2, b2, reg, lr, steps):
    history = []
    for t in range(steps):
        loss, g = softmax_net(X, y, W1, b1, W2, b2, reg)
        W1 = W1 - lr * g["W1"]
        b1 = b1 - lr * g["b1"]
        # second layer
        loss, g = softmax_net(X, y, W1, b1, W2, b2, reg)
        W2 = W2 - lr * g["W2"]
        b2 = b2 - lr * g["b2"]
        history.append(softmax_net(X, y, W1, b1, W2, b2, reg)[0])
    return history, W2
