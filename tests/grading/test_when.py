"""`when` of an accepted variant: searched for in a box, and never for long."""

from __future__ import annotations

import pytest

from grader.report import Verdict
from grader.spec import load_assignment

ACCEPT = """[[checks.accept]]
name = "tripled"
expect = "y = 3 * x"
when = '{when}'"""


@pytest.fixture
def graded(make, judge):
    """A function that grades a text that triples, which is right where `when` matches."""

    def grade(when, text=""):
        assignment = make("double")
        toml = assignment.folder / "assignment.toml"
        toml.write_text(toml.read_text() + ACCEPT.format(when=when))
        report = judge(load_assignment(assignment.folder), f"{text}\ndef double(x): return 3 * x\n")
        [result] = report.results
        return result.judgement

    return grade


@pytest.mark.parametrize(
    ("when", "verdict"),
    [
        ("keep_prob", Verdict.PASSED),
        (r"(?m)^keep_prob\s*=", Verdict.PASSED),
        ("(?s)keep_prob.*return 3", Verdict.PASSED),
        ("drop_prob", Verdict.WRONG_ANSWER),
        ("^def", Verdict.WRONG_ANSWER),
    ],
)
def test_a_variant_counts_where_the_text_matches(graded, when, verdict):
    assert verdict is graded(when, "keep_prob = 1").verdict


@pytest.mark.parametrize("when", ["(a+)+b", r"(\w|\d)*!", "(a|aa)+$", "(.*)*x{50}"])
def test_a_pattern_that_never_ends_has_found_nothing(graded, when):
    assert Verdict.WRONG_ANSWER is graded(when, f"text = '{'a' * 5000}c'").verdict


def test_a_huge_text_is_searched(graded):
    assert Verdict.PASSED is graded("keep_prob", "# " + "x" * 200_000 + "\nkeep_prob = 1").verdict


def test_a_pattern_is_not_asked_of_a_file_that_is_right_anyway(make, judge, monkeypatch):
    assignment = make("double")
    monkeypatch.setattr("grader.grading._is_found", lambda *_: pytest.fail("it was asked"))
    assert judge(assignment, "def double(x): return x + x").is_full_score
