"""Every hostile program is contained, gets no point that it has not earned, and harms nobody.

A folder holds `program.py`, put after the right solution so that it replaces what it attacks, and
`expect.toml`: what it attempts, and the verdict of each check that is not passed all the same.
Where a tier differs there is a table of its name.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from grader.errors import GraderError
from grader.expected import expected_values
from grader.grading import grade
from grader.intake import Upload, accept_uploads
from grader.report import RunStatus, Verdict
from grader.sandbox.pool import Slot
from grader.sandbox.selftest import assert_confines
from grader.sandbox.tiers import CONFINING, Tier
from grader.spec import load_assignment

HERE = Path(__file__).parent
PROGRAMS = sorted(folder.parent for folder in HERE.glob("*/program.py"))
SEED = 11


@pytest.fixture(scope="session")
def assignment():
    return load_assignment(HERE / "assignment")


@pytest.fixture(scope="session")
def benches(assignment, tmp_path_factory):
    """A function that returns a tier's warm slot and its expected values, or why there is none."""
    opened, kept = {}, tmp_path_factory.mktemp("expected")

    def open_bench(tier):
        if tier not in opened:
            try:
                assert_confines(tier)
            except GraderError as error:
                opened[tier] = str(error)
            else:
                slot = Slot(tier)
                source = expected_values(assignment, slot, kept)
                opened[tier] = (slot, source, source.__enter__())
        return opened[tier]

    yield open_bench
    for bench in opened.values():
        if not isinstance(bench, str):
            bench[1].__exit__(None, None, None)
            bench[0].close()


@pytest.fixture(params=CONFINING)
def judge(request, assignment, benches, require):
    """A function that grades a text in one of the tiers."""
    bench = benches(request.param)
    require(not isinstance(bench, str), f"no tier {request.param}: {bench}")
    slot, _, expected = bench

    def run(text):
        submitted = accept_uploads([Upload("solution.py", text.encode())], assignment.spec.files)
        return grade(assignment, submitted, slot, expected, seed=SEED)

    run.tier = request.param
    return run


@pytest.mark.parametrize("folder", PROGRAMS, ids=lambda folder: folder.name)
def test_it_is_contained_and_gets_what_it_has_earned(judge, assignment, folder):
    expect = tomllib.loads((folder / "expect.toml").read_text())
    honest = assignment.solution["solution.py"]
    wanted = expect.get(judge.tier, expect)["verdicts"]
    report = judge(f"{honest}\n\n{(folder / 'program.py').read_text()}")
    got = {result.check: result.judgement.verdict for result in report.results}
    rest = wanted.get("rest", "passed")
    expected = {check.id: Verdict(wanted.get(check.id, rest)) for check in assignment.spec.checks}
    assert expected == got, {r.check: r.judgement.message for r in report.results}
    assert RunStatus.GRADED is report.status
    assert list(expected.values()).count(Verdict.PASSED) == report.score

    afterwards = judge(honest)
    assert afterwards.is_full_score, [result.judgement for result in afterwards.results]


def test_there_is_a_program_for_each_of_the_attacks():
    assert len(PROGRAMS) >= 100


@pytest.mark.parametrize("folder", PROGRAMS, ids=lambda folder: folder.name)
def test_it_says_what_it_attempts(folder):
    expect = tomllib.loads((folder / "expect.toml").read_text())
    assert {"attempts", "verdicts"} <= set(expect) <= {"attempts", "verdicts", *Tier}
    assert expect["attempts"].endswith(".")
