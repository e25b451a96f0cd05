# fails: squared
# code: constant_factor
# line: 23
import numpy as np

def softmax_loss(scores, y):
    N = len(scores)
    P = np.exp(scores - scores.max(1, keepdims=True))
    S = P.sum(1, keepdims=True)
    L = (np.log(S).ravel() - (scores - scores.max(1, keepdims=True))[np.arange(N), y]).mean()
    G = P / S
    G[np.arange(N), y] -= 1
    return L, G / N

def logistic_loss(z, t):
    L = np.logaddexp(0., z) - t * z
    G = 1 / (1 + np.exp(-z)) - t
    return L.mean(), G / G.size

def squared_loss(pred, target):
    N = len(pred)
    L = 1 / 2 * ((pred - target) ** 2).sum() / N
    G = 2 * (pred - target) / N
    return L, G

def huber_loss(pred, target, delta):
    R = pred - target
    L = []
    G = []
    for r in R.flatten():
        if abs(r) < delta:
            L.append(r * r / 2)
            G.append(r)
        else:
            L.append(delta * abs(r) - delta * delta / 2)
            G.append(delta if r > 0 else -delta)
    return sum(L) / len(L), np.array(G).reshape(R.shape) / len(L)

def gaussian_nll(x, mu, log_var):
    N = len(x)
    V = np.exp(log_var)
    D = mu - x
    L = (np.log(2 * np.pi) * x.size + log_var.sum() + (D ** 2 / V).sum()) / 2 / N
    return L, D / V / N, (V - D ** 2) / (2 * V) / N
