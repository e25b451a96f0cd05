# fails: inverted
# code: in_place_mutation
# line: 8
import numpy as np

def inverted_forward(x, u, keep):
    mask = (u < keep) / keep
    x *= mask
    return x, mask

def inverted_backward(dout, cache):
    return dout * cache

def classic_forward(x, u, keep, mode):
    mask = None
    if mode == 'train':
        mask = 1.0 * (u < keep)
        out = x * mask
    elif mode == 'test':
        out = x * keep
    cache = (mode, mask, keep)
    return out, cache

def classic_backward(dout, cache):
    mode, mask, keep = cache
    if mode == 'train':
        dx = dout * mask
    elif mode == 'test':
        dx = dout * keep
    return dx

def seeded_dropout(x, keep, seed):
    out, _ = inverted_forward(x.copy(), np.random.default_rng(seed).random(x.shape), keep)
    return out

def keep_mask(rows, columns, keep, seed):
    return np.random.default_rng(seed).random((rows, columns)) < keep

def spatial_forward(x, u, keep):
    N, C, H, W = x.shape
    mask = np.repeat((u < keep) / keep, H * W, axis=1).reshape(N, C, H, W)
    return x * mask, mask

def spatial_backward(dout, cache):
    return dout * cache

def dropout_net(X, T, W1, W2, u, keep):
    h = np.maximum(X @ W1, 0)
    active = h > 0
    h, mask = inverted_forward(h, u, keep)
    diff = h @ W2 - T
    dout = diff / X.shape[0]
    return 0.5 * np.sum(diff * dout), X.T @ (inverted_backward(dout @ W2.T, mask) * active), h.T @ dout
