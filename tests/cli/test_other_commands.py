"""`list`, `validate`, `doctor`, and the help."""

from __future__ import annotations

import json

import pytest

from grader.sandbox.delegation import find_homes


def test_list_names_the_assignments_of_the_pack(run):
    completed = run("assignment", "list")
    assert 0 == completed.returncode
    assert "mlp-backprop" in completed.stdout
    [entry, *_] = json.loads(run("assignment", "list", "--json").stdout)
    assert {"assignment", "title", "files", "checks", "points", "digest"} == set(entry)


def test_an_assignment_that_holds_is_status_0(run, small):
    (small / "starter.py").write_text("def double(x): pass\ndef shift(x): pass\n")
    wrong = "# fails: double\n# diagnosis: not_implemented\n"
    passed = small / "submissions" / "passed"
    passed.mkdir(parents=True)
    (passed / "other.py").write_text("def double(x): return x + x\ndef shift(x): return 1 + x\n")
    text = wrong + "def double(x): pass\ndef shift(x): return x + 1\n"
    (small / "submissions" / "forgotten.py").write_text(text)
    completed = run("assignment", "validate", small, "--json")
    assert 0 == completed.returncode, completed.stdout
    told = json.loads(completed.stdout)
    assert told["holds"] is True
    names = [finding["name"] for finding in told["findings"]]
    submissions = ["starter", "forgotten", "passed/other"]
    runs = ["", ", again", ", seed 1", ", BLAS kernel"]
    rows = ["headroom", "hidden values", *submissions, "checks", "mutants"]
    assert [*(f"solution{run}" for run in runs), *rows] == names


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("starter.py", "def double(x): return 2 * x\ndef shift(x): pass\n", "without any work"),
        (
            "submissions/wrong.py",
            "# fails: double\ndef double(x): return 2 * x\ndef shift(x): return x + 1\n",
            "double passes and must fail",
        ),
        (
            "submissions/wrong.py",
            "# fails: double\ndef double(x): return x\ndef shift(x): return x\n",
            "shift fails and is not named",
        ),
        (
            "submissions/wrong.py",
            "# fails: double\n# diagnosis: transposed\ndef double(x): return x\n"
            "def shift(x): return x + 1\n",
            "the diagnosis transposed was not made",
        ),
        ("submissions/passed/right.py", "def double(x): return 2 * x\n", "shift"),
    ],
    ids=["starter", "passes", "unnamed", "diagnosis", "right one"],
)
def test_an_assignment_that_does_not_hold_is_status_1_and_says_why(run, small, name, text, said):
    path = small / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    completed = run("assignment", "validate", small)
    assert 1 == completed.returncode
    assert "WRONG" in completed.stdout
    assert said in completed.stdout
    assert "" == completed.stderr


def test_a_folder_that_is_no_assignment_is_status_2(run, tmp_path, refused):
    refused(run("assignment", "validate", tmp_path), "assignment.toml")


def test_doctor_says_what_each_tier_is_worth_and_what_limits_a_jail(run, tier_or_reason):
    completed = run("doctor", "--json")
    assert 0 == completed.returncode
    found = {entry["what"]: entry for entry in json.loads(completed.stdout)}
    assert found[f"tier {tier_or_reason}"]["ok"] is True
    assert {"Python", "numpy", "kernel", "bubblewrap", "user", "cache"} <= set(found)
    controllers = {name for home in find_homes() for name in home.controllers}
    assert found["cgroup"]["ok"] is (True if controllers else None)
    said = [f"{name} (v" for name in controllers] or ["Delegate=yes"]
    assert all(words in found["cgroup"]["found"] for words in said)


def test_doctor_without_bubblewrap_says_how_to_get_it(run, tmp_path):
    completed = run("doctor", PATH=str(tmp_path))
    assert "sudo apt install bubblewrap" in completed.stdout
    assert "Traceback" not in completed.stderr


@pytest.mark.parametrize("arguments", [("--help",), ("check", "--help"), ("assignment", "--help")])
def test_help_is_shown_and_status_0(run, arguments):
    completed = run(*arguments)
    assert (0, "") == (completed.returncode, completed.stderr)
    assert completed.stdout.lstrip().startswith("Usage: grader")
