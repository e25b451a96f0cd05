"""Ways out of a local minimum: plain descent is stuck where restarts and noise get out."""

from __future__ import annotations

import math

import numpy as np
import pytest

from reference.optimizers.descent import gradient_descent
from reference.optimizers.lbfgs import minimize_lbfgs
from reference.optimizers.momentum import SGD
from reference.optimizers.restarts import random_restarts, with_noise
from reference.schedules import cool_down


def two_wells(x):
    """A shallow well near x = 0.93 and a deep one near -1.06, with a hill between them."""
    value = (x * x - 1) ** 2 + 0.5 * x
    return float(value.sum()), 4 * x * (x * x - 1) + 0.5


SHALLOW, DEEP = 0.930, -1.0575


def descend(x0):
    return gradient_descent(two_wells, x0, SGD(0.05))


def test_plain_descent_is_stuck_in_the_well_it_starts_in():
    for start in (0.3, 1.0, 2.0):
        result = descend(np.array([start]))
        assert result.has_converged
        assert result.x[0] == pytest.approx(SHALLOW, abs=1e-3)
    assert descend(np.array([-0.5])).x[0] == pytest.approx(DEEP, abs=1e-3)


@pytest.mark.parametrize("minimize", [descend, lambda x0: minimize_lbfgs(two_wells, x0)])
def test_random_restarts_find_the_deep_well(minimize, rng):
    restarts = random_restarts(
        minimize, lambda rng: rng.uniform(-2, 2, size=1), n_restarts=40, rng=rng
    )
    assert restarts.best.x[0] == pytest.approx(DEEP, abs=1e-3)
    assert len(restarts.all) == 40
    assert restarts.best.loss == min(result.loss for result in restarts.all)
    assert {SHALLOW, DEEP} == {
        min((SHALLOW, DEEP), key=lambda well: abs(well - result.x[0])) for result in restarts.all
    }


def test_one_restart_is_one_descent():
    start = np.array([1.5])
    restarts = random_restarts(descend, lambda _: start, n_restarts=1, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(descend(start).x, restarts.best.x)


def share_that_gets_out(scale, n_descents=200):
    """Of many descents with noise, side by side in one array, all from the shallow well."""
    noisy = with_noise(two_wells, scale, np.random.default_rng(0))
    result = gradient_descent(
        noisy,
        np.full(n_descents, SHALLOW),
        SGD(0.05),
        gradient_tolerance=None,
        max_iterations=600,
    )
    return float((np.abs(result.x - DEEP) < 0.2).mean())


def test_noise_that_cools_down_leads_out_of_the_shallow_well_into_the_deep_one():
    assert share_that_gets_out(0.0) == 0
    assert share_that_gets_out(0.1) == 0
    assert share_that_gets_out(cool_down(6.0, 0.01, n_steps=500)) > 0.8


def test_noise_adds_a_slope_that_is_0_on_average_and_belongs_to_its_gradient():
    x = np.array([0.4, -0.7])
    loss, gradient = two_wells(x)
    noisy = with_noise(two_wells, 0.5, np.random.default_rng(0))
    samples = [noisy(x) for _ in range(5000)]
    slopes = np.array([grad - gradient for _, grad in samples])
    np.testing.assert_allclose([value - loss for value, _ in samples], slopes @ x, atol=1e-12)
    np.testing.assert_allclose(slopes.mean(axis=0), 0, atol=4 * 0.5 / math.sqrt(5000))
    np.testing.assert_allclose(slopes.std(axis=0), 0.5, rtol=0.05)


def test_a_schedule_of_noise_is_asked_with_the_number_of_calls_before():
    asked = []

    def fading(k):
        asked.append(k)
        return 0.0

    noisy = with_noise(two_wells, fading, np.random.default_rng(0))
    for _ in range(3):
        assert two_wells(np.ones(2))[0] == noisy(np.ones(2))[0]
    assert [0, 1, 2] == asked


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda rng: random_restarts(descend, lambda _: [1.0], n_restarts=0, rng=rng),
            "n_restarts must be at least 1, got 0",
        ),
        (
            lambda rng: random_restarts(descend, lambda _: [math.nan], n_restarts=1, rng=rng),
            r"draw_start\(rng\) must be finite",
        ),
        (lambda rng: with_noise(two_wells, -1.0, rng), "scale must be at least 0, got -1"),
        (
            lambda rng: with_noise(two_wells, lambda _: -1.0, rng)(np.ones(1)),
            "scale must be at least 0, got -1",
        ),
    ],
)
def test_bad_input_is_refused(make, message, rng):
    with pytest.raises(ValueError, match=message):
        make(rng)
