"""Convolution and pooling over windows, with their gradients."""

import numpy as np


def windows_of(x, height, width, stride):
    """Yield each output position with the part of x that is under the window there."""
    for i in range((x.shape[2] - height) // stride + 1):
        for j in range((x.shape[3] - width) // stride + 1):
            top, left = i * stride, j * stride
            yield i, j, x[:, :, top : top + height, left : left + width]


def out_shape(x, channels, height, width, stride):
    rows, columns = (x.shape[2] - height) // stride + 1, (x.shape[3] - width) // stride + 1
    return x.shape[0], channels, rows, columns


def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    filters, _, height, width = w.shape
    out = np.zeros(out_shape(padded, filters, height, width, stride))
    for i, j, window in windows_of(padded, height, width, stride):
        out[:, :, i, j] = np.tensordot(window, w, axes=([1, 2, 3], [1, 2, 3])) + b
    return out, (padded, w, stride, pad)


def conv_backward_naive(dout, cache):
    padded, w, stride, pad = cache
    d_padded, dw = np.zeros_like(padded), np.zeros_like(w)
    height, width = w.shape[2:]
    for i, j, d_window in windows_of(d_padded, height, width, stride):
        d_window += np.tensordot(dout[:, :, i, j], w, axes=1)
    for i, j, window in windows_of(padded, height, width, stride):
        dw += np.tensordot(dout[:, :, i, j], window, axes=(0, 0))
    rows, columns = padded.shape[2] - pad, padded.shape[3] - pad
    return d_padded[:, :, pad:rows, pad:columns], dw, dout.sum(axis=(0, 2, 3))


def max_pool_forward_naive(x, pool_param):
    geometry = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    out = np.zeros(out_shape(x, x.shape[1], *geometry))
    for i, j, window in windows_of(x, *geometry):
        out[:, :, i, j] = window.max(axis=(2, 3))
    return out, (x, out, geometry)


def max_pool_backward_naive(dout, cache):
    x, out, geometry = cache
    dx = np.zeros_like(x)
    pairs = zip(windows_of(x, *geometry), windows_of(dx, *geometry), strict=True)
    for (i, j, window), (_, _, d_window) in pairs:
        is_largest = window == out[:, :, i, j, None, None]
        d_window += is_largest * dout[:, :, i, j, None, None]
    return dx


def avg_pool_forward_naive(x, pool_param):
    geometry = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    out = np.zeros(out_shape(x, x.shape[1], *geometry))
    for i, j, window in windows_of(x, *geometry):
        out[:, :, i, j] = window.mean(axis=(2, 3))
    return out, (x.shape, geometry)


def avg_pool_backward_naive(dout, cache):
    shape, geometry = cache
    dx = np.zeros(shape)
    for i, j, d_window in windows_of(dx, *geometry):
        d_window += dout[:, :, i, j, None, None] / (geometry[0] * geometry[1])
    return dx
