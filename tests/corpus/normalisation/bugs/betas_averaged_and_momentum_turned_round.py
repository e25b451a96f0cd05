# fails: bn-train, bn-gradient
# code: wrong_variable|wrong_operator|term_missing
# code: bias_gradient_mean
# line: 52
# line: 73
# -*- coding: utf-8 -*-
# Versión con bucles, sin vectorizar nada (para entenderlo)
import numpy as np


def media(v):
    s = 0.0
    for t in v:
        s += t
    return s / len(v)


def normaliza(v, eps):
    """devuelve (valores normalizados, desviación)"""
    m = media(v)
    varianza = media([(t - m) * (t - m) for t in v])
    d = (varianza + eps) ** 0.5
    return [(t - m) / d for t in v], d, m, varianza


def deriva(g, h, d):
    """gradiente de normaliza: g gradiente de la salida, h salida"""
    a = media(g)
    b = media([gi * hi for gi, hi in zip(g, h)])
    return [(gi - a - hi * b) / d for gi, hi in zip(g, h)]


def batchnorm_forward(x, gamma, beta, bn_param):
    n, d = x.shape
    eps = bn_param['eps']
    m = bn_param['momentum']
    if 'running_mean' not in bn_param:
        bn_param['running_mean'] = [0.0] * d
        bn_param['running_var'] = [0.0] * d
    out = np.zeros((n, d))
    if bn_param['mode'] == 'test':
        for i in range(0, n):
            for j in range(0, d):
                z = (x[i, j] - bn_param['running_mean'][j]) / (bn_param['running_var'][j] + eps) ** 0.5
                out[i, j] = gamma[j] * z + beta[j]
        return out, None
    h = np.zeros((n, d))
    desv = np.zeros(d)
    medias, varianzas = [], []
    for j in range(0, d):
        columna, desv[j], mu, va = normaliza(list(x[:, j]), eps)
        medias.append((1 - m) * bn_param['running_mean'][j] + (1 - m) * mu)
        varianzas.append(m * bn_param['running_var'][j] + (1 - m) * va)
        for i in range(0, n):
            h[i, j] = columna[i]
            out[i, j] = gamma[j] * columna[i] + beta[j]
    bn_param['running_mean'] = medias
    bn_param['running_var'] = varianzas
    return out, [h, desv, gamma]


def batchnorm_backward(dout, cache):
    h, desv, gamma = cache
    n, d = dout.shape
    dx = np.zeros((n, d))
    dgamma = np.zeros(d)
    dbeta = np.zeros(d)
    for j in range(0, d):
        columna = deriva([gamma[j] * dout[i, j] for i in range(n)], list(h[:, j]), desv[j])
        for i in range(0, n):
            dx[i, j] = columna[i]
            dgamma[j] += dout[i, j] * h[i, j]
            dbeta[j] += dout[i, j] / n
    return dx, dgamma, dbeta


def layernorm_forward(x, gamma, beta, eps):
    n, d = x.shape
    h = np.zeros((n, d))
    desv = np.zeros(n)
    out = np.zeros((n, d))
    for i in range(0, n):
        h[i], desv[i], _, _ = normaliza(list(x[i]), eps)
        for j in range(0, d):
            out[i][j] = gamma[j] * h[i][j] + beta[j]
    return out, [h, desv, gamma]


def layernorm_backward(dout, cache):
    h, desv, gamma = cache
    n, d = dout.shape
    dx = np.zeros((n, d))
    dgamma = np.zeros(d)
    dbeta = np.zeros(d)
    for i in range(0, n):
        dx[i] = deriva([gamma[j] * dout[i, j] for j in range(d)], list(h[i]), desv[i])
        for j in range(0, d):
            dgamma[j] += dout[i, j] * h[i, j]
            dbeta[j] += dout[i, j]
    return dx, dgamma, dbeta


def groupnorm_forward(x, gamma, beta, G, eps):
    N, C, H, W = x.shape
    k = C // G
    h = np.zeros(x.shape)
    desv = np.zeros((N, G))
    for n in range(0, N):
        for g in range(0, G):
            trozo = x[n, g * k:(g + 1) * k]
            valores, desv[n, g], _, _ = normaliza(list(trozo.flatten()), eps)
            h[n, g * k:(g + 1) * k] = np.array(valores).reshape(trozo.shape)
    out = np.zeros(x.shape)
    for n in range(0, N):
        for c in range(0, C):
            out[n, c] = gamma[c] * h[n, c] + beta[c]
    return out, [h, desv, gamma, G]


def groupnorm_backward(dout, cache):
    h, desv, gamma, G = cache
    N, C, H, W = dout.shape
    k = C // G
    dx = np.zeros(dout.shape)
    dgamma = np.zeros(C)
    dbeta = np.zeros(C)
    for n in range(0, N):
        for c in range(0, C):
            for i in range(0, H):
                for j in range(0, W):
                    dgamma[c] += dout[n, c, i, j] * h[n, c, i, j]
                    dbeta[c] += dout[n, c, i, j]
        for g in range(0, G):
            dh = []
            for c in range(g * k, (g + 1) * k):
                dh += list(gamma[c] * dout[n, c].flatten())
            trozo = deriva(dh, list(h[n, g * k:(g + 1) * k].flatten()), desv[n, g])
            dx[n, g * k:(g + 1) * k] = np.reshape(trozo, (k, H, W))
    return dx, dgamma, dbeta


if __name__ == "__main__":
    x = np.random.randn(4, 3)
    print(batchnorm_forward(x, np.ones(3), np.zeros(3), {'mode': 'train', 'eps': 1e-5, 'momentum': .9}))
