"""`source`: what a text may not use and what it must define."""

import re

import pytest

from grader.calls import Raised, Returned
from grader.checks import Context, judge
from grader.report import Verdict
from grader.spec import parse_spec


def conclude(rules, facts):
    """Judge a source check to which the box answers these facts."""
    toml = f'title = "T"\n[[checks]]\nid = "by-hand"\nkind = "source"\n{rules}\n'
    spec = parse_spec(toml)
    judging = judge(spec.checks[0], Context(spec, 1, lambda pattern: bool(re.search(pattern, ""))))
    next(judging)
    try:
        judging.send((facts if isinstance(facts, Raised) else Returned({"facts": facts}),))
    except StopIteration as stop:
        return stop.value
    raise AssertionError("it asked twice")


def test_a_text_that_uses_nothing_forbidden_passes():
    judgement = conclude('forbid = ["scipy"]', [["import", "numpy", "solution.py", 1]])
    assert Verdict.PASSED == judgement.verdict


@pytest.mark.parametrize("name", ["numpy.gradient", "numpy.gradient.anything"])
def test_a_forbidden_name_and_all_below_it_are_named_with_their_line(name):
    judgement = conclude('forbid = ["numpy.gradient"]', [["use", name, "solution.py", 12]])
    assert Verdict.FORBIDDEN == judgement.verdict
    assert f"solution.py line 12 uses {name}" in judgement.message


def test_a_name_that_only_begins_alike_is_not_forbidden():
    judgement = conclude('forbid = ["numpy.grad"]', [["use", "numpy.gradient", "solution.py", 1]])
    assert Verdict.PASSED == judgement.verdict


def test_an_undefined_name_is_missing():
    judgement = conclude('define = ["f(x)"]', [["define", "g(x)", "solution.py", 1]])
    assert Verdict.MISSING == judgement.verdict


@pytest.mark.parametrize(
    ("wanted", "verdict"),
    [
        ("f", Verdict.PASSED),
        ("f(x, w)", Verdict.PASSED),
        ("f(x, w=1)", Verdict.PASSED),
        ("f(w, x)", Verdict.WRONG_ANSWER),
        ("f(x)", Verdict.WRONG_ANSWER),
        ("f()", Verdict.WRONG_ANSWER),
    ],
)
def test_parameters_are_compared_by_name_and_order_where_they_are_asked_for(wanted, verdict):
    judgement = conclude(f'define = ["{wanted}"]', [["define", "f(x, w)", "solution.py", 3]])
    assert verdict == judgement.verdict


def test_the_last_definition_counts_as_it_does_when_python_runs_the_file():
    facts = [["define", "f(x)", "solution.py", 1], ["define", "f(x, w)", "solution.py", 9]]
    assert Verdict.PASSED == conclude('define = ["f(x, w)"]', facts).verdict


def test_a_text_that_does_not_parse_is_an_exception_with_its_line():
    judgement = conclude('forbid = ["scipy"]', [["error", "invalid syntax", "solution.py", 7]])
    assert Verdict.EXCEPTION == judgement.verdict
    assert "solution.py line 7" in judgement.message


@pytest.mark.parametrize("claim", ["no list", [1, ["import"], ["import", 2, 3, 4]]])
def test_garbled_facts_define_nothing(claim):
    assert Verdict.MISSING == conclude('define = ["f"]', claim).verdict
