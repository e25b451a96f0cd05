"""Schedules: the worked example, what every schedule keeps to, and the bold driver."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.optimizers.momentum import SGD
from reference.schedules import (
    BoldDriver,
    constant,
    cool_down,
    exponential_decay,
    inverse_time_decay,
    step_decay,
)
from tests.reference.worked import worked_example

SCHEDULES = {
    "constant": constant(0.1),
    "step": step_decay(0.1, factor=0.5, every=7),
    "exponential": exponential_decay(0.1, decay=0.03),
    "1/t": inverse_time_decay(0.1, decay=0.5),
    "cool down": cool_down(0.1, 0.001, n_steps=40),
}
every_schedule = pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=SCHEDULES)


def test_three_kinds_of_decay_by_hand():
    """From 0.1: half every ten steps; decay 0.05 after no and after ten steps."""
    expected = worked_example("decay")
    step = step_decay(0.1, factor=0.5, every=10)
    exponential, inverse = exponential_decay(0.1, decay=0.05), inverse_time_decay(0.1, decay=0.05)
    assert expected["step"] == pytest.approx([step(k) for k in (0, 9, 10, 20)], rel=1e-12)
    assert expected["exp"] == pytest.approx([exponential(k) for k in (0, 10)], rel=1e-12)
    assert expected["one_over_t"] == pytest.approx([inverse(k) for k in (0, 10)], rel=1e-12)


@every_schedule
@given(k=st.integers(0, 1000))
def test_the_rate_starts_at_its_initial_value_and_never_rises(schedule, k):
    assert schedule(0) == 0.1
    assert 0 < schedule(k + 1) <= schedule(k)


def test_an_exponential_halves_every_log_2_over_decay_steps():
    schedule = exponential_decay(1.0, decay=math.log(2) / 10)
    assert [1, 0.5, 0.25] == pytest.approx([schedule(k) for k in (0, 10, 20)], rel=1e-14)


def test_cooling_down_goes_on_a_straight_line_and_stops_at_the_final_rate():
    schedule = cool_down(1.0, 0.2, n_steps=4)
    expected = [1.0, 0.8, 0.6, 0.4, 0.2, 0.2, 0.2]
    assert expected == pytest.approx([schedule(k) for k in range(7)], rel=1e-14)


@every_schedule
def test_an_optimizer_takes_a_schedule_for_a_learning_rate(schedule):
    optimizer, x = SGD(schedule), np.asarray(0.0)
    for k in range(10):
        moved = optimizer.step(x, 1.0)
        assert schedule(k) == pytest.approx(float(x - moved), rel=1e-13)
        x = moved


def test_a_bold_driver_slows_down_only_when_the_cost_did_not_fall():
    driver = BoldDriver(0.8)
    rates = []
    for loss in (5.0, 4.0, 3.0, 3.0, 2.0, 2.5, 2.4):
        driver.observe(loss)
        rates.append(driver(0))
    assert [0.8, 0.8, 0.8, 0.4, 0.4, 0.2, 0.2] == rates


def test_a_bold_driver_of_the_literature_speeds_up_when_the_cost_fell():
    driver = BoldDriver(1.0, factor=0.5, growth=1.1)
    for loss in (5.0, 4.0, 4.5, 3.0):
        driver.observe(loss)
    assert 1.1 * 0.5 * 1.1 == pytest.approx(driver.rate, rel=1e-15)


def test_a_bold_driver_finds_a_rate_for_a_bowl_that_its_first_one_leaps_out_of():
    """f(x) = 10 x^2 needs a rate below 1/10."""
    driver = BoldDriver(1.0)
    optimizer, x = SGD(driver), np.array([3.0])
    for _ in range(60):
        driver.observe(float(10 * x[0] ** 2))
        x = optimizer.step(x, 20 * x)
    assert driver.rate == 1 / 16
    assert abs(x[0]) < 1e-6


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: constant(0.0), "initial must be greater than 0"),
        (lambda: step_decay(-0.1), "initial must be greater than 0"),
        (lambda: step_decay(0.1, factor=0.0), "factor must be greater than 0"),
        (lambda: step_decay(0.1, factor=1.5), "factor must be at most 1, got 1.5"),
        (lambda: step_decay(0.1, every=0), "every must be at least 1, got 0"),
        (lambda: exponential_decay(math.nan, decay=0.1), "initial must be finite"),
        (lambda: exponential_decay(0.1, decay=-1.0), "decay must be at least 0"),
        (lambda: inverse_time_decay(0.0, decay=1.0), "initial must be greater than 0"),
        (lambda: inverse_time_decay(0.1, decay=-1.0), "decay must be at least 0"),
        (lambda: cool_down(0.0, 0.0, n_steps=5), "initial must be greater than 0"),
        (lambda: cool_down(0.1, 0.2, n_steps=5), "final must be at most 0.1, got 0.2"),
        (lambda: cool_down(0.1, 0.0, n_steps=5), "final must be greater than 0"),
        (lambda: cool_down(0.1, 0.01, n_steps=0), "n_steps must be at least 1"),
        (lambda: BoldDriver(0.0), "initial must be greater than 0"),
        (lambda: BoldDriver(0.1, factor=1.0), "factor must be less than 1"),
        (lambda: BoldDriver(0.1, growth=0.9), "growth must be at least 1"),
        (lambda: BoldDriver(0.1).observe(math.inf), "loss must be finite"),
        (lambda: BoldDriver(0.1)(-1), "k must be at least 0, got -1"),
    ],
)
def test_a_number_out_of_its_range_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@every_schedule
def test_a_step_is_counted_in_whole_numbers(schedule):
    with pytest.raises(ValueError, match=r"k must be a whole number, got 1\.5"):
        schedule(1.5)
    with pytest.raises(ValueError, match="k must be at least 0, got -1"):
        schedule(-1)
