import numpy as np
from random import shuffle
from past.builtins import xrange


def softmax_loss(x, y):
    """
    Computes the loss and gradient for softmax classification.

    Inputs:
    - x: Input data, of shape (N, C) where x[i, j] is the score for the jth class
      for the ith input.
    - y: Vector of labels, of shape (N,)

    Returns a tuple of:
    - loss: Scalar giving the loss
    - dx: Gradient of the loss with respect to x
    """
    shifted_logits = x - np.max(x, axis=1, keepdims=True)
    Z = np.sum(np.exp(shifted_logits), axis=1, keepdims=True)
    log_probs = shifted_logits - np.log(Z)
    probs = np.exp(log_probs)
    N = x.shape[0]
    loss = -np.sum(log_probs[np.arange(N), y]) / N
    dx = probs
    dx[np.arange(N), y] -= 1
    dx /= N
    return loss, dx


def sigmoid(x):
    out = x.copy()
    out *= -1
    np.exp(out, out=out)
    out += 1
    np.reciprocal(out, out=out)
    return out


def logistic_loss(z, t):
    out = sigmoid(z)
    loss = -np.mean(t * np.log(out) + (1 - t) * np.log(1 - out))
    out -= t
    out /= z.shape[0]
    print("loss = %f" % loss)
    return loss, out


def squared_loss(pred, target):
    dpred = pred.copy()
    dpred -= target
    loss = 0.5 * np.sum(dpred ** 2) / pred.shape[0]
    dpred /= pred.shape[0]
    return loss, dpred


def huber_loss(pred, target, delta):
    d = pred.copy()
    d -= target
    out_of = np.abs(d) > delta
    per = 0.5 * d ** 2
    per[out_of] = delta * (np.abs(d[out_of]) - 0.5 * delta)
    d[d > delta] = delta
    d[d < -delta] = -delta
    d /= d.size
    return np.mean(per), d


def gaussian_nll(x, mu, log_var):
    N = x.shape[0]
    var = np.exp(log_var)
    diff = x - mu
    loss = np.sum(np.log(np.sqrt(2 * np.pi * var)) + diff ** 2 / (2 * var)) / N
    # d/dvar = 1/(2 var) - diff^2/(2 var^2), times dvar/dlogvar = var
    dvar = 1 / (2 * var) - diff ** 2 / (2 * var ** 2)
    dlog = dvar * var
    dlog /= N
    dmu = -diff
    dmu /= var
    dmu /= N
    return loss, dmu, dlog
