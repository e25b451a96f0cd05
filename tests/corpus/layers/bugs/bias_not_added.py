# fails: affine-forward
# code: term_missing | statement_missing
# line: 10
import numpy as np

def affine_forward(x, w, b):
    num = x.shape[0]
    out = np.zeros((num, w.shape[1]))
    for i in range(num):
        out[i] = x[i].ravel().dot(w)
    return out, (x, w, b)

def affine_backward(dout, cache):
    x, w, b = cache
    num = x.shape[0]
    dx = np.zeros(x.shape)
    dw = np.zeros(w.shape)
    db = np.zeros(b.shape)
    for i in range(num):
        dx[i] = dout[i].dot(w.T).reshape(x[i].shape)
        dw += np.outer(x[i].ravel(), dout[i])
        db += dout[i]
    return dx, dw, db

def relu_forward(x):
    mask = x > 0
    return mask * x, mask

def relu_backward(dout, mask):
    return mask * dout

def gate_forward(a, z):
    s = 1. / (1. + np.exp(-a))
    t = np.tanh(z)
    return s * t, (s, t)

def gate_backward(dout, cache):
    s, t = cache
    return dout * t * s * (1 - s), dout * s * (1 - t * t)

def residual_forward(x, w):
    h = np.maximum(x.dot(w), 0)
    return h + x, (x, w, h)

def residual_backward(dout, cache):
    x, w, h = cache
    d = dout * (h > 0)
    return d.dot(w.T) + dout, x.T.dot(d)

def embedding_forward(words, table):
    return table[words, :], (words, table.shape)

def embedding_backward(dout, cache):
    words, shape = cache
    d = np.zeros(shape)
    for idx, k in np.ndenumerate(words):
        d[k] += dout[idx]
    return d
