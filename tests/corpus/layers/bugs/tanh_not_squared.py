# fails: gate
# code: wrong_exponent | wrong_operator | term_missing
# line: 27
import numpy as np
from numpy import exp, dot, tanh, where, zeros

def affine_forward(x, w, b):
    n = len(x)
    xr = x.reshape((n, x.size // n))
    return dot(xr, w) + b, (xr, w, x.shape)

def affine_backward(dout, cache):
    xr, w, s = cache
    return dot(dout, w.T).reshape(s), dot(xr.T, dout), dout.sum(0)

def relu_forward(x):
    return where(x < 0, 0, x), x < 0

def relu_backward(dout, off):
    return where(off, 0, dout)

def gate_forward(a, z):
    return tanh(z) / (1 + exp(-a)), (1 / (1 + exp(-a)), tanh(z))

def gate_backward(dout, cache):
    p, q = cache
    return dout * q * p * (1 - p), dout * p * (1 - q)

def residual_forward(x, w):
    y = dot(x, w)
    return x + where(y < 0, 0, y), (x, w, y < 0)

def residual_backward(dout, cache):
    x, w, off = cache
    g = where(off, 0, dout)
    return dout + dot(g, w.T), dot(x.T, g)

def embedding_forward(words, table):
    return table[words], (words, table.shape)

def embedding_backward(dout, cache):
    words, shape = cache
    g = zeros(shape)
    for k in range(shape[0]):
        g[k] = dout[words == k].sum(axis=0)
    return g
