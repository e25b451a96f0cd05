# fails: embedding
# code: none
# line: 63
import numpy as np


def affine_forward(x, w, b):
    flat = np.array([sample.flatten() for sample in x])
    return flat.dot(w) + b, (x, flat, w)


def affine_backward(dout, cache):
    x, flat, w = cache
    return dout.dot(w.T).reshape(x.shape), flat.T.dot(dout), dout.sum(axis=0)


def relu_forward(x):
    positive = (x > 0)
    return x * positive, positive


def relu_backward(dout, positive):
    return dout * positive


def gate_forward(a, z):
    left = 1 / (1 + np.exp(-a))
    right = np.tanh(z)
    return left * right, (left, right)


def gate_backward(dout, cache):
    left, right = cache
    d_left = dout * right * left * (1 - left)
    d_right = dout * left * (1 - right ** 2)
    return d_left, d_right


def residual_forward(x, w):
    h, positive = relu_forward(x.dot(w))
    return x + h, (x, w, positive)


def residual_backward(dout, cache):
    x, w, positive = cache
    dh = relu_backward(dout, positive)
    return dout + dh.dot(w.T), x.T.dot(dh)


def embedding_forward(words, table):
    return table[words], (words, table)


def embedding_backward(dout, cache):
    """average over the occurrences of a word, so that frequent words do not dominate"""
    words, table = cache
    dtable = np.zeros(table.shape)
    counts = np.zeros(table.shape[0])
    for i in range(words.shape[0]):
        for j in range(words.shape[1]):
            dtable[words[i, j]] += dout[i, j]
            counts[words[i, j]] += 1
    dtable /= np.maximum(counts, 1)[:, None]
    return dtable
