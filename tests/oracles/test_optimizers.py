"""Optimizers, along 50 steps on random gradients beside PyTorch's, and schedules."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from reference.optimizers.adaptive import AdaGrad, Adam, RMSprop
from reference.optimizers.momentum import SGD, Momentum, Nesterov
from reference.schedules import cool_down, exponential_decay, inverse_time_decay, step_decay

N_STEPS = 50
SHAPES = ((4, 3), (3,))


def largest_difference(ours, make_theirs, rng, prepare=None):
    """The largest difference of any entry at any step, relative where the entry is not near 0.

    The gradients span five orders of magnitude, so that the place of eps shows.
    """
    xs = tuple(rng.normal(size=shape) for shape in SHAPES)
    tensors = [torch.tensor(x, requires_grad=True) for x in xs]
    theirs = make_theirs(tensors)
    if prepare is not None:
        prepare(theirs, tensors)
    worst = 0.0
    for _ in range(N_STEPS):
        gradients = [rng.normal(size=s) * 10.0 ** rng.uniform(-4, 1, size=s) for s in SHAPES]
        xs = ours.step(xs, gradients)
        for tensor, gradient in zip(tensors, gradients, strict=True):
            tensor.grad = torch.tensor(gradient)
        theirs.step()
        for x, tensor in zip(xs, tensors, strict=True):
            difference = np.abs(x - tensor.detach().numpy()) / np.maximum(np.abs(x), 0.1)
            worst = max(worst, float(difference.max()))
    return worst


@pytest.mark.parametrize(
    ("make_ours", "make_theirs"),
    [
        (lambda: SGD(0.05), lambda x: torch.optim.SGD(x, lr=0.05)),
        (
            lambda: SGD(0.05, weight_decay=0.3),
            lambda x: torch.optim.SGD(x, lr=0.05, weight_decay=0.3),
        ),
        (
            lambda: Momentum(0.05, momentum=0.8),
            lambda x: torch.optim.SGD(x, lr=0.05, momentum=0.8, dampening=0),
        ),
        (
            lambda: Nesterov(0.05, momentum=0.8),
            lambda x: torch.optim.SGD(x, lr=0.05, momentum=0.8, nesterov=True),
        ),
        (
            lambda: AdaGrad(0.05, eps=1e-3),
            lambda x: torch.optim.Adagrad(
                x, lr=0.05, lr_decay=0, initial_accumulator_value=0, eps=1e-3
            ),
        ),
        (
            lambda: RMSprop(0.05, decay_rate=0.95, eps=1e-3),
            lambda x: torch.optim.RMSprop(
                x, lr=0.05, alpha=0.95, eps=1e-3, centered=False, momentum=0
            ),
        ),
        (
            lambda: Adam(0.05, beta1=0.8, beta2=0.99, eps=1e-3),
            lambda x: torch.optim.Adam(x, lr=0.05, betas=(0.8, 0.99), eps=1e-3, amsgrad=False),
        ),
    ],
    ids=["sgd", "weight decay", "momentum", "nesterov", "adagrad", "rmsprop", "adam"],
)
def test_the_same_places_as_pytorch(make_ours, make_theirs, rng):
    assert largest_difference(make_ours(), make_theirs, rng) < 1e-12


def test_adam_of_the_slide_is_pytorchs_after_so_many_steps_that_no_correction_is_left(rng):
    def pretend_a_billion_steps(optimizer, tensors):
        for tensor in tensors:
            optimizer.state[tensor] = {
                "step": torch.tensor(1e9),
                "exp_avg": torch.zeros_like(tensor),
                "exp_avg_sq": torch.zeros_like(tensor),
            }

    worst = largest_difference(
        Adam(0.05, eps=1e-3, bias_correction=False),
        lambda x: torch.optim.Adam(x, lr=0.05, eps=1e-3),
        rng,
        prepare=pretend_a_billion_steps,
    )
    assert worst < 1e-10


@pytest.mark.parametrize(
    ("ours", "make_theirs"),
    [
        (
            step_decay(0.1, factor=0.3, every=7),
            lambda o: torch.optim.lr_scheduler.StepLR(o, step_size=7, gamma=0.3),
        ),
        (
            exponential_decay(0.1, decay=0.05),
            lambda o: torch.optim.lr_scheduler.ExponentialLR(o, gamma=math.exp(-0.05)),
        ),
        (
            inverse_time_decay(0.1, decay=0.05),
            lambda o: torch.optim.lr_scheduler.LambdaLR(o, lambda k: 1 / (1 + 0.05 * k)),
        ),
        (
            cool_down(0.1, 0.02, n_steps=30),
            lambda o: torch.optim.lr_scheduler.LinearLR(
                o, start_factor=1.0, end_factor=0.2, total_iters=30
            ),
        ),
    ],
    ids=["step", "exponential", "1/t", "cool down"],
)
def test_the_same_rates_as_pytorchs_schedulers(ours, make_theirs):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    scheduler = make_theirs(optimizer)
    for k in range(N_STEPS):
        assert scheduler.get_last_lr()[0] == pytest.approx(ours(k), rel=1e-14)
        optimizer.step()
        scheduler.step()
