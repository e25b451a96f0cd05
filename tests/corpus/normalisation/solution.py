"""Normalisation of activations: over the batch, over the features, over groups of channels."""

import numpy as np


def batchnorm_forward(x, gamma, beta, bn_param):
    eps, momentum = bn_param["eps"], bn_param["momentum"]
    n_features = x.shape[1]
    running_mean = bn_param.get("running_mean", np.zeros(n_features))
    running_var = bn_param.get("running_var", np.zeros(n_features))
    if bn_param["mode"] == "test":
        return gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta, None
    mean, var = x.mean(axis=0), x.var(axis=0)
    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    bn_param["running_mean"] = momentum * running_mean + (1 - momentum) * mean
    bn_param["running_var"] = momentum * running_var + (1 - momentum) * var
    return gamma * x_hat + beta, (x_hat, std, gamma)


def batchnorm_backward(dout, cache):
    x_hat, std, gamma = cache
    dx_hat = dout * gamma
    dx = (dx_hat - dx_hat.mean(axis=0) - x_hat * (dx_hat * x_hat).mean(axis=0)) / std
    return dx, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


def layernorm_forward(x, gamma, beta, eps):
    std = np.sqrt(x.var(axis=1, keepdims=True) + eps)
    x_hat = (x - x.mean(axis=1, keepdims=True)) / std
    return gamma * x_hat + beta, (x_hat, std, gamma)


def layernorm_backward(dout, cache):
    x_hat, std, gamma = cache
    dx_hat = dout * gamma
    projection = x_hat * (dx_hat * x_hat).mean(axis=1, keepdims=True)
    dx = (dx_hat - dx_hat.mean(axis=1, keepdims=True) - projection) / std
    return dx, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


def groupnorm_forward(x, gamma, beta, G, eps):
    N, C, H, W = x.shape
    grouped = x.reshape(N, G, -1)
    std = np.sqrt(grouped.var(axis=2, keepdims=True) + eps)
    x_hat = (grouped - grouped.mean(axis=2, keepdims=True)) / std
    out = x_hat.reshape(x.shape) * gamma[:, None, None] + beta[:, None, None]
    return out, (x_hat, std, gamma)


def groupnorm_backward(dout, cache):
    x_hat, std, gamma = cache
    dx_hat = (dout * gamma[:, None, None]).reshape(x_hat.shape)
    projection = x_hat * (dx_hat * x_hat).mean(axis=2, keepdims=True)
    dx = ((dx_hat - dx_hat.mean(axis=2, keepdims=True) - projection) / std).reshape(dout.shape)
    dgamma = (dout * x_hat.reshape(dout.shape)).sum(axis=(0, 2, 3))
    return dx, dgamma, dout.sum(axis=(0, 2, 3))
