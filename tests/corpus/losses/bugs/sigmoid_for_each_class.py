# fails: softmax, softmax-stable
# code: none
import numpy as np

def sig(v):
    return 0.5 * (1 + np.tanh(0.5 * v))

def softmax_loss(scores, y):
    """ cross entropy with one sigmoid per class """
    n, k = scores.shape
    targets = np.zeros((n, k))
    targets[np.arange(n), y] = 1
    per_class = np.maximum(scores, 0) - scores * targets + np.log1p(np.exp(-np.abs(scores)))
    return per_class.sum() / n, (sig(scores) - targets) / n

def logistic_loss(z, t):
    per_class = np.maximum(z, 0) - z * t + np.log1p(np.exp(-np.abs(z)))
    return per_class.mean(), (sig(z) - t) / len(z)

def squared_loss(pred, target):
    n = pred.shape[0]
    per_sample = 0.5 * ((pred - target) ** 2).sum(-1)
    return per_sample.mean(), (pred - target) / n

def huber_loss(pred, target, delta):
    d = pred - target
    far = np.abs(d) > delta
    val = 0.5 * d ** 2
    val[far] = delta * np.abs(d)[far] - 0.5 * delta ** 2
    der = np.where(far, delta * np.sign(d), d)
    return val.sum() / val.size, der / val.size

def gaussian_nll(x, mu, log_var):
    n = x.shape[0]
    d = x - mu
    iv = np.exp(-log_var)
    val = 0.5 * (d * d * iv + log_var + np.log(2.0 * np.pi))
    return val.sum() / n, -d * iv / n, (0.5 - 0.5 * d * d * iv) / n
