# fails: affine-backward
# code: wrong_variable | none
# line: 10
# verdict: exception
import numpy as np

def affine_forward(x, w, b):
    x = x.reshape(x.shape[0], -1)
    out = x.dot(w) + b
    cache = (out, w, b)
    return out, cache

def affine_backward(dout, cache):
    x, w, b = cache
    dx = dout.dot(w.T).reshape(x.shape)
    dw = x.T.dot(dout)
    db = dout.sum(axis=0)
    return dx, dw, db

def relu_forward(x):
    return np.maximum(0, x), x

def relu_backward(dout, x):
    dout = dout.copy()
    dout[x < 0] = 0
    return dout

def gate_forward(a, z):
    sg = 1 / (1 + np.exp(-a))
    th = np.tanh(z)
    return sg * th, (sg, th)

def gate_backward(dout, cache):
    sg, th = cache
    dsg = dout * th
    dth = dout * sg
    return dsg * sg * (1 - sg), dth * (1 - th ** 2)

def residual_forward(x, w):
    pre = x.dot(w)
    return x + np.maximum(0, pre), (x, w, pre)

def residual_backward(dout, cache):
    x, w, pre = cache
    dpre = relu_backward(dout, pre)
    return dout + dpre.dot(w.T), x.T.dot(dpre)

def embedding_forward(words, table):
    return table[words], (words, table.shape)

def embedding_backward(dout, cache):
    words, shape = cache
    dtable = np.zeros(shape)
    np.add.at(dtable, words, dout)
    return dtable
