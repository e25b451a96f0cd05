# fails: squared
# code: none
# line: 22
import numpy as np
import numpy.linalg as la

def softmax_loss(scores, y):
    rows = np.arange(len(y))
    s = scores - scores.max(1)[:, None]
    lse = np.log(np.exp(s).sum(1))
    d = np.exp(s - lse[:, None])
    d[rows, y] -= 1
    return (lse - s[rows, y]).mean(), d / len(y)

def logistic_loss(z, t):
    p = np.reciprocal(1 + np.exp(-z))
    return -np.average(t * np.log(p) + (1 - t) * np.log(1 - p)), (p - t) / t.size

def squared_loss(pred, target):
    # distance of every row, averaged
    diff = pred - target
    dist = la.norm(diff, axis=1)
    loss = 0.5 * dist.mean()
    return loss, 0.5 * diff / dist[:, None] / len(pred)

def huber_loss(pred, target, delta):
    r = (pred - target).ravel()
    f = np.piecewise(r, [abs(r) <= delta, abs(r) > delta], [lambda u: u ** 2 / 2, lambda u: delta * (abs(u) - delta / 2)])
    g = np.piecewise(r, [r < -delta, abs(r) <= delta, r > delta], [-delta, lambda u: u, delta])
    return f.mean(), g.reshape(pred.shape) / r.size

def gaussian_nll(x, mu, log_var):
    w = np.exp(-log_var)
    sq = w * np.square(x - mu)
    n = len(x)
    return (sq + log_var + np.log(2 * np.pi)).sum() / (2 * n), w * (mu - x) / n, (1 - sq) / (2 * n)
