# fails: softmax, softmax-stable
# code: wrong_axis
# line: 10
import numpy as np


def stable_softmax(v):
    v = v - np.max(v, axis=1, keepdims=True)
    e = np.exp(v)
    return e / np.sum(e, axis=0)


def log_p(v):
    return np.log(stable_softmax(v))


def softmax_loss(scores, y):
    n = scores.shape[0]
    idx = (np.arange(n), y)
    grad = stable_softmax(scores)
    loss = -np.sum(np.log(grad[idx])) / n
    grad[idx] = grad[idx] - 1
    return loss, grad / n


def logistic_loss(z, t):
    loss = 0
    for zi, ti in zip(z, t):
        loss += np.log(1 + np.exp(-zi)) if ti == 1 else np.log(1 + np.exp(zi))
    g = np.array([1 / (1 + np.exp(-zi)) - ti for zi, ti in zip(z, t)])
    return loss / len(z), g / len(z)


def squared_loss(pred, target):
    loss = 0.5 * np.sum((pred - target) ** 2, axis=1)
    return loss.mean(), (pred - target) / pred.shape[0]


def huber_loss(pred, target, delta):
    e = pred - target
    g = np.maximum(np.minimum(e, delta), -delta)
    return np.mean(g * e - g * g / 2), g / np.prod(e.shape)


def gaussian_nll(x, mu, log_var):
    n, d = x.shape
    prec = 1 / np.exp(log_var)
    e = x - mu
    logp = -0.5 * d * np.log(2 * np.pi) - 0.5 * log_var.sum(1) - 0.5 * (prec * e * e).sum(1)
    return -logp.sum() / n, -prec * e / n, -0.5 * (prec * e * e - 1) / n
