import functools
import warnings
import numpy as np

warnings.simplefilter("error")
np.seterr(all="raise")
np.random.seed(1)


def mean_over_batch(function):
    """decorator: the function returns the sum, we divide"""
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        total, *grads = function(*args, **kwargs)
        n = args[0].size if function.__name__ == "huber_loss" else len(args[0])
        return (total / n, *(g / n for g in grads))
    return wrapper


@functools.lru_cache(maxsize=None)
def identity(k):
    eye = np.eye(k)
    eye.setflags(write=False)
    return eye


@mean_over_batch
def softmax_loss(scores, y, /):
    if (n := scores.shape[0]) == 0:
        return 0.0, scores
    order = np.argsort(-scores, axis=1)
    s = scores - scores[np.arange(n), order[:, 0]][:, None]
    with np.errstate(under="ignore"):
        e = np.exp(s)
        p = np.divide(e, e.sum(axis=1, keepdims=True))
    match s.ndim:
        case 2:
            picked = (s * identity(s.shape[1])[y]).sum(axis=1)
        case _:
            raise ValueError("scores must be a matrix")
    return np.log(e.sum(axis=1)).sum() - picked.sum(), p - identity(s.shape[1])[y]


@mean_over_batch
def logistic_loss(z, t):
    sign = 2 * t - 1
    with np.errstate(all="ignore"):
        loss = np.where(sign * z > -30, np.log1p(np.exp(-sign * z)), -sign * z)
        grad = -sign / (1 + np.exp(sign * z))
    return loss.sum(), grad


@mean_over_batch
def squared_loss(pred, target):
    return ((pred ** 2).sum() - 2 * (pred * target).sum() + (target ** 2).sum()) / 2, pred - target


@mean_over_batch
def huber_loss(pred, target, delta):
    def one(r):
        return r * r / 2 if -delta <= r <= delta else delta * (abs(r) - delta / 2)

    def slope(r):
        return max(-delta, min(delta, r))

    r = pred - target
    return sum(map(one, r.flat)), np.vectorize(slope)(r)


@mean_over_batch
def gaussian_nll(x, mu, log_var):
    total, grad_mu, grad_lv = 0.0, np.zeros_like(mu), np.zeros_like(mu)
    for d in range(x.shape[1]):
        v = np.exp(log_var[:, d])
        density = np.exp(-(x[:, d] - mu[:, d]) ** 2 / (2 * v)) / np.sqrt(2 * np.pi * v)
        total -= np.log(density).sum()
        grad_mu[:, d] = (mu[:, d] - x[:, d]) / v
        grad_lv[:, d] = (1 - (x[:, d] - mu[:, d]) ** 2 / v) / 2
    return total, grad_mu, grad_lv
