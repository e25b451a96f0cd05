"""Optimizers: the worked examples of the lecture, the first step of each, and what none may do."""

from __future__ import annotations

import copy
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.optimizers.adaptive import AdaGrad, Adam, RMSprop
from reference.optimizers.momentum import SGD, Momentum, Nesterov
from tests.reference.worked import worked_example

MAKERS = {
    "SGD": lambda rate: SGD(rate),
    "SGD with decay": lambda rate: SGD(rate, weight_decay=0.01),
    "Momentum": Momentum,
    "Nesterov": Nesterov,
    "AdaGrad": AdaGrad,
    "RMSprop": RMSprop,
    "Adam": Adam,
    "Adam of the slide": lambda rate: Adam(rate, bias_correction=False),
}
every_optimizer = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
seeds = st.integers(0, 2**32 - 1)


def follow(optimizer, x, gradient, n_steps=3):
    """The points that an optimizer visits."""
    visited = []
    for _ in range(n_steps):
        x = optimizer.step(x, gradient(x))
        visited.append(x)
    return visited


def bowl_gradient(x):
    """Of f(x) = (x_1^2 + 10 x_2^2) / 2."""
    return np.array([1.0, 10.0]) * x


@pytest.mark.parametrize(
    ("expected", "make"),
    [
        (worked_example("opt-sgd"), SGD),
        (worked_example("opt-momentum"), Momentum),
        (worked_example("opt-nesterov"), Nesterov),
        (worked_example("opt-adagrad"), AdaGrad),
        (worked_example("opt-rmsprop"), RMSprop),
        (worked_example("opt-adam-slide-nobias"), MAKERS["Adam of the slide"]),
        (worked_example("opt-adam-bias"), Adam),
    ],
)
def test_three_steps_down_a_bowl(expected, make):
    optimizer = make(0.05)
    visited = follow(optimizer, np.array([1.0, 1.0]), bowl_gradient)
    np.testing.assert_allclose(visited, expected, rtol=1e-12, atol=0)
    assert optimizer.n_steps == 3


@given(slope=st.floats(1e-3, 1e6), sign=st.sampled_from([-1.0, 1.0]))
def test_the_first_step_of_adam_is_the_learning_rate_whatever_the_slope(slope, sign):
    step = Adam(0.05).step(np.zeros(1), np.array([sign * slope]))
    np.testing.assert_allclose(step, -sign * 0.05, rtol=1e-4)


def test_the_slide_lost_the_bias_correction_of_adam_so_its_first_step_is_three_times_too_long():
    step = Adam(0.05, bias_correction=False).step(np.zeros(1), np.ones(1))
    np.testing.assert_allclose(step, -0.05 * 0.1 / math.sqrt(0.001), rtol=1e-6)
    assert float(step[0]) / -0.05 == pytest.approx(3.1623, abs=1e-4)


def test_the_slide_reversed_friction_since_a_larger_momentum_keeps_more_of_the_velocity():
    def coasting(momentum):
        """How far the ball goes after one push, without any slope."""
        optimizer = Momentum(0.1, momentum=momentum)
        x = optimizer.step(0.0, 1.0)
        for _ in range(50):
            x = optimizer.step(x, 0.0)
        return -float(x)

    assert 0.1 == coasting(0.0) < coasting(0.5) < coasting(0.9)
    assert 1.0 == pytest.approx(coasting(0.9), rel=0.01)


@pytest.mark.parametrize("make", [Momentum, Nesterov])
def test_without_momentum_nothing_is_left_but_gradient_descent(make, rng):
    x, g = rng.normal(size=(2, 4))
    expected = SGD(0.1).step(x, g)
    np.testing.assert_array_equal(expected, make(0.1, momentum=0).step(x, g))


def test_weight_decay_is_the_gradient_of_half_the_squared_norm(rng):
    x, g = rng.normal(size=(2, 4))
    decayed = SGD(0.1, weight_decay=0.3).step(x, g)
    np.testing.assert_allclose(decayed, (1 - 0.1 * 0.3) * x - 0.1 * g, rtol=1e-13)


def test_eps_is_outside_the_square_root():
    """g = eps = 1e-4: outside it halves the step, inside it would leave 1/101 of it."""
    step = AdaGrad(1.0, eps=1e-4).step(np.zeros(1), np.full(1, 1e-4))
    np.testing.assert_allclose(step, -0.5, rtol=1e-12)
    step = RMSprop(1.0, decay_rate=0.0, eps=1e-4).step(np.zeros(1), np.full(1, 1e-4))
    np.testing.assert_allclose(step, -0.5, rtol=1e-12)
    step = Adam(1.0, eps=1e-4).step(np.zeros(1), np.full(1, 1e-4))
    np.testing.assert_allclose(step, -0.5, rtol=1e-12)


@every_optimizer
def test_a_schedule_gives_the_rate_of_each_step_from_0_on(make):
    asked = []

    def halving(k):
        asked.append(k)
        return 0.1 * 0.5**k

    first = make(0.1).step(np.ones(2), np.ones(2))
    scheduled = make(halving)
    np.testing.assert_array_equal(first, scheduled.step(np.ones(2), np.ones(2)))
    follow(scheduled, first, bowl_gradient, n_steps=3)
    assert [0, 1, 2, 3] == asked


