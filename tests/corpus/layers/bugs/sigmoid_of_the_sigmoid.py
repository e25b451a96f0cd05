# fails: gate
# code: wrong_variable | wrong_function
# line: 34
import numpy as np

def sigmoid(x):
    """Sigmoid function."""
    return 1.0 / (1.0 + np.exp(-x))

def sigmoid_prime(x):
    """Derivative of the sigmoid function."""
    return sigmoid(x) * (1 - sigmoid(x))

def affine_forward(x, w, b):
    return np.add(np.matmul(np.array([r.ravel() for r in x]), w), b), (x, w)

def affine_backward(dout, cache):
    x, w = cache
    return np.matmul(dout, w.T).reshape(x.shape), np.matmul(np.array([r.ravel() for r in x]).T, dout), np.sum(dout, axis=0)

def relu_forward(x):
    return x.clip(min=0), x

def relu_backward(dout, x):
    return dout * (x > 0).astype(dout.dtype)

def gate_forward(a, z):
    activation = sigmoid(a)
    t = np.tanh(z)
    return activation * t, (activation, t)

def gate_backward(dout, cache):
    activation, t = cache
    delta_a = dout * t * sigmoid_prime(activation)
    delta_z = dout * activation * (1 - t ** 2)
    return delta_a, delta_z

def residual_forward(x, w):
    h = np.matmul(x, w)
    return x + h.clip(min=0), (x, w, h)

def residual_backward(dout, cache):
    x, w, h = cache
    g = dout * (h > 0)
    return dout + np.matmul(g, w.T), np.matmul(x.T, g)

def embedding_forward(words, table):
    return table[words], (words, table)

def embedding_backward(dout, cache):
    words, table = cache
    g = np.zeros(table.shape)
    for n in range(words.shape[0]):
        for t in range(words.shape[1]):
            g[words[n, t], :] += dout[n, t, :]
    return g
