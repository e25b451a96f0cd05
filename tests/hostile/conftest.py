"""The assignment that hostile programs are handed in for, and the means to grade them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from grader.errors import GraderError
from grader.expected import expected_values
from grader.grading import grade
from grader.intake import Upload, accept_uploads
from grader.sandbox.pool import Slot
from grader.sandbox.selftest import assert_confines
from grader.sandbox.tiers import CONFINING, Tier
from grader.spec import load_assignment

HERE = Path(__file__).parent
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


@pytest.fixture
def bench(benches, require):
    """A function that returns a tier's warm slot and its expected values."""

    def open_bench(tier):
        opened = benches(tier)
        require(not isinstance(opened, str), f"no tier {tier}: {opened}")
        return opened[0], opened[2]

    return open_bench


@pytest.fixture(params=CONFINING)
def tier(request):
    return Tier(request.param)


@pytest.fixture(scope="session")
def hostile_text(assignment):
    """A function that returns what is handed in: the right solution, then a hostile program."""
    honest = assignment.solution["solution.py"]

    def read(name):
        return f"{honest}\n\n{(HERE / name / 'program.py').read_text()}"

    return read


@pytest.fixture(scope="session")
def expected_verdicts():
    """A function that returns a program's verdicts of a tier; `rest` is that of any other check."""

    def read(name, tier):
        expect = tomllib.loads((HERE / name / "expect.toml").read_text())
        return {"rest": "passed", **expect.get(tier, expect)["verdicts"]}

    return read


@pytest.fixture(scope="session")
def hand_in(assignment):
    """A function that grades a text in a slot."""

    def run(text, slot, expected, assignment=assignment, only=None):
        submitted = accept_uploads([Upload("solution.py", text.encode())], assignment.spec.files)
        return grade(
            assignment, submitted, slot, expected, seed=SEED, only=only, is_explained=False
        )

    return run
