# fails: bn-gradient
# code: path_missing
# line: 94
# CS231n assignment 2, batch normalization
# step by step through the computational graph (see the blog of Frederik Kratzert)
from __future__ import print_function, division
from builtins import range
import numpy as np
import math
import os


def batchnorm_forward(x, gamma, beta, bn_param):
    """
    Input:
    - x: Data of shape (N, D)
    - gamma: Scale parameter of shape (D,)
    - beta: Shift paremeter of shape (D,)
    - bn_param: Dictionary with the following keys: mode, eps, momentum, running_mean, running_var

    Returns a tuple of: out, cache
    """
    mode = bn_param['mode']
    eps = bn_param.get('eps', 1e-5)
    momentum = bn_param.get('momentum', 0.9)

    N, D = x.shape
    running_mean = bn_param.get('running_mean', np.zeros(D, dtype=x.dtype))
    running_var = bn_param.get('running_var', np.zeros(D, dtype=x.dtype))

    out, cache = None, None
    if mode == 'train':
        # step 1: mean
        mu = 1. / N * np.sum(x, axis=0)
        # step 2: subtract
        xmu = x - mu
        # step 3: square
        sq = xmu ** 2
        # step 4: variance
        var = 1. / N * np.sum(sq, axis=0)
        # step 5: sqrt
        sqrtvar = np.sqrt(var + eps)
        # step 6: invert
        inv_std = 1. / sqrtvar
        # step 7: normalize
        xhat = xmu * inv_std
        # step 8, 9: scale and shift
        gammax = gamma * xhat
        out = gammax + beta

        running_mean = momentum * running_mean + (1 - momentum) * mu
        running_var = momentum * running_var + (1 - momentum) * var

        cache = (xhat, gamma, xmu, inv_std, sqrtvar, var, eps)
    elif mode == 'test':
        xhat = (x - running_mean) / np.sqrt(running_var + eps)
        out = gamma * xhat + beta
    else:
        raise ValueError('Invalid forward batchnorm mode "%s"' % mode)

    # Store the updated running means back into bn_param
    bn_param['running_mean'] = running_mean
    bn_param['running_var'] = running_var
    return out, cache


def batchnorm_backward(dout, cache):
    xhat, gamma, xmu, inv_std, sqrtvar, var, eps = cache
    N, D = dout.shape

    # step 9
    dbeta = np.sum(dout, axis=0)
    dgammax = dout
    # step 8
    dgamma = np.sum(dgammax * xhat, axis=0)
    dxhat = dgammax * gamma
    # step 7
    dinv_std = np.sum(dxhat * xmu, axis=0)
    dxmu1 = dxhat * inv_std
    # step 6
    dsqrtvar = -1. / (sqrtvar ** 2) * dinv_std
    # step 5
    dvar = 0.5 * 1. / np.sqrt(var + eps) * dsqrtvar
    # step 4
    dsq = 1. / N * np.ones((N, D)) * dvar
    # step 3
    dxmu2 = 2 * xmu * dsq
    # step 2
    dx1 = (dxmu1 + dxmu2)
    dmu = -1 * np.sum(dxmu1 + dxmu2, axis=0)
    # step 1
    dx2 = 1. / N * np.ones((N, D)) * dmu
    # step 0
    dx = dx1
    return dx, dgamma, dbeta


def layernorm_forward(x, gamma, beta, eps):
    # layer norm is just batch norm of the transposed thing
    xT = x.T
    mu = np.mean(xT, axis=0)
    xmu = xT - mu
    var = np.mean(xmu ** 2, axis=0)
    sqrtvar = np.sqrt(var + eps)
    inv_std = 1. / sqrtvar
    xhat = (xmu * inv_std).T
    out = gamma * xhat + beta
    cache = (xhat, gamma, xmu, inv_std, sqrtvar, var, eps)
    return out, cache


def layernorm_backward(dout, cache):
    xhat, gamma, xmu, inv_std, sqrtvar, var, eps = cache
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * xhat, axis=0)
    dxhat = (dout * gamma).T
    D, N = dxhat.shape
    dinv_std = np.sum(dxhat * xmu, axis=0)
    dxmu1 = dxhat * inv_std
    dsqrtvar = -1. / (sqrtvar ** 2) * dinv_std
    dvar = 0.5 * 1. / np.sqrt(var + eps) * dsqrtvar
    dsq = 1. / D * np.ones((D, N)) * dvar
    dxmu2 = 2 * xmu * dsq
    dx1 = (dxmu1 + dxmu2)
    dmu = -1 * np.sum(dxmu1 + dxmu2, axis=0)
    dx2 = 1. / D * np.ones((D, N)) * dmu
    dx = (dx1 + dx2).T
    return dx, dgamma, dbeta


def groupnorm_forward(x, gamma, beta, G, eps):
    N, C, H, W = x.shape
    size = (N * G, C // G * H * W)
    x2 = x.reshape(size).T
    gamma = gamma.reshape(1, C, 1, 1)
    beta = beta.reshape(1, C, 1, 1)
    mu = x2.mean(axis=0)
    var = x2.var(axis=0) + eps
    std = np.sqrt(var)
    z = (x2 - mu) / std
    z = z.T.reshape(N, C, H, W)
    out = gamma * z + beta
    cache = {'std': std, 'gamma': gamma, 'z': z, 'size': size}
    return out, cache


def groupnorm_backward(dout, cache):
    N, C, H, W = dout.shape
    size = cache['size']
    dbeta = dout.sum(axis=(0, 2, 3), keepdims=False)
    dgamma = np.sum(dout * cache['z'], axis=(0, 2, 3), keepdims=False)
    z = cache['z'].reshape(size).T
    M = z.shape[0]
    dfdz = dout * cache['gamma']
    dfdz = dfdz.reshape(size).T
    dfdz_sum = np.sum(dfdz, axis=0)
    dx = dfdz - dfdz_sum / M - np.sum(dfdz * z, axis=0) * z / M
    dx /= cache['std']
    dx = dx.T.reshape(N, C, H, W)
    return dx, dgamma, dbeta
