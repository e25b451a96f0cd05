# fails: relu, residual
# code: none
import numpy as np

ALPHA = 0.01

def affine_forward(x, w, b):
    x2 = np.reshape(x, (x.shape[0], -1))
    return np.dot(x2, w) + b, (x2, x.shape, w)

def affine_backward(dout, cache):
    x2, shape, w = cache
    return np.reshape(np.dot(dout, w.T), shape), np.dot(x2.T, dout), np.sum(dout, axis=0)

def relu_forward(x):
    return np.maximum(ALPHA * x, x), x

def relu_backward(dout, x):
    slope = np.where(x > 0, 1, ALPHA)
    return dout * slope

def gate_forward(a, z):
    g = 1 / (1 + np.exp(-a))
    c = np.tanh(z)
    return g * c, (g, c)

def gate_backward(dout, cache):
    g, c = cache
    return dout * c * g * (1 - g), dout * g * (1 - c * c)

def residual_forward(x, w):
    h, c = relu_forward(np.dot(x, w))
    return x + h, (x, w, c)

def residual_backward(dout, cache):
    x, w, c = cache
    dh = relu_backward(dout, c)
    return dout + np.dot(dh, w.T), np.dot(x.T, dh)

def embedding_forward(words, table):
    return table[words], (words, table)

def embedding_backward(dout, cache):
    words, table = cache
    d = np.zeros_like(table)
    for w, g in zip(words.flatten(), dout.reshape(-1, table.shape[1])):
        d[w] += g
    return d
