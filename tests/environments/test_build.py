"""An environment is there whole and unchangeable, or not at all; a package's code never runs."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from grader.environments import find_built, find_packages, list_built, read_lock
from grader.environments.build import build
from grader.environments.shelf import UNFINISHED
from grader.errors import GraderError, OperationError, SpecError
from grader.spec import load_assignment
from tests.environments.wheels import TIDY, make_source, make_wheel

FILE = Path("requirements.lock")
ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path, index) -> Path:
    """Where what is built is kept; packages come from `index` alone."""
    del index
    return tmp_path / "environments"


def lock_of(text: str):
    return read_lock(text.encode(), FILE)


def refused(text: str, folder: Path) -> GraderError:
    """Return the one line with which a lock file is refused; nothing is left of it."""
    with pytest.raises(GraderError) as told:
        build(lock_of(text), folder, file=FILE)
    assert "\n" not in str(told.value)
    assert [] == list_built(folder)
    assert [] == list(folder.glob(f"{UNFINISHED}*"))
    return told.value


def test_what_is_built_is_found_compiled_and_closed(index, folder):
    lock = lock_of(make_wheel(index, "tidy", TIDY))
    built = build(lock, folder, file=FILE)
    assert built == find_built(folder, lock.digest)
    assert [built] == list_built(folder)
    assert {"tidy": "1.0"} == built.packages
    assert TIDY["tidy/more.py"] == (built.site / "tidy" / "more.py").read_text()
    assert [] != list((built.site / "tidy" / "__pycache__").glob("more.*.pyc"))
    for path in [built.folder, *built.folder.rglob("*")]:
        assert (0o555 if path.is_dir() else 0o444) == stat.S_IMODE(path.stat().st_mode)
    assert {built.folder} == set(folder.iterdir())

    shutil.rmtree(index)
    assert built == build(lock, folder, file=FILE), "a second build installs something"


def test_what_a_machine_without_power_has_cut_off_is_built_again(index, folder):
    lock = lock_of(make_wheel(index, "tidy", TIDY))
    built = build(lock, folder, file=FILE)
    cut_off = built.site / "tidy" / "more.py"
    cut_off.chmod(0o644)
    cut_off.write_text("")
    build(lock, folder, file=FILE)
    assert TIDY["tidy/more.py"] == cut_off.read_text()


def test_of_two_builders_at_once_both_have_the_same(index, folder):
    lock = lock_of(make_wheel(index, "tidy", TIDY))
    both = threading.Barrier(2, timeout=60)
    found = []

    def wait(_: Path) -> None:
        both.wait()

    def run() -> None:
        found.append(build(lock, folder, file=FILE, try_out=wait))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [find_built(folder, lock.digest)] * 2 == found
    assert {lock.digest} == {path.name for path in folder.iterdir()}


KILLED = """
import pathlib, sys, time
from grader.environments import read_lock
from grader.environments.build import build
def stay(site):
    print("installed", flush=True)
    time.sleep(60)
