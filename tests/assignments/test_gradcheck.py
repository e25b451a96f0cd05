"""The numbers in the handout of gradcheck are what arithmetic and the reference say."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest

from docs.figures.gradcheck import RATIO, central_slope
from grader.spec import PropertyCheck, load_assignment
from reference import numdiff

FOLDER = Path(__file__).parents[2] / "assignments" / "gradcheck"
HANDOUT = (FOLDER / "README.md").read_text(encoding="utf-8")
OFFSET, X = 1e6, 2.0
LADDER = [0.2 * RATIO**k for k in range(9)]
SLOPES = [central_slope(X, OFFSET, h) for h in LADDER]
RIGHT = numdiff.gradient(lambda x: float(x[0] ** 3), np.array([X]))[0]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("3.0", "3.003"),
        ("2.0", "-2.0"),
        ("0.5", "0.0"),
        ("1e-12", "3e-12"),
        ("0.0", "0.0"),
    ],
)
def test_the_relative_errors_in_the_handout_are_right(a, b):
    larger = max(abs(float(a)), abs(float(b)))
    error = abs(float(a) - float(b)) / larger if larger else 0.0
    assert f"{a:<10} {b:<10} {error:.4f}\n" in HANDOUT


@pytest.mark.parametrize("k", range(1, 8))
def test_a_step_of_the_ladder_in_the_handout_is_what_it_is(k):
    h, slope = LADDER[k], SLOPES[k]
    jump = max(abs(slope - SLOPES[k - 1]), abs(slope - SLOPES[k + 1]))
    rounding = 2.0**-52 * ((X + h) ** 3 + OFFSET) / h
    row = (h, jump, rounding, jump + rounding, abs(slope - RIGHT))
    written = re.search(rf"^{h:.2e}  {slope:.10f} .*$", HANDOUT, re.MULTILINE)
    assert written
    numbers = [float(word) for word in written[0].split()]
    # two digits are written of each, and the slope beside them
    assert pytest.approx([h, slope, *row[1:]], rel=0.06) == numbers


def test_the_step_with_the_least_error_in_the_handout_is_a_good_one():
    errors = [
        max(abs(SLOPES[k] - SLOPES[k - 1]), abs(SLOPES[k] - SLOPES[k + 1]))
        + 2.0**-52 * ((X + LADDER[k]) ** 3 + OFFSET) / LADDER[k]
        for k in range(1, 8)
    ]
    best = 1 + errors.index(min(errors))
    assert abs(SLOPES[best] - RIGHT) <= min(errors) < 1e-5


def test_the_rule_of_a_ten_millionth_rejects_what_is_right_as_the_handout_says():
    error = abs(central_slope(X, OFFSET, 1e-5) - RIGHT) / RIGHT
    assert error > 1e-7
    assert f"relative error of {error:.1e}, though {RIGHT:.0f} is right" in HANDOUT.replace(
        "\n", " "
    )


def test_directions_miss_as_rarely_as_the_handout_says():
    one = math.erf(0.01 / math.sqrt(2))
    assert f"misses it in {one:.1%} of all cases".replace("%", " %") in HANDOUT
    three = f"{round(one**-3, -4):,.0f}".replace(",", " ")
    assert f"three directions in one of {three}" in HANDOUT.replace("\n", " ")


def test_the_slides_difference_errs_by_half_a_step_where_the_central_one_errs_by_its_square():
    h = 1e-3
    forward = ((X + h) ** 3 - X**3) / h - RIGHT
    assert pytest.approx(3 * X * h, rel=1e-3) == forward
    assert pytest.approx(h**2, rel=1e-3) == central_slope(X, 0.0, h) - RIGHT


def verdicts_asked(check):
    """Which suspects of a check are right, as its `holds` says."""
    return [word == "True" for word in re.findall(r"^ +\((True|False), ", check.holds, re.M)] or [
        word == "True" for word in re.findall(r'", (True|False)\),$', check.holds, re.M)
    ]


def test_every_check_with_suspects_has_right_ones_and_wrong_ones():
    asked = [
        verdicts_asked(check)
        for check in load_assignment(FOLDER).spec.checks
        if isinstance(check, PropertyCheck) and "verdicts" in check.returns
    ]
    assert len(asked) == 11
    assert all(set(verdicts) == {True, False} for verdicts in asked)
    n_right = sum(map(sum, asked))
    n_wrong = sum(map(len, asked)) - n_right
    assert n_right >= 20
    assert n_wrong > n_right
    assert 87 <= n_right + n_wrong <= 95
    assert "some ninety suspects, more\nthan half of them guilty" in HANDOUT
