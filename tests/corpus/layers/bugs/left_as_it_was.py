# fails: embedding
# code: not_implemented
# verdict: not_implemented
import numpy as np

def affine_forward(x, w, b):
    return x.reshape(x.shape[0], -1) @ w + b, (x, w, b)

def affine_backward(dout, cache):
    x, w, b = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(x.shape[0], -1).T @ dout
    db = dout.T @ np.ones(dout.shape[0])
    return dx, dw, db

def relu_forward(x):
    return np.maximum(0, x), x

def relu_backward(dout, cache):
    return dout * np.greater(cache, 0)

def gate_forward(a, z):
    s = 1 / (1 + np.exp(-a))
    return s * np.tanh(z), (s, np.tanh(z))

def gate_backward(dout, cache):
    s, t = cache
    return dout * t * s * (1 - s), dout * s * (1 - t ** 2)

def residual_forward(x, w):
    r, c = relu_forward(x @ w)
    return x + r, (x, w, c)

def residual_backward(dout, cache):
    x, w, c = cache
    dr = relu_backward(dout, c)
    return dout + dr @ w.T, x.T @ dr

def embedding_forward(words, table):
    out, cache = None, None
    ##############################################################################
    # TODO: Implement the forward pass for word embeddings.                      #
    # HINT: This can be done in one line using NumPy's array indexing.           #
    ##############################################################################
    pass
    return out, cache

def embedding_backward(dout, cache):
    dW = None
    ##############################################################################
    # TODO: Implement the backward pass for word embeddings.                     #
    # HINT: Look up the function np.add.at                                       #
    ##############################################################################
    pass
    return dW
