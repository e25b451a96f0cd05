# -*- coding: utf-8 -*-
# Devoir 3 - fonctions de cout
import math
import numpy as np
from builtins import range
try:
    xrange
except NameError:
    xrange = range


def softmax_loss(scores, y):
    # boucle sur les exemples
    num_train = scores.shape[0]
    num_classes = scores.shape[1]
    loss = 0.0
    dscores = np.zeros_like(scores)
    for i in xrange(0, num_train):
        f = scores[i] - max(scores[i])
        somme = 0.0
        for j in xrange(0, num_classes):
            somme += math.exp(f[j])
        loss += -f[y[i]] + math.log(somme)
        for j in xrange(0, num_classes):
            p = math.exp(f[j]) / somme
            dscores[i, j] = p - (1 if j == y[i] else 0)
    loss /= num_train
    dscores /= num_train
    return loss, dscores


def logistic_loss(z, t):
    N = len(z)
    loss, dz = 0.0, []
    for k in xrange(N):
        zk, tk = float(z[k]), int(t[k])
        if zk >= 0:
            s = 1.0 / (1.0 + math.exp(-zk))
            loss += math.log(1.0 + math.exp(-zk)) + (1 - tk) * zk
        else:
            e = math.exp(zk)
            s = e / (1.0 + e)
            loss += math.log(1.0 + e) - tk * zk
        dz.append((s - tk) / float(N))
    return loss / float(N), dz


def squared_loss(pred, target):
    N, D = pred.shape
    total = 0.0
    grad = np.zeros((N, D))
    for i in xrange(N):
        for j in xrange(D):
            d = pred[i, j] - target[i, j]
            total = total + d * d
            grad[i, j] = d / N
    return total / (2.0 * N), grad


def huber_loss(pred, target, delta):
    p = pred.ravel()
    q = target.ravel()
    grad = np.empty(len(p))
    total = 0.0
    for i in xrange(len(p)):
        r = p[i] - q[i]
        if abs(r) <= delta:
            total += 0.5 * r ** 2
            grad[i] = r
        elif r > 0:
            total += delta * r - 0.5 * delta ** 2
            grad[i] = delta
        else:
            total += -delta * r - 0.5 * delta ** 2
            grad[i] = -delta
    return total / len(p), (grad / len(p)).reshape(pred.shape)


def gaussian_nll(x, mu, log_var):
    N = x.shape[0]
    total = 0.
    dmu = np.zeros(mu.shape)
    dlv = np.zeros(log_var.shape)
    for i in xrange(N):
        for j in xrange(x.shape[1]):
            var = math.exp(log_var[i][j])
            d = x[i][j] - mu[i][j]
            total += 0.5 * math.log(2 * math.pi * var) + d * d / (2 * var)
            dmu[i][j] = -d / var / N
            dlv[i][j] = (0.5 - d * d / (2 * var)) / N
    return total / N, dmu, dlv
