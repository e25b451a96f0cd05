# fails: conv-forward
# code: off_by_one|term_missing
# line: 34
# verdict: wrong_shape
from __future__ import print_function
from builtins import range
import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    """
    A naive implementation of the forward pass for a convolutional layer.

    The input consists of N data points, each with C channels, height H and
    width W. We convolve each input with F different filters, where each filter
    spans all C channels and has height HH and width WW.

    Input:
    - x: Input data of shape (N, C, H, W)
    - w: Filter weights of shape (F, C, HH, WW)
    - b: Biases, of shape (F,)
    - conv_param: A dictionary with the following keys: 'stride', 'pad'

    Returns a tuple of:
    - out: Output data, of shape (N, F, H', W')
    - cache: (x, w, b, conv_param)
    """
    out = None
    P, S = conv_param['pad'], conv_param['stride']
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    xpad = np.zeros((N, C, H + 2 * P, W + 2 * P))
    xpad[:, :, P:P + H, P:P + W] = x
    H_prime = (H + 2 * P - HH) // S
    W_prime = (W + 2 * P - WW) // S
    out = np.zeros((N, F, H_prime, W_prime))
    for n in range(N):
        for f in range(F):
            for i in range(H_prime):
                for j in range(W_prime):
                    window = xpad[n, :, i * S:i * S + HH, j * S:j * S + WW]
                    out[n, f, i, j] = np.sum(window * w[f]) + b[f]
    cache = (x, w, b, conv_param)
    return out, cache


def conv_backward_naive(dout, cache):
    dx, dw, db = None, None, None
    x, w, b, conv_param = cache
    P, S = conv_param['pad'], conv_param['stride']
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    xpad = np.pad(x, ((0,), (0,), (P,), (P,)), 'constant')
    _, _, H_prime, W_prime = dout.shape
    dxpad = np.zeros_like(xpad)
    dw = np.zeros_like(w)
    db = np.zeros_like(b)
    for n in range(N):
        for f in range(F):
            for i in range(H_prime):
                for j in range(W_prime):
                    g = dout[n, f, i, j]
                    db[f] += g
                    dw[f] += g * xpad[n, :, i * S:i * S + HH, j * S:j * S + WW]
                    dxpad[n, :, i * S:i * S + HH, j * S:j * S + WW] += g * w[f]
    dx = dxpad[:, :, P:P + H, P:P + W]
    return dx, dw, db


def max_pool_forward_naive(x, pool_param):
    out = None
    N, C, H, W = x.shape
    ph, pw, S = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    H_prime = 1 + (H - ph) // S
    W_prime = 1 + (W - pw) // S
    out = np.zeros((N, C, H_prime, W_prime))
    for n in range(N):
        for c in range(C):
            for i in range(H_prime):
                for j in range(W_prime):
                    out[n, c, i, j] = np.max(x[n, c, i * S:i * S + ph, j * S:j * S + pw])
    cache = (x, pool_param)
    return out, cache


def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    N, C, H_prime, W_prime = dout.shape
    ph, pw, S = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    dx = np.zeros_like(x)
    for n in range(N):
        for c in range(C):
            for i in range(H_prime):
                for j in range(W_prime):
                    window = x[n, c, i * S:i * S + ph, j * S:j * S + pw]
                    ind = np.unravel_index(np.argmax(window, axis=None), window.shape)
                    dx[n, c, i * S:i * S + ph, j * S:j * S + pw][ind] += dout[n, c, i, j]
    return dx


def avg_pool_forward_naive(x, pool_param):
    N, C, H, W = x.shape
    ph, pw, S = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    H_prime = 1 + (H - ph) // S
    W_prime = 1 + (W - pw) // S
    out = np.zeros((N, C, H_prime, W_prime))
    for n in range(N):
        for c in range(C):
            for i in range(H_prime):
                for j in range(W_prime):
                    out[n, c, i, j] = np.mean(x[n, c, i * S:i * S + ph, j * S:j * S + pw])
    return out, (x, pool_param)


def avg_pool_backward_naive(dout, cache):
    x, pool_param = cache
    N, C, H_prime, W_prime = dout.shape
    ph, pw, S = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    dx = np.zeros_like(x)
    for n in range(N):
        for c in range(C):
            for i in range(H_prime):
                for j in range(W_prime):
                    share = dout[n, c, i, j] / (ph * pw)
                    dx[n, c, i * S:i * S + ph, j * S:j * S + pw] += np.ones((ph, pw)) * share
    return dx
