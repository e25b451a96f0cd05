"""`grader check`: exit status, results.json, options."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from grader.sandbox.tiers import CONFINING

WRONG = "def double(x):\n    print('here')\n    return x\n\n\ndef shift(x):\n    return x + 1\n"


def results(completed: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """Return results.json, where it is all there is on stdout."""
    parsed = json.loads(completed.stdout, parse_constant=pytest.fail)
    assert isinstance(parsed, dict)
    return parsed


def test_full_score_is_status_0_and_valid_results(run, small):
    completed = run("check", small, small / "solution.py", "--json")
    assert (0, "") == (completed.returncode, completed.stderr)
    told = results(completed)
    assert {
        "score", "max_score", "execution_time", "output", "visibility", "tests", "leaderboard",
        "extra_data",
    } == set(told)  # fmt: skip
    assert 3 == told["score"] == told["max_score"]
    for test in told["tests"]:
        assert {
            "name", "number", "score", "max_score", "status", "output", "output_format",
            "visibility", "tags", "extra_data",
        } == set(test)  # fmt: skip
        assert "passed" == test["status"] == test["extra_data"]["verdict"]
    assert ["visible", "hidden"] == [test["visibility"] for test in told["tests"]]
    assert {"assignment", "assignment_digest", "grader_version", "sandbox_tier", "seed",
            "environment"} <= set(told["extra_data"])  # fmt: skip


def test_less_than_full_score_is_status_1(run, small, write):
    completed = run("check", small, write(WRONG), "--json")
    assert (1, "") == (completed.returncode, completed.stderr)
    told = results(completed)
    assert (1, 3) == (told["score"], told["max_score"])
    assert ["failed", "passed"] == [test["status"] for test in told["tests"]]


def test_a_file_that_does_not_parse_is_graded_and_status_1(run, small, write):
    completed = run("check", small, write("def double(x:\n"), "--json")
    assert 1 == completed.returncode
    told = results(completed)
    assert ["exception"] * 2 == [test["extra_data"]["verdict"] for test in told["tests"]]
    assert all("line 1" in test["output"] for test in told["tests"])


def test_without_a_terminal_the_lines_are_plain(run, small, write):
    completed = run("check", small, write(WRONG))
    assert 1 == completed.returncode
    assert "\x1b" not in completed.stdout
    first, second, *rest = completed.stdout.splitlines()
    assert first.split()[:3] == ["wrong_answer", "0/2", "double"]
    assert second.split()[:3] == ["passed", "1/1", "shift"]
    assert "1 of 2 passed. Score 1 of 3." == rest[-1]
    assert "here" in completed.stdout
    assert "" == completed.stderr


def test_visible_shows_what_a_student_may_see(run, small, write):
    completed = run("check", small, write(WRONG), "--visible", "--json")
    assert "shift" not in completed.stdout
    told = results(completed)
    assert (0, 2, None) == (told["score"], told["max_score"], told["extra_data"]["seed"])
    assert 1 == told["extra_data"]["n_hidden"]


def test_one_check_alone_has_its_own_points(run, small, write):
    completed = run("check", small, write(WRONG), "--check", "shift", "--json")
    assert 0 == completed.returncode
    told = results(completed)
    assert (1, 1) == (told["score"], told["max_score"])


def test_a_seed_makes_the_numbers_again(run, small, write):
    text = WRONG.replace("'here'", "x")
    first, again, other = (
        results(run("check", small, write(text), "--seed", seed, "--json")) for seed in (5, 5, 6)
    )
    assert 5 == first["extra_data"]["seed"]
    assert first["tests"][0]["output"] == again["tests"][0]["output"]
    assert first["tests"][0]["output"] != other["tests"][0]["output"]


@pytest.mark.parametrize("tier", CONFINING)
def test_a_tier_can_be_chosen(run, small, tier, require):
    completed = run("check", small, small / "solution.py", "--json", "--tier", tier)
    require(completed.returncode != 3, f"no tier {tier}: {completed.stderr}")
    assert tier == results(completed)["extra_data"]["sandbox_tier"]


def test_without_bubblewrap_on_path_the_other_tier_is_taken(run, small, tmp_path, require):
    completed = run("check", small, small / "solution.py", "--json", PATH=str(tmp_path))
    require(completed.returncode != 3, completed.stderr)
    assert "landlock" == results(completed)["extra_data"]["sandbox_tier"]


def test_an_author_may_run_code_of_his_own_without_a_sandbox(run, small):
    own = small / "solution.py"
    completed = run("check", small, own, "--json", "--unsafe-no-sandbox")
    assert 0 == completed.returncode
    assert "NO SANDBOX" in completed.stderr
    assert "none" == results(completed)["extra_data"]["sandbox_tier"]
    completed = run("assignment", "validate", small, "--unsafe-no-sandbox")
    assert "NO SANDBOX" in completed.stderr


@pytest.mark.parametrize(
    ("arguments", "variables", "status"),
    [
        (("up", "--unsafe-no-sandbox"), {}, 2),
        (("up",), {"GRADER_SANDBOX_TIER": "none"}, 3),
        (("check", "x", "y.py", "--tier", "none"), {}, 2),
    ],
)
def test_no_setting_and_no_service_does_without_a_sandbox(run, arguments, variables, status):
    completed = run(*arguments, **variables)
    assert status == completed.returncode
    assert "Traceback" not in completed.stderr


def test_a_worker_does_not_start_without_a_sandbox(environment):
    completed = subprocess.run(
        [sys.executable, "-m", "celery", "-A", "grader.queue", "worker"],
        env={**environment, "GRADER_SANDBOX_TIER": "none"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert completed.returncode
    assert "auto, namespaces, landlock" in completed.stderr


def test_an_assignment_of_the_pack_goes_by_its_slug(run):
    path = "assignments/mlp-backprop/solution.py"
    completed = run("check", "mlp-backprop", path, "--json")
    assert 0 == completed.returncode, completed.stderr
    told = results(completed)
    assert told["score"] == told["max_score"]


def test_notebooks_and_archives_are_taken(run, small, write):
    import io
    import zipfile

    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("work/solution.py", (small / "solution.py").read_text())
    assert 0 == run("check", small, write(archive.getvalue(), "work.zip")).returncode
    cell: dict[str, Any] = {
        "cell_type": "code",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
        "id": "a",
    }
    source = "%matplotlib inline\n" + (small / "solution.py").read_text()
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}}
    text = json.dumps({**notebook, "cells": [{**cell, "source": source}]})
    assert 0 == run("check", small, write(text, "solution.ipynb")).returncode


def test_an_endless_loop_ends_in_time_and_the_rest_is_graded(run, small, write):
    text = "def double(x):\n    while True: pass\ndef shift(x): return x + 1\n"
    completed = run("check", small, write(text), "--json")
    assert 1 == completed.returncode
    verdicts = [test["extra_data"]["verdict"] for test in results(completed)["tests"]]
    assert ["time_limit", "passed"] == verdicts


@pytest.mark.parametrize("home", ["/proc", "", None], ids=["read-only", "empty", "missing"])
def test_without_a_home_it_works_and_keeps_nothing(run, small, home):
    completed = run("check", small, small / "solution.py", HOME=home, GRADER_CACHE_DIR=None)
    assert (0, "") == (completed.returncode, completed.stderr)
