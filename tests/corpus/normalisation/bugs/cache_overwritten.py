# fails: bn-gradient
# code: aliasing|stale_value
# line: 30
import numpy as np

class Layer(object):
    def __init__(self, axis, eps):
        self.axis, self.eps = axis, eps

    def __call__(self, x):
        self.mean = x.mean(axis=self.axis, keepdims=True)
        self.var = x.var(axis=self.axis, keepdims=True)
        self.std = np.sqrt(self.var + self.eps)
        self.xhat = (x - self.mean) / self.std
        return self.xhat

    def back(self, dxhat):
        a = dxhat.mean(axis=self.axis, keepdims=True)
        b = (dxhat * self.xhat).mean(axis=self.axis, keepdims=True)
        return (dxhat - a - self.xhat * b) / self.std


def batchnorm_forward(x, gamma, beta, bn_param):
    if bn_param['mode'] == 'test':
        std = np.sqrt(bn_param['running_var'] + bn_param['eps'])
        return (x - bn_param['running_mean']) / std * gamma + beta, None
    layer = Layer(0, bn_param['eps'])
    out = layer(x)
    # scale and shift, in place to save memory
    out *= gamma
    out += beta
    p = bn_param['momentum']
    zero = np.zeros(x.shape[1])
    bn_param['running_mean'] = p * bn_param.get('running_mean', zero) + (1 - p) * layer.mean.ravel()
    bn_param['running_var'] = p * bn_param.get('running_var', zero) + (1 - p) * layer.var.ravel()
    return out, (layer, gamma)


def batchnorm_backward(dout, cache):
    layer, gamma = cache
    return layer.back(dout * gamma), (dout * layer.xhat).sum(axis=0), dout.sum(axis=0)


def layernorm_forward(x, gamma, beta, eps):
    layer = Layer(1, eps)
    out = layer(x)
    return out * gamma + beta, (layer, gamma)


def layernorm_backward(dout, cache):
    layer, gamma = cache
    return layer.back(dout * gamma), (dout * layer.xhat).sum(axis=0), dout.sum(axis=0)


def groupnorm_forward(x, gamma, beta, G, eps):
    layer = Layer((2, 3, 4), eps)
    N, C, H, W = x.shape
    out = layer(x.reshape(N, G, C // G, H, W)).reshape(N, C, H, W)
    return out * gamma[None, :, None, None] + beta[None, :, None, None], (layer, gamma)


def groupnorm_backward(dout, cache):
    layer, gamma = cache
    d = (dout * gamma[None, :, None, None]).reshape(layer.xhat.shape)
    dgamma = (dout * layer.xhat.reshape(dout.shape)).sum(axis=(0, 2, 3))
    return layer.back(d).reshape(dout.shape), dgamma, dout.sum(axis=(0, 2, 3))
