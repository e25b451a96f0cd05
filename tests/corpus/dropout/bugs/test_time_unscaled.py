# fails: classic
# code: dropout_scale | input_factor | term_missing
# line: 22
import numpy as np


def inverted_forward(x, u, keep):
    retained = np.divide(u < keep, keep)
    return np.multiply(retained, x), retained


def inverted_backward(dout, retained):
    return np.multiply(retained, dout)


def classic_forward(x, u, keep, mode):
    if mode == 'train':
        retained = (u < keep)
        out = np.multiply(retained, x)
    else:
        retained = np.ones(x.shape)
        out = x.copy()
    return out, retained


def classic_backward(dout, retained):
    return np.multiply(retained, dout)


def seeded_dropout(x, keep, seed):
    generator = np.random.default_rng(seed=seed)
    return inverted_forward(x, generator.random(x.shape), keep)[0]


def keep_mask(rows, columns, keep, seed):
    generator = np.random.default_rng(seed=seed)
    return 1 * (generator.random((rows, columns)) < keep)


def spatial_forward(x, u, keep):
    out, retained = inverted_forward(x.reshape(x.shape[0], x.shape[1], -1), u[..., None], keep)
    return out.reshape(x.shape), retained


def spatial_backward(dout, retained):
    return (dout.reshape(dout.shape[0], dout.shape[1], -1) * retained).reshape(dout.shape)


def dropout_net(X, T, W1, W2, u, keep):
    batch = X.shape[0]
    Z = np.matmul(X, W1)
    H, retained = inverted_forward(np.clip(Z, 0, None), u, keep)
    E = np.matmul(H, W2) - T
    loss = np.square(E).sum(axis=1).mean() / 2
    dZ = inverted_backward(np.matmul(E, W2.T), retained) * np.heaviside(Z, 0)
    return loss, np.matmul(X.T, dZ) / batch, np.matmul(H.T, E) / batch
