# fails: affine-backward, relu, residual
# code: zero_block | statement_missing
# line: none
# code: mask_missing
# line: 27
import numpy as np

def affine_forward(x, w, b):
    N = x.shape[0]
    out = x.reshape(N, -1) @ w + b
    return out, (x, w, b)

def affine_backward(dout, cache):
    x, w, b = cache
    dx, dw, db = np.zeros_like(x), np.zeros_like(w), np.zeros_like(b)
    N = x.shape[0]
    dx += (dout @ w.T).reshape(x.shape)
    dw += x.reshape(N, -1).T @ dout
    return dx, dw, db

def relu_forward(x):
    out = np.maximum(0, x)
    return out, (x, out)

def relu_backward(dout, cache):
    x, out = cache
    dx = dout
    return dx

def gate_forward(a, z):
    u, v = 1 / (1 + np.exp(-a)), np.tanh(z)
    return u * v, (u, v)

def gate_backward(dout, cache):
    u, v = cache
    return dout * v * u * (1 - u), dout * u * (1 - v ** 2)

def residual_forward(x, w):
    h, c = relu_forward(x @ w)
    return x + h, (x, w, c)

def residual_backward(dout, cache):
    x, w, c = cache
    dh = relu_backward(dout, c)
    dx, dw, _ = affine_backward(dh, (x, w, np.zeros(w.shape[1])))
    dx += dout
    return dx, dw

def embedding_forward(words, table):
    out = np.zeros((words.shape[0], words.shape[1], table.shape[1]))
    for i, s in enumerate(words):
        out[i] = table[s]
    return out, (words, table)

def embedding_backward(dout, cache):
    words, table = cache
    d = np.zeros(table.shape)
    for i, s in enumerate(words):
        for j, k in enumerate(s):
            d[k] += dout[i, j]
    return d
