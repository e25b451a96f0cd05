# fails: softmax, softmax-stable
# code: missing_batch_mean
# line: 17
import numpy as np
from past.builtins import xrange


def softmax_loss(scores, y):
    num_train = scores.shape[0]
    loss = 0.0
    dscores = np.zeros(scores.shape)
    for i in xrange(num_train):
        row = scores[i, :].copy()
        row -= np.max(row)
        p = np.exp(row) / np.sum(np.exp(row))
        loss += -row[y[i]] + np.log(np.sum(np.exp(row)))
        dscores[i, :] += p
        dscores[i, y[i]] -= 1
    loss /= num_train
    return loss, dscores


def logistic_loss(z, t):
    s = 1 / (1 + np.exp(-z))
    loss = 0
    for i in xrange(len(z)):
        loss -= np.log(s[i]) if t[i] else np.log(1 - s[i])
    return loss / len(z), (s - t) / len(z)


def squared_loss(pred, target):
    num = pred.shape[0]
    diff = pred - target
    return np.sum(diff * diff) / num / 2, diff / num


def huber_loss(pred, target, delta):
    diff = pred - target
    big = np.abs(diff) > delta
    cost = np.where(big, delta * np.abs(diff) - delta ** 2 / 2, diff ** 2 / 2)
    d = np.where(big, delta * np.sign(diff), diff)
    return np.mean(cost), d / diff.size


def gaussian_nll(x, mu, log_var):
    num = x.shape[0]
    diff = x - mu
    var = np.exp(log_var)
    loss = np.sum(0.5 * np.log(2 * np.pi * var) + 0.5 * diff ** 2 / var) / num
    return loss, -diff / var / num, (0.5 - 0.5 * diff ** 2 / var) / num