@every_optimizer
@given(seed=seeds)
@settings(max_examples=20)
def test_parameters_do_not_know_of_each_other(make, seed):
    """A sequence of arrays moves as each of them would alone."""
    rng = np.random.default_rng(seed)
    together, apart = make(0.1), [make(0.1), make(0.1), make(0.1)]
    xs = (rng.normal(size=(3, 2)), rng.normal(size=2), np.array(1.5))
    alone = xs
    for _ in range(4):
        gs = [rng.normal(size=x.shape) for x in xs]
        xs = together.step(xs, gs)
        alone = tuple(o.step(x, g) for o, x, g in zip(apart, alone, gs, strict=True))
    for expected, actual in zip(alone, xs, strict=True):
        assert isinstance(actual, np.ndarray)
        np.testing.assert_array_equal(expected, actual)


@every_optimizer
def test_nothing_is_shared_with_the_caller_or_changed_in_place(make):
    optimizer = make(0.1)
    x, g = np.ones(3), np.full(3, 2.0)
    first = optimizer.step(x, g)
    np.testing.assert_array_equal(np.ones(3), x)
    np.testing.assert_array_equal(np.full(3, 2.0), g)
    remembered = [array for arrays in optimizer.memory for array in arrays]
    for array in (x, g, *remembered):
        assert not np.shares_memory(first, array)
    before = copy.deepcopy(remembered)
    x[:], g[:] = np.nan, np.nan  # the caller's arrays, to do with as he likes
    optimizer.step(first, np.ones(3))
    for expected, actual in zip(before, remembered, strict=True):
        np.testing.assert_array_equal(expected, actual)


@every_optimizer
def test_float32_parameters_stay_float32_with_any_gradient(make):
    x = np.ones(3, dtype=np.float32)
    optimizer = make(0.1)
    for _ in range(2):
        x = optimizer.step(x, np.ones(3))
    assert {np.dtype(np.float32)} == {
        array.dtype for array in (x, *(a for arrays in optimizer.memory for a in arrays))
    }


@every_optimizer
def test_a_stationary_point_is_left_alone(make):
    np.testing.assert_array_equal(np.zeros(2), make(0.1).step(np.zeros(2), np.zeros(2)))


@every_optimizer
def test_an_overflow_raises_and_leaves_the_optimizer_as_it_was(make):
    optimizer = make(1e300)
    optimizer.step(np.zeros(1), np.zeros(1))
    before = optimizer.memory
    with pytest.raises(FloatingPointError, match="overflow"):
        optimizer.step(np.ones(1), np.full(1, 1e250))
    assert optimizer.n_steps == 1
    assert optimizer.memory is before


@every_optimizer
@pytest.mark.parametrize(
    ("parameters", "gradients", "message"),
    [
        (np.ones(2), np.ones(3), r"gradients must be a vector of shape \(2,\), got shape \(3,\)"),
        (np.ones(2), np.ones((1, 2)), r"gradients must be .* got shape \(1, 2\)"),
        (np.ones(2), np.array([1, np.nan]), r"gradients must be finite, got 1 NaN"),
        (np.array([np.inf, 1.0]), np.ones(2), r"parameters must be finite, got 1 NaN or inf"),
        (np.ones(1) * 1j, np.ones(1), r"parameters must be an array of real numbers"),
        ([], [], r"parameters must be at least one array, got an empty list"),
        ([np.ones(2)], np.ones(2), r"gradients must be a sequence of 1 arrays, got .*ndarray"),
        ([np.ones(2)], [np.ones(2)] * 2, r"gradients must be a sequence of 1 arrays, got 2"),
        ((np.ones(2), np.ones(1)), (np.ones(2), np.ones(2)), r"gradients\[1\] must be a vector"),
    ],
)
def test_what_does_not_fit_is_refused_and_not_counted(make, parameters, gradients, message):
    optimizer = make(0.1)
    with pytest.raises(ValueError, match=message):
        optimizer.step(parameters, gradients)
    assert optimizer.n_steps == 0


@pytest.mark.parametrize("make", [Momentum, Nesterov, AdaGrad, RMSprop, Adam])
def test_the_shapes_may_not_change_from_step_to_step(make):
    optimizer = make(0.1)
    optimizer.step(np.ones(2), np.ones(2))
    with pytest.raises(ValueError, match=r"the shapes of the step before, \[\(2,\)\], got \[\(3,"):
        optimizer.step(np.ones(3), np.ones(3))
    with pytest.raises(ValueError, match=r"parameters must have the shapes of the step before"):
        optimizer.step([np.ones(2), np.ones(2)], [np.ones(2), np.ones(2)])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SGD(0.0), "learning_rate must be greater than 0, got 0"),
        (lambda: SGD(math.nan), "learning_rate must be finite"),
        (lambda: SGD(0.1, weight_decay=-1), "weight_decay must be at least 0, got -1"),
        (lambda: Momentum(0.1, momentum=1.0), "momentum must be less than 1, got 1"),
        (lambda: Nesterov(0.1, momentum=-0.1), "momentum must be at least 0"),
        (lambda: AdaGrad(0.1, eps=0.0), "eps must be greater than 0"),
        (lambda: RMSprop(0.1, decay_rate=1.0), "decay_rate must be less than 1"),
        (lambda: RMSprop(0.1, eps=-1), "eps must be greater than 0"),
        (lambda: Adam(-0.1), "learning_rate must be greater than 0"),
        (lambda: Adam(beta1=1.0), "beta1 must be less than 1"),
        (lambda: Adam(beta2=-0.1), "beta2 must be at least 0"),
        (lambda: Adam(eps=0.0), "eps must be greater than 0"),
        (
            lambda: SGD(lambda _: -1.0).step(np.ones(1), np.ones(1)),
            "learning_rate must be at least 0",
        ),
    ],
)
def test_a_constant_out_of_its_range_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
