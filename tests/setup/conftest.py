"""A small clone whose installers are played by scripts, so that setting up takes no network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.bootstrap.requirements import RUN

REPOSITORY = Path(__file__).parents[2]
BARE_PYTHON = Path(sys.executable).resolve()  # the one that this environment was made with

UV = """#!/bin/sh
# Records how it was called; installs metadata, and a pytest that says how it was called.
echo "$*" >> "{calls}"
if [ -n "$UV_SAYS" ]; then echo "$UV_SAYS" >&2; exit 2; fi
if [ -n "$UV_SLEEPS" ]; then sleep "$UV_SLEEPS"; fi
packages=$(echo "${{4%/bin/python}}"/lib/python3*/site-packages)
for name in {distributions}; do
    mkdir -p "$packages/$name.dist-info"
done
echo "${{4%/.venv/bin/python}}" > "$packages/clone.pth"
echo 'import os, sys; print("pytest in", os.getcwd(), *sys.argv[1:])' > "$packages/pytest.py"
"""

CLI = """
import sys

def main(arguments):
    print("cli", sys.prefix, *arguments)
    return 7
"""


@dataclass
class Clone:
    """A clone in a temporary folder, and the fake uv beside it."""

    folder: Path
    bin: Path
    calls: Path

    @property
    def environment(self) -> Path:
        return self.folder / ".venv"

    def uv_calls(self) -> list[str]:
        return self.calls.read_text().splitlines() if self.calls.exists() else []

    def command(self, *arguments: str) -> list[str]:
        # -S hides every installed package: an interpreter as a newcomer has it.
        return [str(BARE_PYTHON), "-S", "-m", "grader", *arguments]

    def variables(self, **more: str) -> dict[str, str]:
        path = f"{self.bin}{os.pathsep}/usr/bin{os.pathsep}/bin"
        return {"PATH": path, "HOME": str(self.folder.parent), **more}

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=self.variables(**variables),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )


def play_clone(folder: Path) -> Clone:
    package = folder / "grader"
    shutil.copytree(
        REPOSITORY / "grader" / "bootstrap",
        package / "bootstrap",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    for name in ("__init__.py", "__main__.py"):
        shutil.copy(REPOSITORY / "grader" / name, package)
    (package / "cli").mkdir()
    (package / "cli" / "app.py").write_text(CLI)
    for name in ("pyproject.toml", *(path.name for path in REPOSITORY.glob("requirements*.lock"))):
        shutil.copy(REPOSITORY / name, folder)
    bin_folder = folder.parent / "bin"
    bin_folder.mkdir()
    clone = Clone(folder, bin_folder, folder.parent / "uv-calls")
    uv = bin_folder / "uv"
    least = {name: ".".join(map(str, version)) for name, version in RUN.items()}
    distributions = " ".join(f"{name}-{version}" for name, version in least.items())
    uv.write_text(UV.format(calls=clone.calls, distributions=distributions))
    uv.chmod(0o755)
    return clone


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    folder = tmp_path / "clone"
    folder.mkdir()
    return play_clone(folder)


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def run_python() -> Callable[..., str]:
    """A function that runs code in a fresh interpreter and returns what it printed."""

    def run_python(code: str, cwd: Path = REPOSITORY) -> str:
        finished = subprocess.run(
            [sys.executable, "-c", code], cwd=cwd, check=True, capture_output=True, text=True
        )
        return finished.stdout

    return run_python
