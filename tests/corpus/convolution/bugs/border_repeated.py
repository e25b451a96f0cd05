# fails: conv-forward, conv-gradient
# code: none
# line: 9
# deeplearning.ai style: channels last inside, and the backward pass as a full convolution
import numpy as np


def zero_pad(X, pad):
    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), mode='edge')


def conv_single_step(a_slice_prev, W, b):
    s = np.multiply(a_slice_prev, W)
    Z = np.sum(s)
    Z = Z + float(b)
    return Z


def conv_forward_naive(x, w, b, conv_param):
    A_prev = np.transpose(x, (0, 2, 3, 1))
    W = np.transpose(w, (2, 3, 1, 0))
    stride, pad = conv_param['stride'], conv_param['pad']
    (m, n_H_prev, n_W_prev, n_C_prev) = A_prev.shape
    (f_H, f_W, n_C_prev, n_C) = W.shape
    n_H = int(np.floor((n_H_prev + 2 * pad - f_H) / stride)) + 1
    n_W = int(np.floor((n_W_prev + 2 * pad - f_W) / stride)) + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    A_prev_pad = zero_pad(A_prev, pad)
    for i in range(m):
        a_prev_pad = A_prev_pad[i]
        for h in range(n_H):
            vert_start = h * stride
            vert_end = vert_start + f_H
            for ww in range(n_W):
                horiz_start = ww * stride
                horiz_end = horiz_start + f_W
                for c in range(n_C):
                    a_slice_prev = a_prev_pad[vert_start:vert_end, horiz_start:horiz_end, :]
                    Z[i, h, ww, c] = conv_single_step(a_slice_prev, W[:, :, :, c], b[c])
    assert Z.shape == (m, n_H, n_W, n_C)
    cache = (A_prev_pad, W, stride, pad)
    return np.transpose(Z, (0, 3, 1, 2)), cache


def conv_backward_naive(dout, cache):
    (A_prev_pad, W, stride, pad) = cache
    dZ = np.transpose(dout, (0, 2, 3, 1))
    (f_H, f_W, n_C_prev, n_C) = W.shape
    (m, n_H, n_W, n_C) = dZ.shape
    # put stride - 1 zeros between the entries, then convolve with the rotated kernel
    wide = np.zeros((m, A_prev_pad.shape[1] + f_H - 1, A_prev_pad.shape[2] + f_W - 1, n_C))
    wide[:, f_H - 1:f_H - 1 + stride * n_H:stride, f_W - 1:f_W - 1 + stride * n_W:stride] = dZ
    rot = W[::-1, ::-1]
    dA = np.zeros(A_prev_pad.shape)
    for h in range(dA.shape[1]):
        for ww in range(dA.shape[2]):
            piece = wide[:, h:h + f_H, ww:ww + f_W, :]
            dA[:, h, ww, :] = np.einsum('mhwo,hwco->mc', piece, rot)
    dW = np.zeros(W.shape)
    for h in range(f_H):
        for ww in range(f_W):
            a = A_prev_pad[:, h:h + stride * n_H:stride, ww:ww + stride * n_W:stride, :]
            dW[h, ww] = np.einsum('mhwc,mhwo->co', a, dZ)
    if pad > 0:
        dA = dA[:, pad:-pad, pad:-pad, :]
    db = dZ.sum(axis=0).sum(axis=0).sum(axis=0)
    return dA.transpose(0, 3, 1, 2), dW.transpose(3, 2, 0, 1), db


def pool_forward(A, par, mode):
    h, w, s = par['pool_height'], par['pool_width'], par['stride']
    m, c, H, W = A.shape
    out = np.zeros((m, c, 1 + int((H - h) / s), 1 + int((W - w) / s)))
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            a = A[:, :, i * s:i * s + h, j * s:j * s + w].reshape(m, c, -1)
            out[:, :, i, j] = np.amax(a, -1) if mode == 'max' else np.mean(a, -1)
    return out, (A, h, w, s)


def pool_backward(dA, cache, mode):
    A, h, w, s = cache
    dA_prev = np.zeros(A.shape)
    for i in range(dA.shape[2]):
        for j in range(dA.shape[3]):
            sl = (slice(None), slice(None), slice(i * s, i * s + h), slice(j * s, j * s + w))
            d = dA[:, :, i:i + 1, j:j + 1]
            if mode == 'max':
                mask = A[sl] == A[sl].max(axis=(2, 3), keepdims=True)
                dA_prev[sl] += mask * d
            elif mode == 'average':
                dA_prev[sl] += np.ones((h, w)) * d / (h * w)
    return dA_prev


def max_pool_forward_naive(x, pool_param):
    return pool_forward(x, pool_param, 'max')


def max_pool_backward_naive(dout, cache):
    return pool_backward(dout, cache, 'max')


def avg_pool_forward_naive(x, pool_param):
    return pool_forward(x, pool_param, 'average')


def avg_pool_backward_naive(dout, cache):
    return pool_backward(dout, cache, 'average')
