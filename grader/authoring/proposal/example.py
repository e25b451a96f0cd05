"""The assignment that is made of nothing: an affine layer, for its author to replace."""

from __future__ import annotations

EXAMPLE = '''\
"""An affine layer: its forward and its backward pass."""

import numpy as np


def affine_forward(X, W, b):
    """Return X W + b, and a cache for the backward pass.

    X: inputs (N, D)
    W: weights (D, M)
    b: biases (M,)
    """
    # BEGIN SOLUTION
    out = X @ W + b
    cache = X, W
    return out, cache
    # END SOLUTION


def affine_backward(grad_out, cache):
    """Return the gradients of a loss with respect to X, W and b.

    grad_out: gradient of the loss with respect to the layer's output (N, M)
    cache: what affine_forward returned
    """
    # BEGIN SOLUTION
    X, W = cache
    grad_X = grad_out @ W.T
    grad_W = X.T @ grad_out
    grad_b = grad_out.sum(axis=0)
    return grad_X, grad_W, grad_b
    # END SOLUTION
'''
