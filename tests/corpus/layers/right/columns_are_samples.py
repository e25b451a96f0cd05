# deeplearning.ai notation: a column is an example, so everything is transposed on the way in
import numpy as np


def linear_forward(A, W, b):
    Z = np.dot(W, A) + b
    assert Z.shape == (W.shape[0], A.shape[1])
    return Z, (A, W, b)


def linear_backward(dZ, cache):
    A_prev, W, b = cache
    dW = np.dot(dZ, A_prev.T)
    db = np.sum(dZ, axis=1, keepdims=True)
    dA_prev = np.dot(W.T, dZ)
    return dA_prev, dW, db


def affine_forward(x, w, b):
    A = np.asfortranarray(x.reshape(x.shape[0], -1).T)
    Z, cache = linear_forward(A, w.T, b.reshape(-1, 1))
    return Z.T, (cache, x.shape)


def affine_backward(dout, cache):
    linear_cache, shape = cache
    dA, dW, db = linear_backward(dout.T, linear_cache)
    return dA.T.reshape(shape), dW.T, db.T    # db is (1, M)


def relu_forward(Z):
    A = np.maximum(0, Z)
    cache = Z
    return A, cache


def relu_backward(dA, cache):
    Z = cache
    dZ = np.array(dA, copy=True)
    dZ[Z <= 0] = 0
    assert (dZ.shape == Z.shape)
    return dZ


def gate_forward(a, z):
    Gamma = 1 / (1 + np.exp(-a))
    cct = np.tanh(z)
    return Gamma * cct, {"Gamma": Gamma, "cct": cct}


def gate_backward(dout, cache):
    Gamma, cct = cache["Gamma"], cache["cct"]
    dGamma = dout * cct * Gamma * (1 - Gamma)
    dcct = dout * Gamma * (1 - np.square(cct))
    return dGamma, dcct


def residual_forward(x, w):
    A = x.T
    Z, lin = linear_forward(A, w.T, np.zeros((w.shape[1], 1)))
    H, act = relu_forward(Z)
    return (A + H).T, (lin, act)


def residual_backward(dout, cache):
    lin, act = cache
    dZ = relu_backward(dout.T, act)
    dA, dW, db = linear_backward(dZ, lin)
    return (dA + dout.T).T, dW.T


def embedding_forward(words, table):
    E = table.T
    return np.moveaxis(E[:, words], 0, -1), (words, E.shape)


def embedding_backward(dout, cache):
    words, (D, V) = cache
    flat = np.ravel(words)
    d = dout.reshape(-1, D)
    return np.stack([np.bincount(flat, weights=d[:, j], minlength=V) for j in range(D)]).T
