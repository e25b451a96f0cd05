# fails: affine-backward
# code: bias_gradient_mean | wrong_function
# line: 15
import numpy as np

def affine_forward(x, w, b):
    m = x.shape[0]
    z = x.reshape(m, -1) @ w + b.reshape(1, -1)
    return z, {"x": x, "w": w, "m": m}

def affine_backward(dout, cache):
    x, w, m = cache["x"], cache["w"], cache["m"]
    grads = {}
    grads["dw"] = x.reshape(m, -1).T @ dout
    grads["db"] = dout.mean(axis=0)
    grads["dx"] = (dout @ w.T).reshape(x.shape)
    return grads["dx"], grads["dw"], grads["db"]

def relu_forward(x):
    return (np.abs(x) + x) / 2, x

def relu_backward(dout, x):
    return dout * (np.sign(x) + 1) / 2

def gate_forward(a, z):
    sa = 1 / (1 + np.exp(-a))
    return sa * np.tanh(z), (sa, z)

def gate_backward(dout, cache):
    sa, z = cache
    return dout * np.tanh(z) * sa * (1 - sa), dout * sa * (1 - np.tanh(z) ** 2)

def residual_forward(x, w):
    z = x @ w
    return x + (np.abs(z) + z) / 2, (x, w, z)

def residual_backward(dout, cache):
    x, w, z = cache
    dz = dout * (z > 0)
    return dout + dz @ w.T, x.T @ dz

def embedding_forward(words, table):
    n, t = words.shape
    return table[words.ravel()].reshape(n, t, -1), (words, table)

def embedding_backward(dout, cache):
    words, table = cache
    d = 0 * table
    for i in range(words.shape[0]):
        np.add.at(d, words[i], dout[i])
    return d
