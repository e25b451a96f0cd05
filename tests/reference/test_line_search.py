"""The line search: both Wolfe conditions on smooth functions, and what it does on others."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.optimizers.line_search import LineSearch, evaluate

C1, C2 = 1e-4, 0.9
first_steps = st.floats(1e-6, 1e6)
seeds = st.integers(0, 2**32 - 1)


def search_along_x(function, first_step, x0=0.0, direction=1.0, **options):
    """Search from x0 for a function of one number that returns its value and its slope."""
    d = np.array([direction])
    with np.errstate(over="ignore", invalid="ignore"):
        start = evaluate(along(function), np.array([x0]), 0.0, d)
        search = LineSearch(along(function), start, d, **options)
        return search, search.find(first_step)


def along(function):
    def loss_and_gradient(x):
        loss, slope = function(x[0])
        return loss, np.array([slope])

    return loss_and_gradient


def assert_strong_wolfe(search, trial, c2=C2):
    start = search.start
    assert trial.step > 0
    rounding = 1e-15 * abs(start.loss)
    assert trial.loss <= start.loss + C1 * trial.step * start.slope + rounding
    assert abs(trial.slope) <= c2 * abs(start.slope)


@given(first_step=first_steps, minimum=st.floats(1e-3, 1e3))
def test_on_a_parabola_from_any_first_step(first_step, minimum):
    search, trial = search_along_x(lambda x: ((x - minimum) ** 2, 2 * (x - minimum)), first_step)
    assert_strong_wolfe(search, trial)


@given(first_step=first_steps, seed=seeds, c2=st.sampled_from([0.1, 0.9]))
@settings(max_examples=200)
def test_on_a_hilly_road_that_rises_in_the_end(first_step, seed, c2):
    """x^2 / 100 - x, with waves on it: many minima, of which any that is low enough will do."""
    rng = np.random.default_rng(seed)
    size, frequency, phase = rng.uniform(0, 3), rng.uniform(0.1, 5), rng.uniform(0, 2 * np.pi)

    def road(x):
        wave, slope = np.sin(frequency * x + phase), np.cos(frequency * x + phase)
        return x * x / 100 - x + size * wave, x / 50 - 1 + size * frequency * slope

    sign = -math.copysign(1.0, road(0.0)[1])
    search, trial = search_along_x(road, first_step, direction=sign, c2=c2, max_evaluations=60)
    assert_strong_wolfe(search, trial, c2)


def test_the_first_step_is_taken_where_it_will_do():
    search, trial = search_along_x(lambda x: ((x - 1) ** 2, 2 * (x - 1)), 1.0)
    assert search.n_evaluations == 1
    assert trial.step == 1


def test_interpolation_finds_the_minimum_of_a_cubic_at_once():
    """x^3 - 3 x has its minimum at 1; from 0 and 3 with their slopes the cubic is known."""
    search, trial = search_along_x(lambda x: (x**3 - 3 * x, 3 * x * x - 3), 3.0, c2=0.1)
    assert search.n_evaluations == 2
    assert trial.step == pytest.approx(1, rel=1e-12)


@pytest.mark.parametrize("beyond", [math.inf, math.nan, -math.inf])
def test_where_the_function_is_not_finite_the_step_is_too_long(beyond):
    def walled(x):
        return (beyond, 1.0) if x >= 2 else ((x - 1) ** 2, 2 * (x - 1))

    search, trial = search_along_x(walled, 1000.0)
    assert_strong_wolfe(search, trial)
    assert trial.x[0] < 2


def test_a_gradient_that_is_not_finite_is_a_step_too_long_too():
    def walled(x):
        return (x - 1) ** 2, (math.nan if x >= 2 else 2 * (x - 1))

    search, trial = search_along_x(walled, 1000.0)
    assert_strong_wolfe(search, trial)


def test_beside_a_kink_it_gives_up_with_the_lowest_step_it_saw():
    """Both slopes of |x - 1| are too steep for the second condition."""
    search, trial = search_along_x(lambda x: (abs(x - 1), np.sign(x - 1)), 0.3)
    assert search.n_evaluations <= 20
    assert trial.loss < 1e-2


def test_without_an_end_the_limit_of_evaluations_is_kept_and_the_last_step_returned():
    search, trial = search_along_x(lambda x: (-x, -1.0), 1.0, max_evaluations=7)
    assert search.n_evaluations == 7
    assert trial.loss == -trial.step


def test_with_a_gradient_of_the_wrong_sign_no_step_is_found():
    search, trial = search_along_x(lambda x: (x * x, -2 * x), 1.0, x0=1.0)
    assert trial is None
    assert search.n_evaluations <= 20


@pytest.mark.parametrize("slope", [0.0, 2.0])
def test_uphill_nothing_is_tried(slope):
    search, trial = search_along_x(lambda x: (slope * x, slope), 1.0)
    assert trial is None
    assert search.n_evaluations == 0


@pytest.mark.parametrize(("c1", "c2"), [(0.0, 0.9), (0.5, 0.4), (1e-4, 1.0), (math.nan, 0.9)])
def test_conditions_that_no_step_need_meet_are_refused(c1, c2):
    with pytest.raises(ValueError, match="c1 and c2 must be 0 < c1 < c2 < 1, got"):
        search_along_x(lambda x: (x, 1.0), 1.0, c1=c1, c2=c2)
