# -*- coding: utf-8 -*-
# Лабораторная работа 2
from __future__ import division, print_function
import math
import numpy as np
from past.builtins import xrange


def affine_forward(x, w, b):
    N = x.shape[0]
    rows = [x[i].flatten() for i in xrange(N)]
    out = []
    for row in rows:
        line = []
        for j in xrange(w.shape[1]):
            s = b[j]
            for k in xrange(0, len(row)):
                s += row[k] * w[k][j]
            line.append(s)
        out.append(line)
    return out, {'rows': rows, 'w': w, 'shape': x.shape}


def affine_backward(dout, cache):
    rows, w = cache['rows'], cache['w']
    dx = np.zeros((len(rows), w.shape[0]))
    dw = np.zeros(w.shape)
    db = [0.0] * w.shape[1]
    for i in xrange(len(rows)):
        for j in xrange(w.shape[1]):
            db[j] += dout[i][j]
            for k in xrange(w.shape[0]):
                dx[i][k] += dout[i][j] * w[k][j]
                dw[k][j] += dout[i][j] * rows[i][k]
    return dx.reshape(cache['shape']), dw, db


def relu_forward(x):
    out = np.empty(x.shape)
    for i in xrange(x.shape[0]):
        for j in xrange(x.shape[1]):
            out[i, j] = max(0, x[i, j])
    return out, out


def relu_backward(dout, out):
    dx = np.empty(out.shape)
    for i in xrange(out.shape[0]):
        for j in xrange(out.shape[1]):
            dx[i, j] = dout[i, j] if out[i, j] > 0 else 0
    return dx


def gate_forward(a, z):
    sig = np.vectorize(lambda v: 1 / (1 + math.exp(-v)))
    tanh = np.vectorize(math.tanh)
    print('gate', a.shape)
    return sig(a) * tanh(z), [sig(a), tanh(z)]


def gate_backward(dout, cache):
    s, t = cache
    da = np.zeros(s.size)
    dz = np.zeros(s.size)
    for k, (d, si, ti) in enumerate(zip(dout.flat, s.flat, t.flat)):
        da[k] = d * ti * si * (1 - si)
        dz[k] = d * si * (1 - ti * ti)
    return da.reshape(s.shape), dz.reshape(s.shape)


def residual_forward(x, w):
    out = x.copy()
    for i in xrange(x.shape[0]):
        for j in xrange(w.shape[1]):
            h = sum(x[i, k] * w[k, j] for k in xrange(x.shape[1]))
            if h > 0:
                out[i, j] += h
    return out, (x, w, out)


def residual_backward(dout, cache):
    x, w, out = cache
    dx = dout.copy()
    dw = np.zeros(w.shape)
    for i in xrange(x.shape[0]):
        for j in xrange(w.shape[1]):
            if out[i, j] != x[i, j]:
                dx[i] += dout[i, j] * w[:, j]
                dw[:, j] += dout[i, j] * x[i]
    return dx, dw


def embedding_forward(words, table):
    return [[list(table[k]) for k in sentence] for sentence in words], (words, len(table))


def embedding_backward(dout, cache):
    words, V = cache
    grads = {}
    for i, sentence in enumerate(words):
        for j, k in enumerate(sentence):
            grads[int(k)] = grads.get(int(k), 0) + dout[i, j]
    D = dout.shape[2]
    return np.array([grads.get(k, np.zeros(D)) for k in xrange(V)])
