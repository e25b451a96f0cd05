# fails: huber
# code: wrong_variable | wrong_function | wrong_comparison | mask_wrong_variable
# line: 24
from __future__ import division
import numpy as np

def softmax_loss(scores, y):
    s = scores - np.amax(scores, 1)[:, None]
    logp = s - np.log(np.exp(s).sum(1))[:, None]
    onehot = np.zeros(s.shape)
    for i, c in enumerate(y):
        onehot[i, c] = 1
    return -(onehot * logp).sum() / len(y), (np.exp(logp) - onehot) / len(y)

def logistic_loss(z, t):
    p = 1 / (1 + np.exp(-z))
    return -np.mean(np.log(np.where(t, p, 1 - p))), (p - t) / len(t)

def squared_loss(pred, target):
    return np.sum((pred - target) ** 2) / (2 * len(pred)), (pred - target) / len(pred)

def huber_loss(pred, target, delta):
    err = pred - target
    is_small = err <= delta
    squared = 0.5 * err ** 2
    linear = delta * (np.abs(err) - 0.5 * delta)
    loss = np.where(is_small, squared, linear)
    grad = np.where(is_small, err, delta * np.sign(err))
    return loss.mean(), grad / err.size

def gaussian_nll(x, mu, log_var):
    prec = np.exp(-log_var)
    loss = 0.5 * np.sum(log_var + np.log(2 * np.pi) + prec * (x - mu) ** 2)
    dmu = prec * (mu - x)
    dlv = 0.5 - 0.5 * prec * (mu - x) ** 2
    return loss / len(x), dmu / len(x), dlv / len(x)
