# fails: avg-pool
# code: wrong_variable
# line: 68
import numpy as np
import itertools

class Window(object):
    # one place of the kernel in the picture
    def __init__(self, i, j, S, hh, ww):
        self.i, self.j = i, j
        self.rows = slice(i * S, i * S + hh)
        self.cols = slice(j * S, j * S + ww)

def windows(H, W, hh, ww, S):
    for i, j in itertools.product(range((H - hh) // S + 1), range((W - ww) // S + 1)):
        yield Window(i, j, S, hh, ww)

def count(H, hh, S):
    return (H - hh) // S + 1

def conv_forward_naive(x, w, b, conv_param):
    S, P = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    F, _, hh, ww = w.shape
    H, W = H + 2*P, W + 2*P
    big = np.zeros((N, C, H, W))
    big[:, :, P:H - P, P:W - P] = x
    out = np.zeros((N, F, count(H, hh, S), count(W, ww, S)))
    for k in windows(H, W, hh, ww, S):
        for f in range(F):
            out[:, f, k.i, k.j] = (big[:, :, k.rows, k.cols] * w[f]).sum(axis=(1, 2, 3)) + b[f]
    return out, (big, w, S, P)

def conv_backward_naive(dout, cache):
    big, w, S, P = cache
    N, C, H, W = big.shape
    F, _, hh, ww = w.shape
    dbig, dw = np.zeros(big.shape), np.zeros(w.shape)
    for k in windows(H, W, hh, ww, S):
        for f in range(F):
            d = dout[:, f, k.i, k.j].reshape(N, 1, 1, 1)
            dw[f] += (d * big[:, :, k.rows, k.cols]).sum(axis=0)
            dbig[:, :, k.rows, k.cols] += d * w[f]
    return dbig[:, :, P:H - P, P:W - P], dw, dout.sum(axis=(0, 2, 3))

def max_pool_forward_naive(x, pool_param):
    hh, ww, S = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    N, C, H, W = x.shape
    out = np.zeros((N, C, count(H, hh, S), count(W, ww, S)))
    for k in windows(H, W, hh, ww, S):
        out[:, :, k.i, k.j] = x[:, :, k.rows, k.cols].max(axis=3).max(axis=2)
    return out, (x, out, hh, ww, S)

def max_pool_backward_naive(dout, cache):
    x, out, hh, ww, S = cache
    dx = np.zeros(x.shape)
    for k in windows(x.shape[2], x.shape[3], hh, ww, S):
        piece = x[:, :, k.rows, k.cols]
        mask = piece == out[:, :, k.i:k.i + 1, k.j:k.j + 1]
        dx[:, :, k.rows, k.cols] += mask * dout[:, :, k.i:k.i + 1, k.j:k.j + 1]
    return dx

def avg_pool_forward_naive(x, pool_param):
    hh, ww, S = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    N, C, H, W = x.shape
    out = np.zeros((N, C, count(H, hh, S), count(W, ww, S)))
    for k in windows(H, W, hh, ww, S):
        out[:, :, k.i, k.j] = x[:, :, k.rows, k.cols].sum(axis=3).sum(axis=2) / (hh * hh)
    return out, (x.shape, hh, ww, S)

def avg_pool_backward_naive(dout, cache):
    shape, hh, ww, S = cache
    dx = np.zeros(shape)
    for k in windows(shape[2], shape[3], hh, ww, S):
        dx[:, :, k.rows, k.cols] += dout[:, :, k.i:k.i + 1, k.j:k.j + 1] / hh ** 2
    return dx
