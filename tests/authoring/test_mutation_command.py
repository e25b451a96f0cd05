"""`grader assignment mutate`: what it prints, its exit status, and what it keeps."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from grader.authoring.mutation.mutating import keep
from grader.authoring.mutation.mutators.operators import OPERATORS
from grader.authoring.mutation.results import Judged, MutationResult, State
from grader.cli.app import main
from grader.errors import GraderError
from grader.sandbox.selftest import select_tier
from grader.sandbox.tiers import CONFINING
from grader.spec import load_assignment

TOML = """\
title = "Sums"
[[checks]]
id = "double"
kind = "output"
inputs = {x = {normal = [4]}}
run = "y = double(x)"
compare = ["y"]
"""
SOLUTION = "def double(x):\n    return 2 * x\n"


@pytest.fixture(scope="module")
def cache_dir(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "assignment.toml").write_text(TOML)
    (tmp_path / "solution.py").write_text(SOLUTION)
    return tmp_path


@pytest.fixture
def call(cache_dir, folder, monkeypatch, capsys):
    """A function that runs the command on the folder; returns status, stdout and stderr."""
    for name in [name for name in os.environ if name.startswith("GRADER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GRADER_CACHE_DIR", str(cache_dir))

    def call(*options):
        status = main(["assignment", "mutate", str(folder), *map(str, options)])
        return (status, *capsys.readouterr())

    return call


@pytest.fixture
def keep_result(cache_dir, folder):
    """A function that keeps a run with so many killed mutants, and these besides."""

    def keep_result(n_killed, *others):
        killed = (
            Judged(f"double:sign:{n:04}", "sign", "double", 2, "x", "-x", State.KILLED, ("double",))
            for n in range(n_killed)
        )
        digest = load_assignment(folder).digest
        keep(MutationResult(digest, 0, ("double",), (*killed, *others)), cache_dir)

    return keep_result


SURVIVOR = Judged(
    "double:factor:abcd", "factor", "double", 2, "2 * x", "x", State.SURVIVED, suggestion="look"
)


def test_mutants_are_judged_and_told(call, cache_dir, require):
    try:
        select_tier(CONFINING, cache_dir)
    except GraderError as error:
        require(False, str(error))
    status, stdout, stderr = call("--fresh", "--json")
    told = json.loads(stdout)
    assert (1, "") == (status, stderr)
    assert (False, 1.0) == (told["holds"], told["score"]), "all are killed, and they are few"
    assert {"x", "2", "2 / x", "4 * x"} <= {one["after"] for one in told["mutants"]}
    assert told["active"] == told["checks"][0]["killed"] == told["checks"][0]["alone"]
    wanted = next(one["id"] for one in told["mutants"] if one["after"] == "2 / x")
    status, stdout, _ = call("--only", wanted)
    assert 0 == status
    assert "-    return 2 * x" in stdout
    assert "+    return 2 / x" in stdout
    assert f"{wanted} is found by double." in stdout
    status, stdout, stderr = call("--only", "double:sign:0000")
    assert (2, "") == (status, stdout)
    assert "has no mutant 'double:sign:0000'" in stderr
    assert 1 == stderr.count("\n")


def test_enough_mutants_that_are_all_found_hold(call, keep_result):
    keep_result(60)
    status, stdout, _ = call()
    assert 0 == status
    assert "60 mutants of 1 families: 60 found, 0 survive, 0 equivalent." in stdout
    assert "Score 100.0% of 60 active; 95% is asked for." in stdout
    keep_result(59)
    status, stdout, _ = call()
    assert 1 == status
    assert "Fewer than 60 are active" in stdout


def test_a_survivor_must_be_explained(call, keep_result, folder):
    keep_result(60, SURVIVOR)
    status, stdout, _ = call()
    assert 1 == status
    assert "SURVIVES: double:factor:abcd, line 2\n  2 * x -> x\n  look\n" in stdout
    status, stdout, _ = call("--write")
    assert 1 == status
    assert "MUTANTS.md:6: double:factor:abcd has no reason" in stdout
    path = folder / "MUTANTS.md"
    path.write_text(path.read_text().replace("TODO", "as the handout says"))
    status, stdout, _ = call()
    assert 0 == status
    assert "accepted: double:factor:abcd" in stdout
    assert 1 == call("--at-least", 0.99)[0], "an accepted survivor is a survivor"


def test_an_entry_of_a_mutant_that_is_found_does_not_hold(call, keep_result, folder):
    keep_result(60)
    (folder / "MUTANTS.md").write_text("- `double:sign:0001` (line 2): because\n")
    status, stdout, _ = call("--json")
    assert 1 == status
    [problem] = json.loads(stdout)["problems"]
    assert "MUTANTS.md:1: double:sign:0001 does not survive, a check finds it" in problem


def test_a_wrong_folder_is_one_line_and_status_2(call, folder):
    (folder / "solution.py").unlink()
    status, stdout, stderr = call()
    assert (2, "") == (status, stdout)
    assert "solution.py: is missing; write the author's solution\n" in stderr


def test_the_manual_lists_every_family_as_the_code_does():
    manual = (Path(__file__).parents[2] / "docs" / "mutation.md").read_text("utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \| (.*) \|$", manual, re.MULTILINE)
    assert OPERATORS == dict(rows)
