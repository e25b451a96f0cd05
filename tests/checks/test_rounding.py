"""The solution's own rounding costs nobody a point, and excuses nothing larger."""

import numpy as np
import pytest

from grader.checks.ask import Side
from grader.report import Verdict

TOML = """
[[checks]]
id = "slope"
kind = "output"
inputs = {z = {value = [28.0, 30.0, 32.0]}}
run = "d = slope(z)"
compare = ["d"]
"""
SATURATED = TOML.replace("[28.0, 30.0, 32.0]", "[-84.0, 63.0, -90.0]")
GRADIENT = """
[[checks]]
id = "tanh"
kind = "gradient"
inputs = {z = {value = [[17.0, -16.0, 19.5]]}, g = {normal = [1, 3]}}
forward = "h = tanh(z)"
backward = "dz = backward(g, h)"
value = "h"
cotangent = "g"
gradient = {z = "dz"}
"""


def textbook(i):
    """The slope of the sigmoid; at 30 three digits are left of it, at 63 it is 0."""
    s = 1 / (1 + np.exp(-i["z"]))
    return {"d": s * (1 - s)}


def accurate(i):
    e = np.exp(-np.abs(i["z"]))
    return {"d": e / (1 + e) ** 2}


def multiplied_out(i):
    s = 1 / (1 + np.exp(-i["z"]))
    return {"d": s - s * s}


@pytest.mark.parametrize("toml", [TOML, SATURATED])
@pytest.mark.parametrize("student", [accurate, multiplied_out])
def test_another_formula_passes_where_the_solution_has_lost_its_digits(drive, toml, student):
    assert drive(toml, student, textbook).judgement.verdict is Verdict.PASSED


@pytest.mark.parametrize("toml", [TOML, SATURATED])
@pytest.mark.parametrize("factor", [0.9, -1.0, 2.0])
def test_a_wrong_factor_fails_there_too(drive, toml, factor):
    def wrong(i):
        return {"d": factor * textbook(i)["d"]}

    assert drive(toml, wrong, textbook).judgement.verdict is Verdict.WRONG_ANSWER


def test_a_solution_that_keeps_its_digits_excuses_nobody(drive):
    off = drive(TOML, lambda i: {"d": accurate(i)["d"] * (1 + 3e-6)}, accurate).judgement
    assert off.verdict is Verdict.WRONG_ANSWER


def test_an_author_who_asks_for_more_digits_gets_them(drive):
    toml = TOML + "rtol = 1e-12\n"
    assert drive(toml, accurate, textbook).judgement.verdict is Verdict.WRONG_ANSWER


def test_the_solution_is_asked_again_only_for_a_difference_as_small_as_rounding(drive):
    def n_asks(student):
        grading = drive(TOML, student, textbook)
        assert all(ask.cacheable for ask in grading.solution.asks)
        return len([ask for ask in grading.solution.asks if ask.side is Side.SOLUTION])

    assert n_asks(textbook) == 1
    assert n_asks(lambda i: {"d": textbook(i)["d"] + 1}) == 1
    assert n_asks(accurate) == 2


def test_a_solution_that_jumps_excuses_no_more_than_rounding(drive):
    """A branch may go the other way in extended precision; that is no rounding."""
    toml = TOML.replace("[28.0, 30.0, 32.0]", "[0.1, 0.2, 0.3]")

    def jumping(i):
        return {"d": 1e-9 * np.array([1.0, 5.0 if i["z"].dtype == float else 1.0])}

    def other(_):
        return {"d": np.array([1e-9, 1e-9])}

    assert drive(toml, other, jumping).judgement.verdict is Verdict.WRONG_ANSWER


def test_a_solution_that_cannot_work_in_extended_precision_excuses_nobody(drive):
    def brittle(i):
        if i["z"].dtype != np.float64:
            raise TypeError("array type float128 is unsupported in linalg")
        return textbook(i)

    assert drive(TOML, accurate, brittle).judgement.verdict is Verdict.WRONG_ANSWER


def tanh(i):
    h = np.tanh(i["z"])
    return {"h": h, "dz": i["g"] * (1 - h**2)}


def test_a_gradient_of_another_formula_passes_too(drive):
    def factored(i):
        h = np.tanh(i["z"])
        return {"h": h, "dz": i["g"] * (1 - h) * (1 + h)}

    def accurate(i):
        return {"h": np.tanh(i["z"]), "dz": i["g"] / np.cosh(i["z"]) ** 2}

    for seed in range(4):
        for student in (factored, accurate):
            assert drive(GRADIENT, student, tanh, seed=seed).judgement.verdict is Verdict.PASSED


def test_zeros_are_an_answer_where_the_right_ones_are_below_rounding(drive):
    """At 40 a sigmoid is 1 to the last digit, so that s * (1 - s) is 0 and not 4e-18."""
    toml = GRADIENT.replace("[[17.0, -16.0, 19.5]]", "[[40.0, 45.0, 50.0]]")

    def exact(i):
        e = np.exp(-i["z"])
        return {"h": 1 / (1 + e), "dz": i["g"] * e / (1 + e) ** 2}

    def rounded(i):
        h = 1 / (1 + np.exp(-i["z"]))
        return {"h": h, "dz": i["g"] * h * (1 - h)}

    assert drive(toml, rounded, exact).judgement.verdict is Verdict.PASSED


def test_zeros_are_a_template_where_the_right_ones_are_small_but_real(drive):
    judgement = drive(
        TOML, lambda _: {"d": np.zeros(3)}, lambda i: {"d": 1e-8 * np.sin(i["z"])}
    ).judgement
    assert judgement.verdict is Verdict.NOT_IMPLEMENTED
