"""Losses and their gradients, to the last digits of PyTorch's and scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from sklearn.metrics import hinge_loss, log_loss
from torch.nn import functional

from reference.activations.elementwise import sigmoid
from reference.activations.probabilities import softmax
from reference.losses.cross_entropy import (
    binary_cross_entropy,
    categorical_cross_entropy,
    sigmoid_cross_entropy,
    softmax_cross_entropy,
)
from reference.losses.hinge import binary_hinge, crammer_singer_hinge, weston_watkins_hinge
from reference.losses.regression import absolute_error, gaussian_nll, squared_error

RNG = np.random.default_rng(0)
N, K = 50, 4
SCORES = 5 * RNG.normal(size=(N, K))
LABELS = RNG.integers(K, size=N)
ROWS = RNG.dirichlet(np.ones(K), N)
YES_OR_NO = RNG.integers(2, size=(N, K)).astype(float)
TARGETS = RNG.normal(size=(N, K))
PER_SAMPLE = {"mean": 1 / N, "sum": 1.0}


def of_pytorch(loss_function, scores, target):
    """Return PyTorch's loss and the gradient that its autograd finds."""
    z = torch.tensor(scores, requires_grad=True)
    loss = loss_function(z, torch.from_numpy(target))
    loss.backward()
    return loss.item(), z.grad.numpy()


def assert_same(ours, theirs, tolerance=1e-14):
    assert ours[0] == pytest.approx(theirs[0], rel=tolerance)
    np.testing.assert_allclose(ours[1], theirs[1], rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("target", [LABELS, ROWS], ids=["labels", "distributions"])
def test_cross_entropy_from_logits(target, reduction):
    ours = softmax_cross_entropy(SCORES, target, reduction=reduction)
    assert_same(
        ours,
        of_pytorch(
            lambda z, t: functional.cross_entropy(z, t, reduction=reduction), SCORES, target
        ),
    )


def test_cross_entropy_from_probabilities():
    p = softmax(SCORES)
    assert categorical_cross_entropy(p, LABELS)[0] == pytest.approx(log_loss(LABELS, p), rel=1e-14)
    ours = categorical_cross_entropy(p, LABELS, reduction="sum")
    theirs = of_pytorch(
        lambda q, t: functional.nll_loss(torch.log(q), t, reduction="sum"), p, LABELS
    )
    np.testing.assert_allclose(ours[1], theirs[1], rtol=1e-14)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_binary_cross_entropy_from_logits(reduction):
    def theirs(z, t):
        summed = functional.binary_cross_entropy_with_logits(z, t, reduction="sum")
        return PER_SAMPLE[reduction] * summed

    ours = sigmoid_cross_entropy(SCORES, YES_OR_NO, reduction=reduction)
    assert_same(ours, of_pytorch(theirs, SCORES, YES_OR_NO))


def test_binary_cross_entropy_from_probabilities():
    p = sigmoid(SCORES)
    ours = binary_cross_entropy(p, YES_OR_NO, reduction="sum")
    theirs = of_pytorch(
        lambda q, t: functional.binary_cross_entropy(q, t, reduction="sum"), p, YES_OR_NO
    )
    assert_same(ours, theirs)
    one_column = binary_cross_entropy(p[:, 0], YES_OR_NO[:, 0])[0]
    assert one_column == pytest.approx(log_loss(YES_OR_NO[:, 0], p[:, 0]), rel=1e-14)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_squared_error(reduction):
    """PyTorch's mean is one over the N K entries, ours over the N samples."""

    def theirs(z, t):
        return PER_SAMPLE[reduction] * functional.mse_loss(z, t, reduction="sum")

    ours = squared_error(SCORES, TARGETS, half=False, reduction=reduction)
    assert_same(ours, of_pytorch(theirs, SCORES, TARGETS))
    if reduction == "mean":
        theirs_of_entries = functional.mse_loss(*map(torch.from_numpy, (SCORES, TARGETS)))
        assert ours[0] == pytest.approx(K * theirs_of_entries.item(), rel=1e-14)


def test_absolute_error():
    ours = absolute_error(SCORES, TARGETS, reduction="sum")
    assert_same(
        ours, of_pytorch(lambda z, t: functional.l1_loss(z, t, reduction="sum"), SCORES, TARGETS)
    )


def test_gaussian_negative_log_likelihood():
    sigma = 0.7
    ours = gaussian_nll(SCORES, TARGETS, sigma=sigma, reduction="sum")
    theirs = of_pytorch(
        lambda z, t: functional.gaussian_nll_loss(
            z, t, torch.full_like(z, sigma**2), full=True, reduction="sum"
        ),
        SCORES,
        TARGETS,
    )
    assert_same(ours, theirs)


@pytest.mark.parametrize("squared", [False, True])
def test_weston_watkins_is_k_times_pytorchs_multi_margin_loss(squared):
    ours = weston_watkins_hinge(SCORES, LABELS, squared=squared)
    theirs = of_pytorch(
        lambda z, t: K * functional.multi_margin_loss(z, t, p=2 if squared else 1), SCORES, LABELS
    )
    assert_same(ours, theirs, tolerance=1e-13)


def test_crammer_singer_is_scikit_learns_hinge_loss():
    ours, _ = crammer_singer_hinge(SCORES, LABELS)
    assert ours == pytest.approx(hinge_loss(LABELS, SCORES), rel=1e-13)


def test_binary_hinge_is_scikit_learns_hinge_loss():
    y = np.where(LABELS > 1, 1, -1)
    ours, _ = binary_hinge(SCORES[:, 0], y)
    assert ours == pytest.approx(hinge_loss(y, SCORES[:, 0]), rel=1e-13)
