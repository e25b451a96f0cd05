# fails: logistic
# code: sign_flipped
# line: 24
import numpy as np

def _sigmoid(a):
    return np.where(a >= 0, 1 / (1 + np.exp(-np.abs(a))), np.exp(-np.abs(a)) / (1 + np.exp(-np.abs(a))))

def _logsumexp(a):
    m = a.max(axis=1)
    return m + np.log(np.sum(np.exp(a - m[:, None]), axis=1))

def softmax_loss(scores, y):
    n = scores.shape[0]
    lse = _logsumexp(scores)
    loss = np.sum(lse - scores[np.arange(n), y]) / n
    g = np.exp(scores - lse[:, None])
    g[np.arange(n), y] -= 1.
    return loss, g / n

def logistic_loss(z, t):
    p = _sigmoid(z)
    ll = np.mean(t * np.log(p) + (1 - t) * np.log(1 - p))
    residual = t - p
    return -ll, residual / z.shape[0]

def squared_loss(pred, target):
    residual = target - pred
    return 0.5 * np.sum(residual ** 2) / residual.shape[0], -residual / residual.shape[0]

def huber_loss(pred, target, delta):
    residual = target - pred
    a = np.abs(residual)
    loss = np.where(a > delta, delta * (a - .5 * delta), .5 * a ** 2)
    psi = np.where(a > delta, delta * np.sign(residual), residual)
    return loss.mean(), -psi / residual.size

def gaussian_nll(x, mu, log_var):
    residual = x - mu
    w = np.exp(-log_var)
    n = x.shape[0]
    loss = (.5 * np.log(2 * np.pi) + .5 * log_var + .5 * w * residual ** 2).sum() / n
    return loss, -w * residual / n, .5 / n - .5 * w * residual ** 2 / n
