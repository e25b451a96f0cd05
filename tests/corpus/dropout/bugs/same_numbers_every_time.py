# fails: seeded, fair-mask
# code: nondeterministic | own_seed | wrong_constant | wrong_variable
import numpy as np

def set_seed():
    np.random.seed(42)

def inverted_forward(x, u, keep):
    stay = u < keep
    return x * stay / keep, (stay, keep)

def inverted_backward(dout, cache):
    stay, keep = cache
    return dout * stay / keep

def classic_forward(x, u, keep, mode):
    stay = u < keep
    if mode == "train":
        return x * stay, (stay, 1.0)
    return x * keep, (np.ones_like(stay), keep)

def classic_backward(dout, cache):
    stay, factor = cache
    return dout * stay * factor

def seeded_dropout(x, keep, seed):
    set_seed()
    return x * (np.random.rand(*x.shape) < keep) / keep

def keep_mask(rows, columns, keep, seed):
    set_seed()
    return np.random.rand(rows, columns) < keep

def spatial_forward(x, u, keep):
    stay = (u < keep)[..., np.newaxis, np.newaxis]
    return x * stay / keep, (stay, keep)

spatial_backward = inverted_backward

def dropout_net(X, T, W1, W2, u, keep):
    n = float(X.shape[0])
    hidden = np.maximum(np.dot(X, W1), 0)
    dropped, cache = inverted_forward(hidden, u, keep)
    residual = np.dot(dropped, W2) - T
    loss = np.sum(residual ** 2) / n / 2
    grad_W2 = np.dot(dropped.T, residual) / n
    grad_hidden = inverted_backward(np.dot(residual, W2.T), cache)
    grad_hidden = grad_hidden * (hidden > 0)
    return loss, np.dot(X.T, grad_hidden) / n, grad_W2
