from numpy import *
from math import pi, e
import random as rnd, sys, os
import torch                      # was only for comparison
from cs231n.fast_layers import *  # not there on my machine either

set_printoptions(precision=4)
random.seed(231)
counter = 0


def log(*a):
    global counter
    counter += 1
    if counter < 4:
        print(*a)


def stats(x, ax):
    "mean and variance, shapes kept"
    n = prod([x.shape[k] for k in ax])
    m = sum(x, ax, keepdims=True) / n
    v = sum(power(x, 2), ax, keepdims=True) / n - power(m, 2)
    return m, maximum(v, 0), n


def fwd(x, ax, eps):
    m, v, n = stats(x, ax)
    s = (v + eps) ** -.5
    return (x - m) * s, s, m, v


def bwd(d, h, s, ax):
    n = prod([d.shape[k] for k in ax])
    return s / n * (n * d - sum(d, ax, keepdims=True) - h * sum(d * h, ax, keepdims=True))


def batchnorm_forward(x, gamma, beta, bn_param):
    mode, eps = bn_param['mode'], bn_param['eps']
    if mode[0] == 't' and mode[1] == 'r':
        h, s, m, v = fwd(x, (0,), eps)
        for k, new in zip(['running_mean', 'running_var'], [m, v]):
            if k in bn_param:
                bn_param[k] = bn_param[k] * bn_param['momentum']
            else:
                bn_param[k] = zeros(x.shape[1])
            bn_param[k] = bn_param[k] + (1. - bn_param['momentum']) * squeeze(new)
        log('train', m)
        return h * gamma + beta, [h, s, gamma]
    log('test')
    return (x - bn_param['running_mean']) / sqrt(bn_param['running_var'] + eps) * gamma + beta, []


def batchnorm_backward(dout, cache):
    h, s, gamma = cache
    return bwd(dout * gamma, h, s, (0,)), sum(dout * h, 0), sum(dout, 0)


def layernorm_forward(x, gamma, beta, eps):
    h, s, m, v = fwd(x, (1,), eps)
    return h * gamma + beta, [h, s, gamma]


def layernorm_backward(dout, cache):
    h, s, gamma = cache
    return bwd(dout * gamma, h, s, (1,)), sum(dout * h, 0), sum(dout, 0)


def groupnorm_forward(x, gamma, beta, G, eps):
    N, C, H, W = shape(x)
    h, s, m, v = fwd(reshape(x, (N, G, C // G, H, W)), (2, 3, 4), eps)
    g = gamma[:, newaxis, newaxis]
    return reshape(h, (N, C, H, W)) * g + beta[:, newaxis, newaxis], [h, s, g]


def groupnorm_backward(dout, cache):
    h, s, g = cache
    dx = reshape(bwd(reshape(dout * g, h.shape), h, s, (2, 3, 4)), dout.shape)
    return dx, sum(dout * reshape(h, dout.shape), (0, 2, 3)), sum(dout, (0, 2, 3))
