"""Dropout, inverted and classic, of units and of channels."""

import numpy as np


def inverted_forward(x, u, keep):
    """Scaled when trained: nothing is left to do when tested."""
    mask = (u < keep) / keep
    return x * mask, mask


def inverted_backward(dout, cache):
    """Gradient with respect to x."""
    return dout * cache


def classic_forward(x, u, keep, mode):
    """Srivastava et al. (2014): scaled when tested."""
    mask = (u < keep) * 1.0 if mode == "train" else np.full(x.shape, keep)
    return x * mask, mask


def classic_backward(dout, cache):
    """Gradient with respect to x."""
    return dout * cache


def seeded_dropout(x, keep, seed):
    """Inverted dropout with numbers of its own."""
    return inverted_forward(x, np.random.default_rng(seed).random(x.shape), keep)[0]


def keep_mask(rows, columns, keep, seed):
    """1 where a unit stays, 0 elsewhere."""
    return (np.random.default_rng(seed).random((rows, columns)) < keep).astype(float)


def spatial_forward(x, u, keep):
    """Inverted dropout of the channels of each sample."""
    mask = ((u < keep) / keep)[:, :, None, None]
    return x * mask, mask


def spatial_backward(dout, cache):
    """Gradient with respect to x."""
    return dout * cache


def dropout_net(X, T, W1, W2, u, keep):
    """Half the squared distance, averaged over the batch, and its gradients."""
    hidden = np.maximum(X @ W1, 0)
    dropped, mask = inverted_forward(hidden, u, keep)
    difference = dropped @ W2 - T
    loss = (difference**2).sum() / (2 * len(X))
    d_out = difference / len(X)
    d_hidden = inverted_backward(d_out @ W2.T, mask) * (hidden > 0)
    return loss, X.T @ d_hidden, dropped.T @ d_out


def judge_masks(first, again, other, size, keep):
    """Whether masks are of zeros and ones, as many as asked for, and of their seed."""
    first, again, other = (np.asarray(mask, dtype=float) for mask in (first, again, other))
    if first.shape != (size, size + 1):
        return "the mask has another shape than the one asked for."
    if not np.isin(first, (0, 1)).all():
        return "a mask holds zeros and ones, nothing else."
    for mask in (first, other):
        if abs(mask.mean() - keep) > 0.05:
            return f"the share of units that stay is {mask.mean():.3f}; another is asked for."
    if not np.array_equal(first, again):
        return "two masks of one seed differ."
    if np.array_equal(first, other):
        return "masks of two seeds are the same."
    return True
