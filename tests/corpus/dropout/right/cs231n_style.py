import numpy as np
from past.builtins import xrange


def dropout_forward(x, dropout_param):
    """
    Performs the forward pass for (inverted) dropout.

    Inputs:
    - x: Input data, of any shape
    - dropout_param: A dictionary with the following keys:
      - p: Dropout parameter. We keep each neuron output with probability p.
      - mode: 'test' or 'train'.
      - u: the random numbers
    """
    p, mode = dropout_param['p'], dropout_param['mode']
    mask = None
    out = None

    if mode == 'train':
        mask = (dropout_param['u'] < p) / p
        out = x * mask
    elif mode == 'test':
        out = x

    cache = (dropout_param, mask)
    out = out.astype(x.dtype, copy=False)

    return out, cache


def dropout_backward(dout, cache):
    dropout_param, mask = cache
    mode = dropout_param['mode']

    dx = None
    if mode == 'train':
        dx = dout * mask
    elif mode == 'test':
        dx = dout
    return dx


def inverted_forward(x, u, keep):
    return dropout_forward(x, {'p': keep, 'mode': 'train', 'u': u})


inverted_backward = dropout_backward


def classic_forward(x, u, keep, mode):
    if mode == 'train':
        H = u < keep
        return x * H, ('train', H)
    return x * keep, ('test', keep)


def classic_backward(dout, cache):
    return dout * cache[1]


def seeded_dropout(x, keep, seed):
    rng = np.random.default_rng(seed)
    return dropout_forward(x, {'p': keep, 'mode': 'train', 'u': rng.random(x.shape)})[0]


def keep_mask(h, w, keep, seed):
    np.random.seed(seed)
    return np.random.rand(h, w) < keep


def spatial_forward(x, u, keep):
    N, C, H, W = x.shape
    out, cache = dropout_forward(x.transpose(2, 3, 0, 1), {'p': keep, 'mode': 'train', 'u': u})
    return out.transpose(2, 3, 0, 1), cache


def spatial_backward(dout, cache):
    return dropout_backward(dout.transpose(2, 3, 0, 1), cache).transpose(2, 3, 0, 1)


def dropout_net(X, T, W1, W2, u, keep):
    N = X.shape[0]
    a = X.dot(W1)
    h = np.maximum(0, a)
    d, cache = dropout_forward(h, {'p': keep, 'mode': 'train', 'u': u})
    scores = d.dot(W2)
    loss = 0.5 * np.sum((scores - T) ** 2) / N
    dscores = (scores - T) / N
    dW2 = d.T.dot(dscores)
    dd = dscores.dot(W2.T)
    dh = dropout_backward(dd, cache)
    dh[a <= 0] = 0
    dW1 = X.T.dot(dh)
    return loss, dW1, dW2
