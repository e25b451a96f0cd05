"""What a newcomer types works in a clone that has nothing yet, from the real package index."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

NOT_CLONED = shutil.ignore_patterns(
    ".git", ".venv", ".*_cache", "__pycache__", ".hypothesis", "dist", "build"
)


@pytest.fixture(params=["uv", "no uv"])
def run_fresh(request, repository, tmp_path, require):
    """A function that runs `python3 -m grader` in a fresh clone of mode 0700."""
    uv = shutil.which("uv") or ""
    if request.param == "uv":
        require(uv, "uv is not on PATH")
    clone = tmp_path / "clone"
    shutil.copytree(repository, clone, ignore=NOT_CLONED)
    clone.chmod(0o700)
    folders = os.environ["PATH"].split(os.pathsep)
    path = [folder for folder in folders if not os.access(f"{folder}/uv", os.X_OK)]
    if request.param == "uv":
        path.insert(0, str(Path(uv).parent))

    def run_fresh(*arguments):
        return subprocess.run(
            [str(Path(sys.executable).resolve()), "-m", "grader", *arguments],
            cwd=clone,
            env={"PATH": os.pathsep.join(path), "HOME": str(tmp_path), "LANG": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
        )

    return run_fresh


def test_the_first_command_sets_up_and_runs_and_the_second_needs_no_installer(run_fresh):
    first = run_fresh("--help")
    second = run_fresh("--help")

    assert (0, 0) == (first.returncode, second.returncode), first.stderr
    assert "set up in" in first.stderr
    assert "" == second.stderr
    assert first.stdout == second.stdout
    assert "check" in first.stdout


def test_the_tests_run_with_the_locked_tools(run_fresh):
    tested = run_fresh("test", "tests/setup/test_requirements.py", "-q")

    assert 0 == tested.returncode, tested.stdout + tested.stderr
    assert " passed" in tested.stdout
