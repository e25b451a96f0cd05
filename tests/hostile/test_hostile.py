"""Every hostile program is contained, gets no point that it has not earned, and harms nobody.

A folder holds `program.py`, put after the right solution so that it replaces what it attacks, and
`expect.toml`: what it attempts, and the verdict of each check that is not passed all the same.
Where a tier differs there is a table of its name.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from grader.report import RunStatus, Verdict
from grader.sandbox.tiers import CONFINING

HERE = Path(__file__).parent
PROGRAMS = sorted(folder.parent.name for folder in HERE.glob("*/program.py"))


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_is_contained_and_gets_what_it_has_earned(
    name, tier, bench, assignment, hostile_text, expected_verdicts, hand_in
):
    wanted = expected_verdicts(name, tier)
    report = hand_in(hostile_text(name), *bench(tier))
    got = {result.check: result.judgement.verdict for result in report.results}
    checks = [check.id for check in assignment.spec.checks]
    expected = {check: Verdict(wanted.get(check, wanted["rest"])) for check in checks}
    assert expected == got, {r.check: r.judgement.message for r in report.results}
    assert RunStatus.GRADED is report.status
    assert list(expected.values()).count(Verdict.PASSED) == report.score

    afterwards = hand_in(assignment.solution["solution.py"], *bench(tier))
    assert afterwards.is_full_score, [result.judgement for result in afterwards.results]


def test_there_is_a_program_for_each_of_the_attacks():
    assert len(PROGRAMS) >= 120


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_says_what_it_attempts(name):
    expect = tomllib.loads((HERE / name / "expect.toml").read_text())
    assert {"attempts", "verdicts"} <= set(expect) <= {"attempts", "verdicts", *CONFINING}
    assert expect["attempts"].endswith(".")


def test_the_table_of_attacks_names_every_program_and_no_other():
    table = (HERE / "README.md").read_text().partition("## What no program needed")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    assert PROGRAMS == sorted({name for row in rows for name in re.findall(r"`(\w+)`", row)})


def test_the_table_of_attacks_has_every_number():
    text = (HERE / "README.md").read_text()
    found = []
    for first, last in re.findall(r"^\| (\d+)(?:-(\d+))? ", text, re.MULTILINE):
        found += range(int(first), int(last or first) + 1)
    assert list(range(1, 95)) == found
