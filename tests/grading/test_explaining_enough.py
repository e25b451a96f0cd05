"""A validation needs no more explanations than the codes that a submission names."""

from __future__ import annotations

import pytest

from grader.expected import SolutionJail
from grader.grading import grade
from grader.intake import Upload, accept_uploads
from grader.report import Verdict
from grader.spec import load_assignment

CHECK = """
[[checks]]
id = "{id}"
kind = "output"
inputs = {{x = {{normal = [4, 3]}}, y = {{normal = [4, 3]}}}}
run = "a, b = {id}(x, y)"
compare = ["a", "b"]
"""
TOML = 'title = "T"\n' + CHECK.format(id="f") + CHECK.format(id="g")
SOLUTION = """
import numpy as np
def f(x, y):
    a = np.tanh(x) - y
    b = x.sum(axis=0)
    return a, b
def g(x, y):
    a = np.tanh(x) - y
    b = x.sum(axis=0)
    return a, b
"""


@pytest.fixture
def explained(tmp_path, slot):
    """Grades a program with the same mistake in two functions; returns what was found in each."""
    (tmp_path / "assignment.toml").write_text(TOML)
    (tmp_path / "solution.py").write_text(SOLUTION)
    assignment = load_assignment(tmp_path)
    wrong = SOLUTION.replace("- y", "+ y")
    submitted = accept_uploads([Upload("solution.py", wrong.encode())], assignment.spec.files)

    def explained(codes):
        jail = SolutionJail(assignment, slot)
        report = grade(assignment, submitted, slot, jail, seed=1, explains_until=codes)
        jail.close()
        assert {Verdict.WRONG_ANSWER} == {one.judgement.verdict for one in report.results}
        # Only who looks for edits of the program knows their lines.
        return [
            [one.code for one in result.judgement.diagnosis if "line" in one.where]
            for result in report.results
        ]

    return explained


def test_all_mistakes_are_searched_where_nothing_is_said(explained):
    assert [["sign_flipped"], ["sign_flipped"]] == explained(None)


def test_no_mistake_is_searched_where_none_is_asked_for(explained):
    assert [[], []] == explained(())


def test_the_search_ends_with_the_mistake_that_is_asked_for(explained):
    assert [["sign_flipped"], []] == explained(("sign_flipped",))


def test_what_no_check_shows_is_searched_in_all_of_them(explained):
    assert explained(None) == explained(("time_step",))


def test_a_verdict_counts_as_what_is_asked_for(explained):
    assert [["sign_flipped"], []] == explained(("wrong_answer",))
