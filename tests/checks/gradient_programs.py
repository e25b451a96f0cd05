"""Checks and programs that several tests of gradients share."""

import numpy as np

AFFINE = """
[[checks]]
id = "affine-backward"
kind = "gradient"
inputs = {x = {normal = [4, 3]}, w = {normal = [3, 2]}, b = {normal = 2}, dout = {normal = [4, 2]}}
forward = "out, cache = forward(x, w, b)"
backward = "dx, dw, db = backward(dout, cache)"
value = "out"
cotangent = "dout"
gradient = {x = "dx", w = "dw", b = "db"}
"""
COMPARED = AFFINE + 'compare = ["out"]\n'

LOSS = """
[[checks]]
id = "loss"
kind = "gradient"
inputs = {W = {normal = [3, 4]}, X = {normal = [6, 3]}, y = {labels = 4, size = 6}, reg = 0.5}
forward = "loss, dW = svm_loss(W, X, y, reg)"
value = "loss"
gradient = {W = "dW"}
"""


def affine(i):
    x, w, b, dout = i["x"], i["w"], i["b"], i["dout"]
    return {"out": x @ w + b, "dx": dout @ w.T, "dw": x.T @ dout, "db": dout.sum(0)}


def changed(function, **changes):
    """The function with some of its values put through other functions."""

    def wrong(i):
        values = function(i)
        return {**values, **{name: change(values[name], i) for name, change in changes.items()}}

    return wrong


def hinge(i):
    W, X, y, reg = i["W"], i["X"], i["y"], i["reg"]
    n = len(y)
    scores = X @ W
    margins = np.maximum(0, scores - scores[np.arange(n), y][:, None] + 1)
    margins[np.arange(n), y] = 0
    mask = (margins > 0).astype(float)
    mask[np.arange(n), y] = -mask.sum(1)
    return {
        "loss": float(margins.sum() / n + reg * (W * W).sum()),
        "dW": X.T @ mask / n + 2 * reg * W,
    }


def softmax(i):
    W, X, y, reg = i["W"], i["X"], i["y"], i["reg"]
    n = len(y)
    scores = X @ W
    scores = scores - scores.max(1, keepdims=True)
    p = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
    loss = -np.log(p[np.arange(n), y]).mean() + reg * (W * W).sum()
    p[np.arange(n), y] -= 1
    return {"loss": loss, "dW": X.T @ p / n + 2 * reg * W}


def verdict(drive, toml, student, solution, **options):
    return drive(toml, student, solution, **options).judgement.verdict


def scaled(function, factor):
    """The function and its gradients times a factor."""
    return lambda i: {name: factor * value for name, value in function(i).items()}
