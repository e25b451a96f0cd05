import numpy as np
from numpy.lib.stride_tricks import sliding_window_view as swv

# einsum does everything. letters: n samples, c channels, f filters, y x output, h w kernel

V = lambda x, h, w, s: swv(x, (h, w), axis=(2, 3))[:, :, ::s, ::s]   # n c y x h w


def scatter(g, shape, s):
    """adjoint of V"""
    out = np.zeros(shape)
    n, c, Y, X, h, w = g.shape
    for a in range(h):
        for b in range(w):
            out[:, :, a:a + s * Y:s, b:b + s * X:s] += g[..., a, b]
    return out


def conv_forward_naive(x, w, b, conv_param):
    s, p = conv_param["stride"], conv_param["pad"]
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    v = V(xp, *w.shape[2:], s)
    return np.einsum("ncyxhw,fchw->nfyx", v, w) + b[None, :, None, None], (v, w, s, p, xp.shape)


def conv_backward_naive(dout, cache):
    v, w, s, p, shape = cache
    dw = np.einsum("ncyxhw,nfyx->fchw", v, dout)
    dxp = scatter(np.einsum("nfyx,fchw->ncyxhw", dout, w), shape, s)
    dx = dxp if p == 0 else dxp[:, :, p:-p, p:-p]
    return dx, dw, np.einsum("nfyx->f", dout)


def max_pool_forward_naive(x, pool_param):
    h, w, s = pool_param.values()
    v = V(x, h, w, s)
    m = v.max(-1).max(-1)
    return m, (v, m, x.shape, s)


def max_pool_backward_naive(dout, cache):
    v, m, shape, s = cache
    hit = (v == m[..., None, None]).astype(float)
    hit /= hit.sum(axis=(-1, -2), keepdims=True)
    return scatter(hit * dout[..., None, None], shape, s)


def avg_pool_forward_naive(x, pool_param):
    h, w, s = pool_param.values()
    return V(x, h, w, s).mean((-1, -2)), (h, w, s, x.shape)


def avg_pool_backward_naive(dout, cache):
    h, w, s, shape = cache
    g = np.repeat(np.repeat(dout[..., None, None], h, -2), w, -1) / h / w
    return scatter(g, shape, s)
