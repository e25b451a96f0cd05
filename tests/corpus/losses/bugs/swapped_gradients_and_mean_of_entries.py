# fails: gaussian, squared
# code: returns_swapped
# line: 49
# code: size_factor | missing_batch_mean | batch_mean_twice
# line: 29
import numpy as np

def lse(a):
    top = np.max(a, axis=1, keepdims=True)
    return top + np.log(np.exp(a - top).sum(axis=1, keepdims=True))

def softmax_loss(scores, y):
    n = scores.shape[0]
    logprob = scores - lse(scores)
    picked = logprob[np.arange(n), y]
    d = np.exp(logprob)
    d[np.arange(n), y] -= 1
    return -picked.sum() / n, d / n

def logistic_loss(z, t):
    n = z.shape[0]
    p = 1 / (1 + np.exp(-z))
    like = t * p + (1 - t) * (1 - p)
    return -np.log(like).sum() / n, (p - t) / n

def squared_loss(pred, target):
    n, k = pred.shape
    d = pred - target
    return np.mean(d ** 2) / 2, d / n

def huber_loss(pred, target, delta):
    d = pred - target
    out = np.zeros_like(d)
    g = np.zeros_like(d)
    near = (d >= -delta) & (d <= delta)
    out[near] = d[near] ** 2 / 2
    g[near] = d[near]
    out[~near] = delta * abs(d[~near]) - delta ** 2 / 2
    g[~near] = delta * np.sign(d[~near])
    return out.mean(), g / d.size

def gaussian_nll(x, mu, log_var):
    n = x.shape[0]
    iv = np.exp(-log_var)
    d = mu - x
    nll = .5 * np.sum(iv * d * d + log_var + np.log(2 * np.pi)) / n
    g_mu = iv * d / n
    g_lv = .5 * (1 - iv * d * d) / n
    return nll, g_lv, g_mu
