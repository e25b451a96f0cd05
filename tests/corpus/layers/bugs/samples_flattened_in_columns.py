# fails: affine-forward, affine-backward
# code: none
# line: 8
import numpy as np

def rows(x):
    # Matlab order, first index runs fastest
    return x.reshape(x.shape[0], -1, order='F')

def affine_forward(x, w, b):
    return rows(x) @ w + b, (x, w)

def affine_backward(dout, cache):
    x, w = cache
    dx = (dout @ w.T).reshape(x.shape, order='F')
    dw = rows(x).T @ dout
    db = dout.sum(axis=0)
    return dx, dw, db

def relu_forward(x):
    out = np.where(x >= 0, x, 0)
    return out, x

def relu_backward(dout, x):
    return np.where(x >= 0, dout, 0)

def gate_forward(a, z):
    sigma = 1 / (1 + np.exp(-a))
    th = np.sinh(z) / np.cosh(z)
    return sigma * th, (sigma, th)

def gate_backward(dout, cache):
    sigma, th = cache
    return dout * th * sigma * (1 - sigma), dout * sigma * (1 - th ** 2)

def residual_forward(x, w):
    y = x @ w
    return x + np.where(y >= 0, y, 0), (x, w, y)

def residual_backward(dout, cache):
    x, w, y = cache
    dy = np.where(y >= 0, dout, 0)
    return dy @ w.T + dout, x.T @ dy

def embedding_forward(words, table):
    return table[words], (words, table.shape[0])

def embedding_backward(dout, cache):
    words, V = cache
    onehot = np.eye(V)[words]
    return np.einsum('ntv,ntd->vd', onehot, dout)
