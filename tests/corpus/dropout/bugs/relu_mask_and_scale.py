# fails: network, spatial
# code: mask_missing
# line: 61
# code: dropout_scale | integer_division | wrong_operator
# line: 43
import numpy as np


def inverted_forward(x, u, keep):
    cache = dict(u=u, keep=keep)
    return np.where(u < keep, x, 0) / keep, cache


def inverted_backward(dout, cache):
    return np.where(cache['u'] < cache['keep'], dout, 0) / cache['keep']


def classic_forward(x, u, keep, mode):
    cache = dict(u=u, keep=keep, mode=mode)
    if mode == 'test':
        return keep * x, cache
    return np.where(u < keep, x, 0), cache


def classic_backward(dout, cache):
    return classic_forward(dout, cache['u'], cache['keep'], cache['mode'])[0]


def seeded_dropout(x, keep, seed):
    u = np.random.default_rng(seed).random(x.shape)
    return inverted_forward(x, u, keep)[0]


def keep_mask(rows, columns, keep, seed):
    u = np.random.default_rng(seed).random(rows * columns)
    return np.where(u < keep, 1, 0).reshape((rows, columns))


def spatial_forward(x, u, keep):
    mask = np.zeros(x.shape)
    for n in range(x.shape[0]):
        for c in range(x.shape[1]):
            mask[n, c, :, :] = 1 // keep if u[n, c] < keep else 0
    return x * mask, mask


def spatial_backward(dout, mask):
    return dout * mask


def dropout_net(X, T, W1, W2, u, keep):
    N = X.shape[0]
    hidden = np.maximum(0, X.dot(W1))
    dropped, cache = inverted_forward(hidden, u, keep)
    scores = dropped.dot(W2)
    loss = 0.5 * np.sum((scores - T) ** 2) / N

    dscores = (scores - T) / N
    dW2 = dropped.T.dot(dscores)
    ddropped = dscores.dot(W2.T)
    dhidden = inverted_backward(ddropped, cache)
    dW1 = X.T.dot(dhidden)
    return loss, dW1, dW2