file, folder = map(pathlib.Path, sys.argv[1:])
build(read_lock(file.read_bytes(), file), folder, file=file, try_out=stay)
"""


def test_of_a_builder_that_was_killed_nothing_is_used(index, folder, tmp_path):
    text = make_wheel(index, "tidy", TIDY)
    file = tmp_path / "requirements.lock"
    file.write_text(text)
    command = [sys.executable, "-c", KILLED, str(file), str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as builder:
        assert builder.stdout is not None
        assert b"installed\n" == builder.stdout.readline()
        builder.send_signal(signal.SIGKILL)
    [left] = folder.glob(f"{UNFINISHED}*")
    assert [] == list_built(folder)
    yesterday = time.time() - 25 * 3600
    os.utime(left, (yesterday, yesterday))
    built = build(lock_of(text), folder, file=FILE)
    assert {built.folder} == set(folder.iterdir())


def test_what_is_left_behind_is_not_found(index, folder):
    lock = lock_of(make_wheel(index, "tidy", TIDY))
    built = build(lock, folder, file=FILE)
    for path in (built.folder, built.folder / "environment.json"):
        path.chmod(0o755)
    for content in ("", "{}", "7", '{"packages": [], "size_bytes": 1, "built_at": "now"}'):
        (built.folder / "environment.json").write_text(content)
        assert find_built(folder, lock.digest) is None
    with pytest.raises(OperationError, match="remove what lies there"):
        build(lock, folder, file=FILE)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_what_another_user_could_have_put_there_is_not_believed(index, folder):
    lock = lock_of(make_wheel(index, "tidy", TIDY))
    built = build(lock, folder, file=FILE)
    os.chown(built.folder, 65533, 65533)
    assert find_built(folder, lock.digest) is None


def test_what_was_built_again_is_shown_to_new_zygotes_alone(index, folder, write):
    """One that shows a folder which was removed cannot read what it has not read yet."""
    line = make_wheel(index, "tidy", TIDY)
    assignment = load_assignment(write(line))
    first = build(lock_of(line), folder, file=FILE)
    before = find_packages(assignment, folder)
    assert before == find_packages(assignment, folder)
    first.folder.rename(folder / "kept")  # so that its number is not given away again
    build(lock_of(line), folder, file=FILE)
    again = find_packages(assignment, folder)
    assert before is not None
    assert again is not None
    assert (before.digest, before.preloaded) == (again.digest, again.preloaded)
    assert before != again


def test_another_hash_than_the_locked_one_is_refused(index, folder):
    line = make_wheel(index, "tidy", TIDY)
    make_wheel(index, "tidy", {**TIDY, "tidy/__init__.py": "def twice(x): return 3 * x\n"})
    error = refused(line, folder)
    assert isinstance(error, SpecError)
    assert "not the one whose hash the file names: tidy==1.0" in str(error)


def test_a_package_that_must_be_built_is_refused_and_its_code_does_not_run(index, folder, tmp_path):
    marker = tmp_path / "was run"
    setup = f"open({str(marker)!r}, 'w')\nfrom setuptools import setup\nsetup(name='tidy')\n"
    error = refused(make_source(index, "tidy", setup), folder)
    assert "there is no wheel for this Python and machine" in str(error)
    assert not marker.exists()


def test_a_lock_that_lacks_a_package_is_refused(index, folder):
    make_wheel(index, "other", {"other.py": ""})
    error = refused(make_wheel(index, "tidy", TIDY, requires=["other"]), folder)
    assert "it lacks a package that another one needs: other" in str(error)


def test_an_index_that_cannot_be_reached_is_our_failure(index, folder, monkeypatch):
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    line = make_wheel(index, "tidy", TIDY)
    (index / "tidy-1.0-py3-none-any.whl").unlink()
    error = refused(line, folder)
    assert 3 == error.exit_code
    assert "the package index cannot be reached" in str(error)


def test_a_machine_without_an_installer_is_told_what_to_install(index, folder, monkeypatch):
    monkeypatch.setattr("grader.environments.build._installers", list)
    error = refused(make_wheel(index, "tidy", TIDY), folder)
    assert "neither uv nor pip is on this machine; install uv" in str(error)


@pytest.mark.parametrize(
    ("name", "files", "problem"),
    [
        ("reference", {"reference/__init__.py": ""}, "whose name is the grader's own"),
        ("numpy", {"numpy/__init__.py": ""}, "numpy 1.0 is too old; 2.0 or newer is needed"),
    ],
)
def test_what_cannot_run_beside_what_is_ours_is_refused(index, folder, name, files, problem):
    assert problem in str(refused(make_wheel(index, name, files), folder))


def test_what_does_not_work_is_not_kept(index, folder):
    lock = lock_of(make_wheel(index, "tidy", TIDY))

    def fail(_: Path) -> None:
        raise OperationError("it does not work")

    with pytest.raises(OperationError, match="does not work"):
        build(lock, folder, file=FILE, try_out=fail)
    assert [] == list(folder.iterdir())


def test_a_folder_that_cannot_be_written_is_one_line(index, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OperationError, match="set GRADER_DATA_DIR"):
        build(lock_of(make_wheel(index, "tidy", TIDY)), tmp_path / "file" / "x", file=FILE)
