# fails: bn-train, bn-gradient, ln-forward, ln-gradient, gn-gradient
# code: eps_placement
# line: 14
import numpy as np
import matplotlib.pyplot as plt

dtype = np.float64


def _fwd(x, gamma, beta, eps, axis):
    x = np.asarray(x, dtype=dtype)
    mu = x.mean(axis=axis, keepdims=True)
    var = x.var(axis=axis, keepdims=True)
    xhat = (x - mu) / (np.sqrt(var) + eps)
    return xhat, mu, var


def _bwd(dxhat, xhat, var, eps, axis):
    m = np.prod([xhat.shape[a] for a in axis]).astype(dtype)
    s = np.sqrt(var) + eps
    t = m * dxhat - dxhat.sum(axis=axis, keepdims=True) \
        - xhat * (dxhat * xhat).sum(axis=axis, keepdims=True)
    return t / (m * s)


def batchnorm_forward(x, gamma, beta, bn_param):
    eps = bn_param['eps']
    gamma, beta = gamma.astype(dtype), beta.astype(dtype)
    if bn_param['mode'] == 'train':
        xhat, mu, var = _fwd(x, gamma, beta, eps, (0,))
        p = dtype(bn_param['momentum'])
        for k, v in {'running_mean': mu[0], 'running_var': var[0]}.items():
            bn_param[k] = p * bn_param.get(k, np.zeros_like(v)) + (1 - p) * v
        return gamma * xhat + beta, (xhat, gamma, var, eps)
    x = x.astype(dtype)
    mu, var = bn_param['running_mean'].astype(dtype), bn_param['running_var'].astype(dtype)
    return gamma * (x - mu) / np.sqrt(var + dtype(eps)) + beta, None


def batchnorm_backward(dout, cache):
    xhat, gamma, var, eps = cache
    dout = dout.astype(dtype)
    return _bwd(dout * gamma, xhat, var, eps, (0,)), (dout * xhat).sum(0), dout.sum(0)


def layernorm_forward(x, gamma, beta, eps):
    gamma, beta = gamma.astype(dtype), beta.astype(dtype)
    xhat, mu, var = _fwd(x, gamma, beta, eps, (1,))
    return gamma * xhat + beta, (xhat, gamma, var, eps)


def layernorm_backward(dout, cache):
    xhat, gamma, var, eps = cache
    dout = dout.astype(dtype)
    return _bwd(dout * gamma, xhat, var, eps, (1,)), (dout * xhat).sum(0), dout.sum(0)


def groupnorm_forward(x, gamma, beta, G, eps):
    N, C, H, W = x.shape
    g = gamma.astype(dtype).reshape(1, C, 1, 1)
    b = beta.astype(dtype).reshape(1, C, 1, 1)
    xhat, mu, var = _fwd(x.reshape(N, G, C // G, H, W), gamma, beta, eps, (2, 3, 4))
    return g * xhat.reshape(x.shape) + b, (xhat, g, var, eps)


def groupnorm_backward(dout, cache):
    xhat, g, var, eps = cache
    dout = dout.astype(dtype)
    dx = _bwd((dout * g).reshape(xhat.shape), xhat, var, eps, (2, 3, 4)).reshape(dout.shape)
    return dx, (dout * xhat.reshape(dout.shape)).sum(axis=(0, 2, 3)), dout.sum(axis=(0, 2, 3))


def plot_histograms(outs):
    for o in outs:
        plt.hist(o.ravel(), 50)
    plt.show()
