import numpy as np
from dataclasses import dataclass


@dataclass
class Saved:
    centred: np.ndarray
    inv: np.ndarray
    g: np.ndarray
    spec: str
    shape: tuple


class _Norm:
    """Everything is a batch of rows; a row is what gets normalised together."""

    def __init__(self, eps):
        self.eps = eps

    def forward(self, rows):
        k = rows.shape[1]
        m = np.einsum('ij->i', rows) / k
        self.m = m
        self.c = rows - m[:, None]
        self.v = np.einsum('ij,ij->i', self.c, self.c) / k
        self.inv = 1 / np.sqrt(self.v + self.eps)
        return self.c * self.inv[:, None]

    @staticmethod
    def backward(g, c, inv):
        k = g.shape[1]
        # d/dx of c * inv: the direct path, the path of the variance, the path of the mean
        dc = g * inv[:, None]
        dv = -0.5 * np.einsum('ij,ij->i', g, c) * inv ** 3
        dc += (2.0 / k) * dv[:, None] * c
        return dc - dc.mean(1)[:, None]


def batchnorm_forward(x, gamma, beta, bn_param):
    if bn_param["mode"] == "test":
        scale = gamma / np.sqrt(bn_param["running_var"] + bn_param["eps"])
        return x * scale + (beta - bn_param["running_mean"] * scale), ()
    norm = _Norm(bn_param["eps"])
    h = norm.forward(x.T).T
    for key, value in (("running_mean", norm.m), ("running_var", norm.v)):
        old = bn_param.setdefault(key, np.zeros_like(value))
        bn_param[key] = old + (1.0 - bn_param["momentum"]) * (value - old)
    return h * gamma + beta, Saved(norm.c, norm.inv, gamma, 'bn', x.shape)


def batchnorm_backward(dout, cache):
    h = cache.centred * cache.inv[:, None]
    dx = _Norm.backward((dout * cache.g).T, cache.centred, cache.inv).T
    return dx, np.einsum('nd,dn->d', dout, h), np.einsum('nd->d', dout)


def layernorm_forward(x, gamma, beta, eps):
    norm = _Norm(eps)
    return norm.forward(x) * gamma + beta, Saved(norm.c, norm.inv, gamma, 'ln', x.shape)


def layernorm_backward(dout, cache):
    h = cache.centred * cache.inv[:, None]
    dx = _Norm.backward(dout * cache.g, cache.centred, cache.inv)
    return dx, np.einsum('nd,nd->d', dout, h), np.einsum('nd->d', dout)


def groupnorm_forward(x, gamma, beta, G, eps):
    norm = _Norm(eps)
    h = norm.forward(x.reshape(len(x) * G, -1)).reshape(x.shape)
    out = np.einsum('nchw,c->nchw', h, gamma) + beta.reshape(-1, 1, 1)
    return out, Saved(norm.c, norm.inv, gamma, 'gn', x.shape)


def groupnorm_backward(dout, cache):
    h = (cache.centred * cache.inv[:, None]).reshape(cache.shape)
    g = np.einsum('nchw,c->nchw', dout, cache.g).reshape(cache.centred.shape)
    dx = _Norm.backward(g, cache.centred, cache.inv).reshape(cache.shape)
    return dx, np.einsum('nchw,nchw->c', dout, h), np.einsum('nchw->c', dout)
