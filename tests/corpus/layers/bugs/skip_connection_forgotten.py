# fails: residual
# code: path_missing | term_missing
# line: 48
import numpy as np

"""Übung 4 - Rückwärts durch den Block"""

def affine_forward(x, w, b):
    eingabe = x.reshape(x.shape[0], -1)
    return eingabe @ w + b, (eingabe, w, x.shape)

def affine_backward(dout, cache):
    eingabe, w, form = cache
    dx = (dout @ w.T).reshape(form)
    dw = eingabe.T @ dout
    db = np.einsum('ij->j', dout)
    return dx, dw, db

def relu_forward(x):
    maske = np.ones(x.shape)
    maske[x < 0] = 0
    return maske * x, maske

def relu_backward(dout, maske):
    return maske * dout

def gate_forward(a, z):
    tor = 1 / (1 + np.exp(-a))
    wert = np.tanh(z)
    return tor * wert, (tor, wert)

def gate_backward(dout, cache):
    tor, wert = cache
    dtor = dout * wert
    dwert = dout * tor
    da = dtor * (tor - tor * tor)
    dz = dwert * (1 - wert * wert)
    return da, dz

def residual_forward(x, w):
    aus, c_affin = affine_forward(x, w, 0.0)
    aus, c_relu = relu_forward(aus)
    return x + aus, (c_affin, c_relu)

def residual_backward(dout, cache):
    c_affin, c_relu = cache
    d = relu_backward(dout, c_relu)
    dx, dw, db = affine_backward(d, c_affin)
    return dx, dw

def embedding_forward(words, table):
    return table[words], (words, table)

def embedding_backward(dout, cache):
    worte, tabelle = cache
    d = np.zeros_like(tabelle)
    np.add.at(d, worte, dout)
    return d
