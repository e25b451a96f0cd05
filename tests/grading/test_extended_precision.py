"""A solution that works on plain Python floats is asked for more digits too."""

from __future__ import annotations

import pytest

SOLUTION = """
import math
def slope(x):
    t = math.tanh(x)
    return 1 - t * t
def kind(x):
    return type(math.tanh(float(x[0]))).__name__
"""
OTHER = "import math\ndef slope(x): return {} / math.cosh(x) ** 2\ndef kind(x): return 'float'\n"


@pytest.fixture
def saturated(make):
    inputs = "{x = {uniform = [3], low = 14.0, high = 16.0}}"
    return make(
        f'slope inputs = {inputs}; run = "y = slope(float(x[0]))"',
        "kind",
        solution=SOLUTION,
    )


def test_another_formula_is_right_where_the_solution_loses_its_digits(saturated, judge, seed):
    assert judge(saturated, OTHER.format(1), seed=seed).is_full_score


def test_a_wrong_factor_is_wrong_there_too(saturated, judge, seed):
    slope, _ = judge(saturated, OTHER.format(2), seed=seed).results
    assert not slope.is_passed


def test_floats_are_floats_again_afterwards(saturated, judge, seed):
    """The check asked next runs in the same worker of the solution."""
    _, kind = judge(saturated, OTHER.format(1), seed=seed).results
    assert kind.is_passed
