# fails: gaussian
# code: none
import numpy as np

def softmax_loss(scores, y):
    N = scores.shape[0]
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    probs = e / e.sum(axis=1, keepdims=True)
    top = scores.max(axis=1)
    loss = (top + np.log(e.sum(axis=1)) - scores[np.arange(N), y]).sum() / N
    probs[np.arange(N), y] -= 1
    return loss, probs / N

def logistic_loss(z, t):
    N = z.shape[0]
    sig = 1 / (1 + np.exp(-z))
    return np.sum(np.maximum(z, 0) - z * t + np.log(1 + np.exp(-np.abs(z)))) / N, (sig - t) / N

def squared_loss(pred, target):
    N = pred.shape[0]
    return 0.5 / N * np.sum((pred - target) ** 2), (pred - target) / N

def huber_loss(pred, target, delta):
    err = pred - target
    quadratic = np.minimum(np.abs(err), delta)
    linear = np.abs(err) - quadratic
    return np.mean(0.5 * quadratic ** 2 + delta * linear), np.sign(err) * quadratic / err.size

def gaussian_nll(x, mu, log_sigma):
    N = x.shape[0]
    sigma = np.exp(log_sigma)
    err = (x - mu) / sigma
    loss = np.sum(0.5 * np.log(2 * np.pi) + log_sigma + 0.5 * err ** 2) / N
    dmu = -err / sigma / N
    dlog_sigma = (1 - err ** 2) / N
    return loss, dmu, dlog_sigma
