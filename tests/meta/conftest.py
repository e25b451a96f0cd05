"""Where the repository is, and how its tools are run."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

RunTool = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def repository() -> Path:
    return Path(__file__).parents[2]


@pytest.fixture(scope="session")
def run_tool(repository: Path) -> RunTool:
    """A function that runs a program of this environment, by default in the repository."""

    def run_tool(*command: str, cwd: Path = repository) -> subprocess.CompletedProcess[str]:
        scripts = Path(sys.executable).parent
        return subprocess.run(
            [str(scripts / command[0]), *command[1:]],
            cwd=cwd,
            env={**os.environ, "COLUMNS": "240", "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            check=False,
        )

    return run_tool


@pytest.fixture
def cache(repository: Path, tmp_path: Path) -> Callable[[str], str]:
    """A function that gives a tool's cache folder: the repository's if it is ours to write."""

    def cache(name: str) -> str:
        return str((repository if os.access(repository, os.W_OK) else tmp_path) / name)

    return cache
