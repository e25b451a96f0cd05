"""A numeric derivative is right within its own error, and a kink does not pass for a slope."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.numdiff import conclude, directional_derivative, gradient, plan_ladder

ONE = np.array([1.0])

SMOOTH = {
    "exp": (math.exp, math.exp),
    "tanh": (math.tanh, lambda x: 1 / math.cosh(x) ** 2),
    "sin": (math.sin, math.cos),
    "square": (lambda x: x * x, lambda x: 2 * x),
    "offset 1e6": (lambda x: 1e6 + math.sin(x), math.cos),
    "tiny values": (lambda x: 1e-8 * math.sin(x), lambda x: 1e-8 * math.cos(x)),
    "huge values": (lambda x: 1e200 * math.exp(x), lambda x: 1e200 * math.exp(x)),
    "fast": (lambda x: math.sin(100 * x), lambda x: 100 * math.cos(100 * x)),
}


def derive(f, x):
    return directional_derivative(lambda a: f(float(a[0])), np.array([float(x)]), ONE)


@pytest.mark.parametrize("name", SMOOTH)
@given(x=st.floats(-20, 20))
def test_the_error_estimate_covers_the_true_error(name, x):
    f, slope = SMOOTH[name]
    result = derive(f, x)
    assert abs(result.value - slope(x)) <= 4 * result.error
    assert not result.is_kink


@given(x=st.floats(1e-3, 1e3))
def test_the_error_estimate_covers_the_true_error_of_a_logarithm(x):
    result = derive(lambda t: math.log(t) if t > 0 else math.nan, x)
    assert abs(result.value - 1 / x) <= 4 * result.error


@pytest.mark.parametrize(
    ("name", "rtol"), [("exp", 1e-10), ("square", 1e-12), ("offset 1e6", 1e-6), ("fast", 1e-8)]
)
def test_the_estimate_is_not_only_safe_but_small(name, rtol):
    f, slope = SMOOTH[name]
    result = derive(f, 0.7)
    assert result.error <= rtol * abs(slope(0.7))


@pytest.mark.parametrize("x", [1e-6, -3e-6, 1e-9])
def test_a_small_x_in_a_function_that_varies_as_fast(x):
    result = derive(lambda t: math.sin(t / 1e-6), x)
    expected = 1e6 * math.cos(x / 1e-6)
    assert abs(result.value - expected) <= 4 * result.error
    assert result.error <= 1e-6 * abs(expected)


@pytest.mark.parametrize("x", [1e-6, 1e-12, 0.0])
def test_a_small_x_in_a_function_that_varies_over_one(x):
    result = derive(math.sin, x)
    assert abs(result.value - math.cos(x)) <= 4 * result.error
    assert result.error <= 1e-8


@pytest.mark.parametrize(("left", "right"), [(0.0, 1.0), (-1.0, 1.0), (0.3, 0.31), (1e-8, 2e-8)])
@pytest.mark.parametrize("x", [0.0, 1.5, -200.0])
def test_an_exact_kink_is_seen_and_its_sides_are_told(left, right, x):
    result = derive(lambda t: right * max(t - x, 0.0) + left * min(t - x, 0.0), x)
    assert result.is_kink
    assert result.left == pytest.approx(left, rel=1e-6)
    assert result.right == pytest.approx(right, rel=1e-6)


@pytest.mark.parametrize("distance", [1e-2, 1e-4, 3e-6])
def test_a_kink_nearby_does_not_spoil_the_slope(distance):
    result = derive(lambda t: max(t - 1.0, 0.0) + 2 * t, 1.0 + distance)
    assert abs(result.value - 3.0) <= 4 * result.error
    assert result.error <= 1e-6
    assert not result.is_kink


def test_a_kink_closer_than_the_smallest_step_is_never_a_confident_wrong_slope():
    result = derive(lambda t: max(t - 1.0, 0.0), 1.0 + 1e-9)
    assert result.is_kink or abs(result.value - 1.0) <= 4 * result.error


@pytest.mark.parametrize("kink", [-1e-6, -3e-7, 2e-7, 5e-7, 1e-6])
@pytest.mark.parametrize("slope", [1e-8, 1e-7, 1e-6])
def test_a_kink_that_is_seen_from_afar_only_is_no_confident_wrong_slope(kink, slope):
    """Beside an offset of 1 the steps that are small enough drown in its rounding."""
    derivative = directional_derivative(
        lambda x: 1.0 + slope * max(float(x[0]) - 1e-6 - kink, 0.0) + slope / 4 * float(x[0]),
        np.array([1e-6]),
        np.array([1.0]),
    )
    true = slope / 4 + (slope if kink < 0 else 0.0)
    assert derivative.is_kink or abs(derivative.value - true) <= 4 * derivative.error


def test_a_symmetric_kink_does_not_pass_for_a_slope_of_one_half():
    result = derive(lambda t: max(t, 0.0), 0.0)
    assert result.is_kink
    assert result.value == pytest.approx(0.5)
    assert result.error >= 0.5


def test_single_precision_is_noticed_and_counted_as_error():
    result = derive(lambda t: float(np.sin(np.float32(t))), 0.7)
    assert result.is_low_precision
    assert abs(result.value - math.cos(0.7)) <= 4 * result.error
    assert result.error > 1e-7


def test_single_precision_inside_is_noticed_where_the_result_is_double():
    weights = np.linspace(0.1, 1.0, 5)

    def f(x):
        return float(np.sum(np.sin(x.astype(np.float32)).astype(np.float64) * weights))

    x = np.linspace(0.3, 1.7, 5)
    direction = np.array([1.0, -2.0, 0.5, 0.3, 0.7])
    result = directional_derivative(f, x, direction)
    assert result.is_low_precision
    assert abs(result.value - float(np.sum(weights * np.cos(x) * direction))) <= 4 * result.error


@pytest.mark.parametrize("name", SMOOTH)
def test_double_precision_is_not_taken_for_single(name):
    assert not derive(SMOOTH[name][0], 0.7).is_low_precision


def test_a_constant_has_the_derivative_zero():
    result = derive(lambda _: 0.1, 3.0)
    assert result.value == 0.0
    assert result.error <= 1e-6
    assert not result.is_low_precision


def test_steps_where_the_function_overflows_are_left_out():
    result = derive(lambda t: math.exp(t) if t < 709 else math.inf, 600.0)
    assert abs(result.value - math.exp(600.0)) <= 4 * result.error
    assert result.error <= 1e-6 * math.exp(600.0)


def test_a_function_that_is_nowhere_finite_has_no_derivative():
    result = derive(lambda _: math.nan, 1.0)
    assert math.isnan(result.value)
    assert result.error == math.inf


def test_what_cancels_inside_the_function_counts_as_its_magnitude():
    steps = plan_ladder(1.0, 1.0)
    values = [1e-3 * t for t in steps]
    small = conclude(steps, values)
    large = conclude(steps, values, magnitude=1e6)
    assert large.error > 1e3 * small.error


@pytest.mark.parametrize("seed", range(20))
def test_noise_that_the_value_does_not_betray_counts_as_error(seed):
    """Terms of size 1 cancel: f is 1e-16 all over, and its slope is noise."""
    rng = np.random.default_rng(seed)
    a = rng.standard_normal(50)
    result = derive(
        lambda t: float(np.sum(np.sin(a + t - (a + t).mean()) + np.sin(a.mean() - a))), 1.3
    )
    assert abs(result.value) <= 4 * result.error
    assert result.error < 1e-9


@pytest.mark.parametrize("seed", range(20))
def test_a_random_function_has_no_confident_slope(seed):
    rng = np.random.default_rng(seed)
    result = derive(lambda t: t + 1e-3 * rng.standard_normal(), 1.0)
    assert result.is_kink or abs(result.value - 1.0) <= 4 * result.error


def test_the_ladder_begins_at_the_point_itself_and_is_symmetric():
    steps = plan_ladder(2.0, 0.5)
    assert steps[0] == 0.0
    assert [-h for h in steps[3::2]] == list(steps[4::2])
    assert steps[3] == 1.0
    assert steps[5] == 0.25


def test_the_number_of_evaluations_is_that_of_the_steps():
    assert derive(math.sin, 1.0).n_evaluations == len(plan_ladder(1.0, 1.0))


def test_a_gradient_is_taken_entry_by_entry():
    x = np.array([[1.0, -2.0], [0.5, 3.0]])
    assert gradient(lambda a: float(np.sum(a**3)), x) == pytest.approx(3 * x**2, rel=1e-9)


def test_a_gradient_is_nan_at_a_kink():
    result = gradient(lambda a: float(np.sum(np.abs(a))), np.array([0.0, -2.0]))
    assert np.isnan(result[0])
    assert result[1] == pytest.approx(-1.0)


def test_a_function_that_stands_still_has_the_rounding_of_what_it_hides():
    """log(1 + exp(-60)) is exactly 0; its slope of 1e-26 is not known to be 0 to the last bit."""
    steps = plan_ladder(60.0, 1.0)
    values = [math.log(1 + math.exp(t - 60)) for t in steps]
    result = conclude(steps, values, hidden=60.0)
    assert result.is_flat
    assert abs(math.exp(-60) - result.value) <= 4 * result.error <= 1e-13
    assert not derive(math.sin, 1.0).is_flat


@pytest.mark.parametrize("x", [1.6e-6, -5e-7, 3e-8])
def test_what_is_lost_beside_a_constant_one_is_no_slope_of_zero(x):
    """1 + x**2 stands still for small x, and large steps see that it has a slope there."""
    result = derive(lambda t: math.log(1 + t * t), x)
    assert abs(result.value - 2 * x / (1 + x * x)) <= 4 * result.error


@pytest.mark.parametrize("seed", range(8))
def test_many_small_kinks_do_not_agree_on_a_wrong_slope(seed):
    """Where an offset drowns all steps but those that jump over kinks, the error says so."""
    rng = np.random.default_rng(seed)
    x, weights, outer = (rng.standard_normal(shape) for shape in ((12,), (12, 300), (300,)))

    def f(point):
        return 2.0 + 1e-10 * float(np.maximum(point @ weights, 0) @ outer)

    slope = 1e-10 * weights @ (outer * (x @ weights > 0))
    for direction in rng.standard_normal((40, 12)):
        result = directional_derivative(f, 1e-2 * x, direction / np.linalg.norm(direction))
        expected = float(slope @ direction) / float(np.linalg.norm(direction))
        assert result.is_kink or abs(result.value - expected) <= 4 * result.error
