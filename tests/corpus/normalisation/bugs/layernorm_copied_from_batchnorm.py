# fails: ln-forward, ln-gradient
# code: wrong_axis
# line: 36
import numpy as np

def batchnorm_forward(x, gamma, beta, bn_param):
    mode = bn_param['mode']
    eps = bn_param['eps']
    N, D = x.shape
    run_m = bn_param.get('running_mean', np.zeros(D))
    run_v = bn_param.get('running_var', np.zeros(D))
    if mode == 'train':
        mu = np.mean(x, axis=0)
        variance = np.var(x, axis=0)
        x_norm = (x - mu) / np.sqrt(variance + eps)
        out = gamma*x_norm + beta
        cache = (x, mu, variance, x_norm, gamma, eps)
        bn_param['running_mean'] = bn_param['momentum']*run_m + (1 - bn_param['momentum'])*mu
        bn_param['running_var'] = bn_param['momentum']*run_v + (1 - bn_param['momentum'])*variance
    if mode == 'test':
        x_norm = (x - run_m) / np.sqrt(run_v + eps)
        out = gamma*x_norm + beta
        cache = None
    return out, cache

def batchnorm_backward(dout, cache):
    x, mu, variance, x_norm, gamma, eps = cache
    N = x.shape[0]
    dx_norm = dout * gamma
    dvar = np.sum(dx_norm*(x - mu), axis=0) * -0.5 * (variance + eps)**(-1.5)
    dmu = -np.sum(dx_norm, axis=0) / np.sqrt(variance + eps)
    dx = dx_norm / np.sqrt(variance + eps) + dvar*2*(x - mu)/N + dmu/N
    return dx, np.sum(dout*x_norm, axis=0), np.sum(dout, axis=0)

def layernorm_forward(x, gamma, beta, eps):
    mu = np.mean(x, axis=0)
    variance = np.var(x, axis=0)
    x_norm = (x - mu) / np.sqrt(variance + eps)
    return gamma*x_norm + beta, (x, mu, variance, x_norm, gamma, eps)

def layernorm_backward(dout, cache):
    x, mu, variance, x_norm, gamma, eps = cache
    D = x.shape[0]
    dx_norm = dout * gamma
    dvar = np.sum(dx_norm*(x - mu), axis=0) * -0.5 * (variance + eps)**(-1.5)
    dmu = -np.sum(dx_norm, axis=0) / np.sqrt(variance + eps)
    dx = dx_norm / np.sqrt(variance + eps) + dvar*2*(x - mu)/D + dmu/D
    return dx, np.sum(dout*x_norm, axis=0), np.sum(dout, axis=0)

def groupnorm_forward(x, gamma, beta, G, eps):
    N, C, H, W = x.shape
    y = x.reshape(N*G, C//G*H*W).T
    out, cache = layernorm_forward(y, 1.0, 0.0, eps)
    x_norm = out.T.reshape(N, C, H, W)
    out = gamma.reshape(1, C, 1, 1)*x_norm + beta.reshape(1, C, 1, 1)
    return out, (cache, x_norm, gamma)

def groupnorm_backward(dout, cache):
    inner, x_norm, gamma = cache
    N, C, H, W = dout.shape
    d = (dout*gamma.reshape(1, C, 1, 1)).reshape(inner[0].T.shape).T
    dx, _, _ = layernorm_backward(d, inner)
    return dx.T.reshape(dout.shape), np.sum(dout*x_norm, axis=(0, 2, 3)), np.sum(dout, axis=(0, 2, 3))
