"""Every kind of check is judged; none is passed over in silence."""

import pytest

from grader.checks.counting import count_calls
from grader.spec import CHECK_KINDS, CostCheck, parse_spec

COUNTED = """
title = "T"
[[checks]]
id = "few-calls"
kind = "cost"
inputs = {x = {normal = [4]}}
run = "f(x)"
calls = 8
"""


def test_there_are_five_kinds():
    assert {"output", "gradient", "property", "cost", "source"} == set(CHECK_KINDS)


def test_calls_of_nothing_are_never_a_pass():
    [check] = parse_spec(COUNTED).checks
    assert isinstance(check, CostCheck)
    with pytest.raises(AssertionError, match="nothing to count"):
        next(count_calls(check, ()))
