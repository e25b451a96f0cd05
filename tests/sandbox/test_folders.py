"""What a killed owner leaves in the temporary folder is removed; what is in use is not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time

import pytest

from grader.sandbox.folders import JailFolder, remove_abandoned

HOLD = """
import os, signal
from grader.sandbox.folders import JailFolder
(JailFolder().path / "data").mkdir()
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(autouse=True)
def _own_temporary_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))


def age(folder, seconds=3600.0):
    then = time.time() - seconds
    os.utime(folder, (then, then))


def test_the_folder_of_a_killed_owner_is_removed_by_the_next_jail(tmp_path):
    killed = subprocess.run([sys.executable, "-c", HOLD], check=False)
    assert -signal.SIGKILL == killed.returncode
    (left,) = tmp_path.iterdir()
    age(left)
    folder = JailFolder()
    assert [folder.path] == list(tmp_path.iterdir())
    folder.remove()


def test_a_folder_that_is_in_use_stays(tmp_path):
    folder = JailFolder()
    age(folder.path)
    remove_abandoned()
    assert [folder.path] == list(tmp_path.iterdir())
    folder.remove()
    assert [] == list(tmp_path.iterdir())


def test_a_fresh_folder_stays_because_its_owner_may_not_have_locked_it_yet(tmp_path):
    fresh = tmp_path / "grader-jail-fresh"
    fresh.mkdir()
    remove_abandoned()
    assert fresh.exists()


def test_a_link_is_neither_followed_nor_removed(tmp_path):
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").write_text("")
    link = tmp_path / "grader-jail-link"
    link.symlink_to(kept)
    os.utime(link, (0, 0), follow_symlinks=False)
    remove_abandoned()
    assert (kept / "file").exists()


def test_a_folder_is_removed_twice_without_harm():
    folder = JailFolder()
    folder.remove()
    folder.remove()
    assert not folder.path.exists()
