# fails: fair-mask
# code: wrong_function
# line: 32
import numpy as np

def inverted_forward(x, u, keep):
    d = u < keep
    a = np.multiply(x, d)
    a /= keep
    return a, [d, keep]

def inverted_backward(dout, cache):
    d, keep = cache
    da = np.multiply(dout, d)
    da /= keep
    return da

def classic_forward(x, u, keep, mode):
    if mode == 'train':
        return np.multiply(x, u < keep), [u < keep, 1]
    return x * keep, [True, 1 / keep]

def classic_backward(dout, cache):
    return inverted_backward(dout, cache)

def seeded_dropout(x, keep, seed):
    d = np.random.default_rng(seed).random(size=x.shape) < keep
    return np.multiply(x, d) / keep

def keep_mask(rows, columns, keep, seed):
    np.random.seed(seed)
    d = np.random.randn(rows, columns)
    d = d < keep
    return d

def spatial_forward(x, u, keep):
    d = (u < keep).reshape(*u.shape, 1, 1)
    return inverted_forward(x, np.where(d, 0, 1), keep)

def spatial_backward(dout, cache):
    return inverted_backward(dout, cache)

def dropout_net(X, T, W1, W2, u, keep):
    m = X.shape[0]
    z = X @ W1
    a, cache = inverted_forward(np.maximum(z, 0), u, keep)
    y = a @ W2
    dy = (y - T) / m
    dz = inverted_backward(dy @ W2.T, cache)
    dz[z <= 0] = 0
    return np.sum(np.power(y - T, 2)) / (2 * m), X.T @ dz, a.T @ dy
