import numpy as np

_index_cache = {}   # geometry -> (k, i, j), they do not depend on the numbers


def get_im2col_indices(C, H, W, hh, ww, s):
    key = (C, H, W, hh, ww, s)
    if key not in _index_cache:
        oh, ow = (H - hh) // s + 1, (W - ww) // s + 1
        i0 = np.tile(np.repeat(np.arange(hh), ww), C)
        i1 = s * np.repeat(np.arange(oh), ow)
        j0 = np.tile(np.arange(ww), hh * C)
        j1 = s * np.tile(np.arange(ow), oh)
        k = np.repeat(np.arange(C), hh * ww).reshape(-1, 1)
        _index_cache[key] = k, i0.reshape(-1, 1) + i1, j0.reshape(-1, 1) + j1, oh, ow
    return _index_cache[key]


def im2col(x, hh, ww, s):
    N, C, H, W = x.shape
    k, i, j, oh, ow = get_im2col_indices(C, H, W, hh, ww, s)
    return x[:, k, i, j], oh, ow          # (N, C*hh*ww, oh*ow)


def col2im(cols, shape, hh, ww, s):
    N, C, H, W = shape
    k, i, j, _, _ = get_im2col_indices(C, H, W, hh, ww, s)
    x = np.zeros(shape, dtype=cols.dtype)
    np.add.at(x, (slice(None), k, i, j), cols)
    return x


def conv_forward_naive(x, w, b, conv_param):
    p, s = conv_param['pad'], conv_param['stride']
    xp = np.pad(x, [(0, 0)] * 2 + [(p, p)] * 2, mode='constant')
    F, C, hh, ww = w.shape
    cols, oh, ow = im2col(xp, hh, ww, s)
    out = w.reshape(F, -1) @ cols + b[:, None]
    return out.reshape(len(x), F, oh, ow), dict(cols=cols, w=w, shape=xp.shape, p=p, s=s)


def conv_backward_naive(dout, cache):
    cols, w, p, s = cache['cols'], cache['w'], cache['p'], cache['s']
    F, C, hh, ww = w.shape
    d = dout.reshape(dout.shape[0], F, -1)
    dw = (d @ cols.transpose(0, 2, 1)).sum(0).reshape(w.shape)
    dcols = w.reshape(F, -1).T @ d
    dxp = col2im(dcols, cache['shape'], hh, ww, s)
    H, W = dxp.shape[2:]
    return dxp[..., p:H - p, p:W - p], dw, d.sum(axis=(0, 2))


def _split(x, pool_param):
    """Channels are as good as samples for pooling."""
    N, C, H, W = x.shape
    hh, ww, s = (pool_param[n] for n in ('pool_height', 'pool_width', 'stride'))
    flat = x.reshape(N * C, 1, H, W)
    cols, oh, ow = im2col(flat, hh, ww, s)
    return cols, (N, C, oh, ow), (flat.shape, hh, ww, s), x.shape


def max_pool_forward_naive(x, pool_param):
    cols, shape, geo, orig = _split(x, pool_param)
    best = cols.argmax(axis=1)
    out = np.take_along_axis(cols, best[:, None], 1).reshape(shape)
    return out, (best, cols.shape, geo, orig)


def max_pool_backward_naive(dout, cache):
    best, cshape, geo, orig = cache
    d = np.zeros(cshape)
    np.put_along_axis(d, best[:, None], dout.reshape(cshape[0], 1, -1), 1)
    return col2im(d, *geo).reshape(orig)


def avg_pool_forward_naive(x, pool_param):
    cols, shape, geo, orig = _split(x, pool_param)
    return np.average(cols, axis=1).reshape(shape), (cols.shape, geo, orig)


def avg_pool_backward_naive(dout, cache):
    cshape, geo, orig = cache
    d = np.broadcast_to(dout.reshape(cshape[0], 1, -1), cshape) / cshape[1]
    return col2im(d, *geo).reshape(orig)
