"""Chance in real programs: what is named, and what costs nothing."""

from __future__ import annotations

import pytest

from grader.report import Verdict
from grader.spec import load_assignment

SOLUTION = """
import numpy as np
def noisy(x): return x + np.random.rand(*x.shape)
def given(x, rng): return x + rng.normal(size=x.shape)
def plain(x): return 2 * x
"""
TOML = """
title = "T"
limits = {cpu_time = "0.3s"}
[inputs.batch]
x = {normal = [3]}
[[checks]]
id = "noisy"
kind = "output"
inputs = "batch"
run = "y = noisy(x)"
compare = ["y"]
[[checks]]
id = "given"
kind = "output"
inputs = "batch"
run = "y = given(x, np.random.default_rng(3))"
compare = ["y"]
[[checks]]
id = "plain"
kind = "output"
inputs = "batch"
run = "y = plain(x)"
compare = ["y"]
"""


@pytest.fixture
def graded(tmp_path, judge):
    """A function that grades the solution with some functions written anew."""
    (tmp_path / "assignment.toml").write_text(TOML)
    (tmp_path / "solution.py").write_text(SOLUTION)
    assignment = load_assignment(tmp_path)

    def grade(text):
        report = judge(assignment, f"{SOLUTION}\n{text}\n")
        return {one.check: one.judgement for one in report.results}

    return grade


def test_the_solution_is_deterministic(graded):
    assert {(Verdict.PASSED, ())} == {(one.verdict, one.notes) for one in graded("").values()}


@pytest.mark.parametrize(
    ("check", "text", "code"),
    [
        ("noisy", "def noisy(x): return x + np.random.default_rng().random(x.shape)",
         "nondeterministic"),
        ("noisy", "import os\ndef noisy(x): return x + os.urandom(1)[0]", "nondeterministic"),
        ("plain", "import time\ndef plain(x): return x + time.perf_counter_ns() % 1000",
         "nondeterministic"),
        ("plain", "def plain(x, seen=[]):\n    seen.append(1)\n    return x * (2 + len(seen))",
         "nondeterministic"),
        ("plain", "rng = np.random.default_rng(0)\ndef plain(x): return x + rng.random()",
         "nondeterministic"),
        ("noisy", "def noisy(x):\n    np.random.seed(0)\n    return x + np.random.rand(*x.shape)",
         "own_seed"),
        ("noisy", "def noisy(x): return x + np.random.RandomState(1).rand(*x.shape)", "own_seed"),
        ("given", "def given(x, rng): return x + np.random.normal(size=x.shape)",
         "other_generator"),
        ("plain", "def plain(x): return 2 * x + 1e-3 * np.random.normal()", "other_generator"),
    ],
)  # fmt: skip
def test_a_part_that_chance_has_in_a_wrong_answer_is_named(graded, check, text, code):
    judgements = graded(text)
    judgement = judgements.pop(check)
    assert Verdict.WRONG_ANSWER is judgement.verdict
    assert code == judgement.diagnosis[0].code
    assert {Verdict.PASSED} == {one.verdict for one in judgements.values()}


def test_a_seed_of_the_students_own_where_nothing_is_drawn_costs_nothing(graded):
    judgements = graded("def plain(x):\n    np.random.seed(0)\n    return x + x")
    assert (Verdict.PASSED, ()) == (judgements["plain"].verdict, judgements["plain"].notes)


def test_what_is_kept_from_call_to_call_costs_no_right_answer_its_points(graded):
    text = "n = [0]\ndef plain(x):\n    n[0] += 1\n    return 2 * x if n[0] == 1 else 3 * x\n"
    text += "def noisy(x): return x + np.random.rand(*x.shape)"
    judgement = graded(text)["plain"]
    assert (Verdict.PASSED, ("nondeterministic",)) == (judgement.verdict, judgement.notes)


def test_a_second_run_that_never_ends_changes_nothing(graded):
    text = "n = [0]\ndef plain(x):\n    n[0] += 1\n    while n[0] > 1: pass\n    return 3 * x\n"
    assert Verdict.WRONG_ANSWER is graded(text)["plain"].verdict


@pytest.mark.parametrize("factor", [2, 3])
def test_what_a_second_run_prints_is_not_told(tmp_path, judge, factor):
    (tmp_path / "assignment.toml").write_text(TOML)
    (tmp_path / "solution.py").write_text(SOLUTION)
    text = f"{SOLUTION}\ndef plain(x):\n    print('once')\n    return {factor} * x\n"
    report = judge(load_assignment(tmp_path), text)
    assert ["", "", "once\n"] == [one.output for one in report.results]
