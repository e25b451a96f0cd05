"""Where a value is None because nothing is returned, the function that returns nothing is named."""

from __future__ import annotations

import re

import pytest

from grader.calls import Inspection, Returned
from grader.checks import Context, judge
from grader.checks.ask import Interrupted, Side
from grader.report import Verdict
from grader.spec import parse_spec

TOML = """
title = "T"
files = ["solution.py"]
[[checks]]
id = "add"
kind = "output"
inputs = {x = 1.0}
run = "RUN"
compare = ["y"]
"""


def judged(facts, run="y = add(x)", y=None):
    """What is concluded of a program that returns `y`, and of whose text the facts are told."""
    spec = parse_spec(TOML.replace("RUN", run))
    context = Context(spec, 1, lambda pattern: re.search(pattern, "") is not None)
    judging = judge(spec.checks[0], context)
    try:
        ask = next(judging)
        while True:
            if any(isinstance(one, Inspection) for one in ask.evaluations):
                assert ask.is_explanation
                told = Interrupted(Verdict.CRASH, "") if facts is None else None
                ask = judging.throw(told) if told else judging.send((Returned({"facts": facts}),))
            elif ask.is_explanation:
                ask = judging.throw(Interrupted(Verdict.CRASH, ""))
            else:
                value = 2.0 if ask.side is Side.SOLUTION else y
                ask = judging.send(tuple(Returned({"y": value}) for _ in ask.evaluations))
    except StopIteration as stop:
        return stop.value


def test_who_prints_is_told_the_difference_between_print_and_return():
    (diagnosis,) = judged([["prints", "add", "solution.py", 3]]).diagnosis
    assert ("printed_not_returned", "solution.py line 3") == (diagnosis.code, diagnosis.where)
    assert diagnosis.message.startswith("`add` (solution.py line 3) prints and ends without")


def test_a_forgotten_return_is_told_with_its_function():
    (diagnosis,) = judged([["returnless", "add", "solution.py", 3]]).diagnosis
    assert "return_missing" == diagnosis.code
    assert "`add` (solution.py line 3) ends without `return`" in diagnosis.message


def test_a_list_of_none_is_not_implemented_too():
    judgement = judged([["returnless", "add", "solution.py", 3]], y=[None, None])
    assert Verdict.NOT_IMPLEMENTED is judgement.verdict
    assert "`y` is a list of None." == judgement.message
    assert ["return_missing"] == [one.code for one in judgement.diagnosis]


@pytest.mark.parametrize(
    "run", ["y = net.add(x)", "y = [add(one) for one in [x]]", "y = (1, add(x))"]
)
def test_the_function_is_found_wherever_its_value_is_used(run):
    assert "return_missing" == judged([["returnless", "Net.add", "f.py", 3]], run).diagnosis[0].code


@pytest.mark.parametrize(
    ("facts", "run"),
    [
        ([["returnless", "subtract", "f.py", 3]], "y = add(x)"),
        ([["returnless", "add", "f.py", 3]], "add(x)\ny = x.out"),
        ([["returnless", "add", "f.py", 3]], "net.add(x)\ny = net.out"),
        ([["define", "add(x)", "f.py", 3]], "y = add(x)"),
        (["returnless", ["add"], 7, None], "y = add(x)"),
        ("all of it", "y = add(x)"),
        (None, "y = add(x)"),
    ],
)
def test_nobody_is_named_whose_value_is_not_used_or_who_is_not_known(facts, run):
    judgement = judged(facts, run.replace("\n", "\\n"))
    assert ["not_implemented"] == [one.code for one in judgement.diagnosis]


def test_a_wrong_value_is_no_missing_one():
    assert Verdict.WRONG_ANSWER is judged([["returnless", "add", "f.py", 3]], y=5.0).verdict
