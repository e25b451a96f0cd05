"""`grader assignment calibrate` shows errors beside tolerances, and refuses with status 1."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def calibrate(call, small, tier_or_reason, require):
    """A function that calibrates the small assignment with two seeds."""
    require(not tier_or_reason.startswith("no tier"), tier_or_reason)

    def calibrate(*options, status=0):
        return call("assignment", "calibrate", small, "--seeds", 2, *options, status=status).stdout

    return calibrate


def test_a_table_of_checks_has_a_head_and_a_last_word(calibrate):
    head, double, shift, last = calibrate().splitlines()
    assert ["check", "median", "99", "%", "worst", "rtol", "enough"] == head.split()[:7]
    assert ["double", "0", "0", "0", "usual", "1e-12"] == double.split()[:6]
    assert "shift" == shift.split()[0]
    assert "Every right program passes every check in every run." == last


def test_what_a_right_submission_fails_is_refused(calibrate, small):
    passed = small / "submissions" / "passed"
    passed.mkdir(parents=True)
    (passed / "odd.py").write_text(
        "def double(x): return 2 * x\ndef shift(x): return x + 1.00004\n"
    )
    told = json.loads(calibrate("--json", status=1))
    assert not told["holds"]
    double, shift = told["checks"]
    assert (True, []) == (double["holds"], double["problems"])
    assert double["runs"] == double["passed"]
    assert shift["passed"] == shift["runs"] - 2
    [problem] = shift["problems"]
    assert "checks.shift: submissions/passed/odd.py fails it with --seed 0" in problem
    assert 1e-6 < shift["relative_error"]["max"] < 1e-3
    assert 10 * shift["relative_error"]["max"] <= shift["proposed_rtol"]
