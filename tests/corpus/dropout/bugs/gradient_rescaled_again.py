# fails: inverted, network
# code: dropout_scale | input_factor
# line: 19
import numpy as np
import logging
logger = logging.getLogger(__name__)


def inverted_forward(x, u, keep):
    cache = {}
    cache["D"] = (u < keep) / keep     # Step 1-2
    cache["keep"] = keep
    A = x * cache["D"]                 # Step 3
    return A, cache


def inverted_backward(dout, cache):
    dA = dout * cache["D"]             # apply the mask
    dA = dA / cache["keep"]
    return dA


def classic_forward(x, u, keep, mode):
    cache = {"mode": mode, "D": u < keep, "keep": keep}
    A = x * cache["D"] if mode == "train" else x * keep
    return A, cache


def classic_backward(dout, cache):
    if cache["mode"] == "train":
        return dout * cache["D"]
    return dout * cache["keep"]


def seeded_dropout(x, keep, seed):
    D = np.random.default_rng(seed).random(x.shape) < keep
    return x * D / keep


def keep_mask(rows, cols, keep, seed):
    return np.random.default_rng(seed).random((rows, cols)) < keep


def spatial_forward(x, u, keep):
    D = (u < keep).astype(int).reshape(x.shape[0], x.shape[1], 1, 1)
    return x * D / keep, (D, keep)


def spatial_backward(dout, cache):
    D, keep = cache
    return dout * D / keep


def dropout_net(X, T, W1, W2, u, keep):
    m = X.shape[0]
    Z1 = np.dot(X, W1)
    A1 = np.maximum(0, Z1)
    A1, cache = inverted_forward(A1, u, keep)
    A2 = np.dot(A1, W2)
    cost = 1. / (2 * m) * np.sum((A2 - T) ** 2)
    dA2 = 1. / m * (A2 - T)
    dW2 = np.dot(A1.T, dA2)
    dA1 = inverted_backward(np.dot(dA2, W2.T), cache)
    dZ1 = np.multiply(dA1, np.int64(A1 > 0))
    dW1 = np.dot(X.T, dZ1)
    return cost, dW1, dW2
