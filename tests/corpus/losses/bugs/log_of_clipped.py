# fails: softmax-stable
# code: softmax_unstable | overflow
# line: 15
import numpy as np

EPS = 1e-12

def softmax_loss(scores, y):
    N = scores.shape[0]
    Y = np.zeros_like(scores)
    Y[np.arange(N), y] = 1
    # stable softmax, lecture 4
    ex = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    y_hat = ex / np.sum(ex, axis=1, keepdims=True)
    cost = -np.sum(Y * np.log(y_hat + EPS)) / N
    return cost, (y_hat - Y) / N

def logistic_loss(z, t):
    m = z.shape[0]
    a = 1 / (1 + np.exp(-z))
    cost = -1 / m * np.sum(t * np.log(a) + (1 - t) * np.log(1 - a))
    dz = 1 / m * (a - t)
    return cost, dz

def squared_loss(pred, target):
    m = pred.shape[0]
    return 1 / (2 * m) * np.sum(np.power(pred - target, 2)), 1 / m * (pred - target)

def huber_loss(pred, target, delta):
    err = target - pred
    mask = abs(err) <= delta
    loss = np.mean(0.5 * err ** 2 * mask + (delta * abs(err) - 0.5 * delta ** 2) * ~mask)
    grad = -(err * mask + delta * np.sign(err) * ~mask) / err.size
    return loss, grad

def gaussian_nll(x, mu, log_var):
    m = x.shape[0]
    s2 = np.exp(log_var)
    cost = 1 / m * np.sum(np.log(s2) / 2 + np.log(2 * np.pi) / 2 + (x - mu) ** 2 / (2 * s2))
    dmu = 1 / m * (mu - x) / s2
    dlv = 1 / m * (1 / 2 - (x - mu) ** 2 / (2 * s2))
    return cost, dmu, dlv
