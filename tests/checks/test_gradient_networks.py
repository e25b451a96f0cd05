"""A `gradient` check of a whole network: every bug is found, no precision is a false alarm."""

import numpy as np
import pytest

from grader.report import Verdict


def network(i, *, dtype=np.float64, bug=""):
    """Batch normalisation, ReLU, softmax cross-entropy and a penalty, with every gradient."""
    X, W1, b1, g, W2 = (i[name].astype(dtype) for name in ("X", "W1", "b1", "g", "W2"))
    y, n, reg = i["y"], len(i["X"]), dtype(0.1)
    Z = X @ W1 + b1
    inverse = 1 / np.sqrt(Z.var(0) + dtype(1e-5))
    H = (Z - Z.mean(0)) * inverse
    A = np.maximum(0, H * g)
    S = A @ W2
    S = S - S.max(1, keepdims=True)
    log_p = S - np.log(np.exp(S).sum(1, keepdims=True))
    loss = -log_p[np.arange(n), y].mean() + reg * ((W1**2).sum() + (W2**2).sum())
    D = np.exp(log_p)
    D[np.arange(n), y] -= 1
    D /= n
    dA = D @ W2.T * (A > 0) if bug != "mask" else D @ W2.T
    dH = dA * g
    mean = 0 if bug == "mean" else dH.mean(0)
    dZ = inverse * (dH - mean - H * (dH * H).mean(0))
    if bug == "variance":
        dZ = inverse * (dH - mean)
    dW1 = X.T @ dZ + (0 if bug == "penalty" else 2 * reg * W1)
    if bug == "entry":
        dW1[1, 2] *= 1.001
    return {
        "loss": loss,
        "dW1": dW1,
        "db1": dZ.sum(0),
        "dg": -(dA * H).sum(0) if bug == "sign" else (dA * H).sum(0),
        "dW2": A.T @ D + 2 * reg * W2,
        "dX": dZ @ W1.T * (1.00001 if bug == "a little" else 1),
    }


NETWORK = """
[[checks]]
id = "network"
kind = "gradient"
inputs = {X = {normal = [6, 5]}, y = {labels = 4, size = 6}, W1 = {normal = [5, 8]}, \
b1 = {normal = [8]}, g = {uniform = [8], low = 0.5, high = 1.5}, W2 = {normal = [8, 4]}}
scales = [1.0, 0.1]
forward = "loss, dW1, db1, dg, dW2, dX = network(X, y, W1, b1, g, W2)"
value = "loss"
gradient = {X = "dX", W1 = "dW1", b1 = "db1", g = "dg", W2 = "dW2"}
""".replace("\\\n", "")


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_network_with_batch_normalisation_passes(drive, seed, dtype):
    judgement = drive(NETWORK, lambda i: network(i, dtype=dtype), network, seed=seed).judgement
    assert judgement.verdict is Verdict.PASSED


@pytest.mark.parametrize(
    "bug", ["mask", "mean", "variance", "penalty", "entry", "sign", "a little"]
)
def test_a_bug_in_a_network_with_batch_normalisation_is_found(drive, bug):
    judgement = drive(NETWORK, lambda i: network(i, bug=bug), network).judgement
    assert judgement.verdict is Verdict.WRONG_ANSWER
    assert judgement.measured["wrong_pass"] == "backward"
