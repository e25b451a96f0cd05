"""From a lock file to a graded submission, by the commands that people type."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.environments import read_lock
from grader.queue.validation import validate_folder
from grader.sandbox.pool import Slot
from grader.sandbox.tiers import Tier
from tests.environments.conftest import SOLUTION, TOML
from tests.environments.wheels import TIDY, lock_line, make_wheel

BUILD = "run `grader environment build"


@pytest.fixture
def small(index, write) -> Path:
    """An assignment whose lock names the package `tidy`, and one that nobody may import."""
    line = make_wheel(index, "other", {"other.py": "SECRET = 1\n"})
    folder: Path = write(make_wheel(index, "tidy", TIDY) + line)
    return folder


@pytest.fixture
def submission(tmp_path: Path):
    """A function that writes what a student hands in."""

    def write(text: str) -> Path:
        path = tmp_path / "handed_in.py"
        path.write_text(text)
        return path

    return write


def test_built_once_it_serves_those_who_may_import_it(call, small, submission, monkeypatch):
    # What a tier confines is not the question here, and finding it out takes seconds.
    monkeypatch.setattr("grader.cli.doctor.assert_confines", lambda *_: None)
    built = call("environment", "build", small)
    assert 0 == built.status, built
    assert "small: environment " in built.out
    assert "(other 1.0, tidy 1.0; " in built.out

    right = call("check", small, submission(SOLUTION), "--json")
    assert 0 == right.status, right
    told = json.loads(right.out)["extra_data"]["environment"]
    assert ["other 1.0", "tidy 1.0"] == told["packages"]

    wrong = call("check", small, submission("import other\ndef double(x): return other.SECRET * x"))
    assert 1 == wrong.status
    assert "`import other`: this assignment allows numpy, tidy and the standard lib" in wrong.out
    assert 0 == call("assignment", "validate", small).status

    again = call("environment", "build", small)
    assert (0, True) == (again.status, "was there already, and works" in again.out)

    [entry] = json.loads(call("environment", "list", "--json").out)
    assert {"other": "1.0", "tidy": "1.0"} == entry["packages"]
    findings = {one["what"]: one for one in json.loads(call("doctor", "--json").out)}
    shown = findings[f"environment {entry['digest'][:12]}"]
    assert shown["ok"] is True
    assert shown["found"].startswith("other 1.0, tidy 1.0; ")

    assert 0 == call("environment", "remove", entry["digest"][:8]).status
    assert [] == json.loads(call("environment", "list", "--json").out)
    assert 3 == call("check", small, submission(SOLUTION)).status


def test_where_it_is_missing_that_is_our_failure_and_no_zero(call, small, submission):
    told = call("check", small, submission(SOLUTION), "--json")
    assert (3, "") == (told.status, told.out)
    assert "is not built on this machine" in told.line
    assert f"{BUILD} {small}`" in told.line


def test_an_author_who_has_not_built_it_is_told_how(call, small):
    told = call("assignment", "validate", small)
    assert (2, "") == (told.status, told.out)
    assert f"{BUILD} {small}`" in told.line


def test_a_worker_does_not_build_it_for_a_validation_either(confined, small, tmp_path):
    del confined
    with Slot(Tier.NONE, environments=tmp_path / "environments") as slot:
        outcome = validate_folder(small, slot, None, 1)
    assert not outcome.holds
    assert f"{BUILD} small`" in outcome.error
    assert not (tmp_path / "environments").exists()


def test_a_tampered_package_is_refused_in_one_line(call, index, small):
    make_wheel(index, "tidy", {**TIDY, "tidy/more.py": "FACTOR = 4\n"})
    told = call("environment", "build", small)
    assert (2, "") == (told.status, told.out)
    assert "requirements.lock: a package is not the one whose hash the file names" in told.line


def test_a_package_that_does_not_work_in_a_jail_is_not_built(call, index, write):
    files = {"tidy.py": "import a_library_of_another_system\n"}
    told = call("environment", "build", write(make_wheel(index, "tidy", files)))
    assert 3 == told.status
    assert "a_library_of_another_system" in told.line
    assert [] == json.loads(call("environment", "list", "--json").out)
    assert call("environment", "list").out.startswith("No environment is built")


def test_an_assignment_without_environment_has_nothing_to_build(call, write):
    toml = TOML.replace('[environment]\nrequirements = "requirements.lock"\n', "")
    told = call("environment", "build", write("", toml=toml))
    assert (2, True) == (told.status, "has no [environment]" in told.line)


@pytest.mark.parametrize("name", ["nothing-of-this-name", "missing/folder"])
def test_an_unknown_assignment_is_one_line(call, name):
    told = call("environment", "build", name)
    assert (2, True) == (told.status, f"there is no assignment {name!r}" in told.line)


@pytest.mark.parametrize("digest", ["", "abc", ".."])
def test_an_unknown_environment_is_one_line(call, digest):
    told = call("environment", "remove", digest)
    assert (2, True) == (told.status, f"no environment begins with {digest!r}" in told.line)


def test_what_a_course_needs_is_built_by_its_name_and_not_removed(call, small, data_dir):
    assert 0 == call("course", "add", "ml-2026", "--timezone", "Europe/Berlin").status
    publish = ("assignment", "publish", small, "--course", "ml-2026")
    refused = call(*publish)
    assert 1 == refused.status
    assert f"{BUILD} small`" in refused.out

    assert 0 == call("environment", "build", small).status
    published = call(*publish)
    assert 0 == published.status, published
    digest = read_lock((small / "requirements.lock").read_bytes(), small).digest
    kept = call("environment", "remove", digest)
    assert (2, True) == (kept.status, "assignment small needs the environment" in kept.line)

    # On another machine with the same database there is neither the folder nor what was built.
    shutil.rmtree(small)
    place = data_dir / "environments" / digest
    place.chmod(0o755)
    place.rename(data_dir / "gone")
    built = call("environment", "build", "small")
    assert 0 == built.status, built
    assert (place / "site" / "tidy").is_dir()


@pytest.mark.slow
def test_a_package_of_the_index_is_built_and_used(call, write, submission, tmp_path, require):
    """As configured on this machine, with its network."""
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:"]
    wheels = tmp_path / "wheels"
    ended = subprocess.run([*command, "-d", wheels, "narwhals"], capture_output=True, check=False)
    require(ended.returncode == 0, "no package index can be reached")
    [wheel] = wheels.iterdir()
    name, version = wheel.name.split("-")[:2]
    lock = lock_line(wheel, name, version)
    small = write(lock, toml=TOML.replace("tidy", "narwhals"))
    solution = "import narwhals\ndef double(x): return 2 * x if narwhals.__version__ else x\n"
    (small / "solution.py").write_text(solution)
    built = call("environment", "build", small)
    assert 0 == built.status, built
    assert f"narwhals {version}" in built.out
    assert 0 == call("check", small, submission(solution)).status
