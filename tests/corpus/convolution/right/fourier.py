import numpy as np
from numpy.fft import rfft2, irfft2

# Convolution theorem. A correlation is a product with the conjugate.


def corr(a, b):
    """full-size circular correlation over the last two axes: sum_t a[s + t] b[t]"""
    n = a.shape[-2:]
    return irfft2(rfft2(a, n) * np.conj(rfft2(b, n)), n)


def conv(a, b):
    n = a.shape[-2:]
    return irfft2(rfft2(a, n) * rfft2(b, n), n)


def spread(d, s, H, W):
    """put the entries of d s apart into zeros of H x W"""
    big = np.zeros(d.shape[:2] + (H, W))
    big[:, :, 0:s * d.shape[2]:s, 0:s * d.shape[3]:s] = d
    return big


def conv_forward_naive(x, w, b, conv_param):
    s, p = conv_param['stride'], conv_param['pad']
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), 'constant')
    H, W = xp.shape[2:]
    hh, ww = w.shape[2:]
    out = corr(xp[:, None], w[None]).sum(axis=2)
    out = out[:, :, :H - hh + 1:s, :W - ww + 1:s] + b.reshape(1, -1, 1, 1)
    return out, (xp, w, s, p)


def conv_backward_naive(dout, cache):
    xp, w, s, p = cache
    H, W = xp.shape[2:]
    hh, ww = w.shape[2:]
    d = spread(dout, s, H, W)
    dw = corr(xp[:, None], d[:, :, None]).sum(axis=0)[:, :, :hh, :ww]
    dxp = conv(d[:, :, None], w[None]).sum(axis=1)
    return dxp[:, :, p:H - p, p:W - p], dw, d.sum(axis=(0, 2, 3))


def shifts(x, par):
    """all windows at once: one strided slice for every place in the window"""
    h, w, s = par['pool_height'], par['pool_width'], par['stride']
    H, W = (x.shape[2] - h) // s + 1, (x.shape[3] - w) // s + 1
    slices = [(Ellipsis, slice(i, i + s * (H - 1) + 1, s), slice(j, j + s * (W - 1) + 1, s))
              for i in range(h) for j in range(w)]
    return np.array([x[sl] for sl in slices]), slices


def max_pool_forward_naive(x, pool_param):
    v, slices = shifts(x, pool_param)
    return np.maximum.reduce(v), (v.argmax(0), slices, x.shape)


def max_pool_backward_naive(dout, cache):
    winner, slices, shape = cache
    dx = np.zeros(shape)
    for k, sl in enumerate(slices):
        dx[sl] += np.where(winner == k, dout, 0)
    return dx


def avg_pool_forward_naive(x, pool_param):
    v, slices = shifts(x, pool_param)
    return np.add.reduce(v) / len(v), (slices, x.shape)


def avg_pool_backward_naive(dout, cache):
    slices, shape = cache
    dx = np.zeros(shape)
    for sl in slices:
        dx[sl] += dout
    dx /= len(slices)
    return dx
