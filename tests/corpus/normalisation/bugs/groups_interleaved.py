# fails: gn-gradient
# code: none
# line: 45
import numpy as np

def bn_stats(x, eps, ax):
    mu = np.mean(x, axis=ax, keepdims=True)
    v = np.mean((x - mu)**2, axis=ax, keepdims=True)
    return mu, v, 1/np.sqrt(v + eps)

def bn_back(dxhat, xhat, istd, ax):
    return istd*(dxhat - np.mean(dxhat, axis=ax, keepdims=True) - xhat*np.mean(dxhat*xhat, axis=ax, keepdims=True))

def batchnorm_forward(x, gamma, beta, bn_param):
    D = x.shape[1]
    rm = np.array(bn_param.get('running_mean', np.zeros(D)))
    rv = np.array(bn_param.get('running_var', np.zeros(D)))
    if bn_param['mode'] == 'test':
        return gamma*(x - rm)/np.sqrt(rv + bn_param['eps']) + beta, None
    mu, v, istd = bn_stats(x, bn_param['eps'], 0)
    xhat = (x - mu)*istd
    rm *= bn_param['momentum']
    rm += (1 - bn_param['momentum'])*mu[0]
    rv *= bn_param['momentum']
    rv += (1 - bn_param['momentum'])*v[0]
    bn_param['running_mean'], bn_param['running_var'] = rm, rv
    return gamma*xhat + beta, (xhat, istd, gamma)

def batchnorm_backward(dout, cache):
    xhat, istd, gamma = cache
    return bn_back(dout*gamma, xhat, istd, 0), np.sum(dout*xhat, 0), np.sum(dout, 0)

def layernorm_forward(x, gamma, beta, eps):
    mu, v, istd = bn_stats(x, eps, 1)
    xhat = (x - mu)*istd
    return gamma*xhat + beta, (xhat, istd, gamma)

def layernorm_backward(dout, cache):
    xhat, istd, gamma = cache
    return bn_back(dout*gamma, xhat, istd, 1), np.sum(dout*xhat, 0), np.sum(dout, 0)

def groupnorm_forward(x, gamma, beta, G, eps):
    N, C, H, W = x.shape
    # split the channels in C//G parts
    xg = x.reshape(N, C//G, G, H, W)
    mu, v, istd = bn_stats(xg, eps, (1, 3, 4))
    xhat = (xg - mu)*istd
    out = xhat.reshape(x.shape)*gamma.reshape(1, -1, 1, 1) + beta.reshape(1, -1, 1, 1)
    return out, (xhat, istd, gamma)

def groupnorm_backward(dout, cache):
    xhat, istd, gamma = cache
    dxhat = (dout*gamma.reshape(1, -1, 1, 1)).reshape(xhat.shape)
    dx = bn_back(dxhat, xhat, istd, (1, 3, 4)).reshape(dout.shape)
    return dx, np.sum(dout*xhat.reshape(dout.shape), (0, 2, 3)), np.sum(dout, (0, 2, 3))
