# fails: gate, embedding
# code: sign_flipped | wrong_operator
# line: 31
# code: path_missing | wrong_operator
# line: 50
import numpy as np
from past.builtins import xrange

def affine_forward(x, w, b):
    out = x.reshape(x.shape[0], -1).dot(w) + b
    return out, (x, w, b)

def affine_backward(dout, cache):
    x, w, b = cache
    return dout.dot(w.T).reshape(x.shape), x.reshape(x.shape[0], -1).T.dot(dout), dout.sum(axis=0)

def relu_forward(x):
    return np.maximum(0, x), x

def relu_backward(dout, cache):
    return dout * (cache >= 0)

def gate_forward(a, z):
    i = 1 / (1 + np.exp(-a))
    g = np.tanh(z)
    return i * g, (i, g)

def gate_backward(dout, cache):
    i, g = cache
    da = i * (1 - i) * g * dout
    dz = (1 + g * g) * i * dout
    return da, dz

def residual_forward(x, w):
    return x + np.maximum(0, x.dot(w)), (x, w)

def residual_backward(dout, cache):
    x, w = cache
    d = dout * (x.dot(w) > 0)
    return dout + d.dot(w.T), x.T.dot(d)

def embedding_forward(x, W):
    return W[x], (x, W)

def embedding_backward(dout, cache):
    x, W = cache
    dW = np.zeros_like(W)
    for n in xrange(x.shape[0]):
        for t in xrange(x.shape[1]):
            dW[x[n, t]] = dout[n, t]
    return dW
