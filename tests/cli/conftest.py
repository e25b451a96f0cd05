"""The real command in a process of its own, and a small assignment for it."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grader.cli.app import main
from grader.errors import GraderError
from grader.sandbox.selftest import select_tier
from grader.sandbox.tiers import CONFINING
from grader.store import Database, schema
from grader.store.database import FILE_NAME
from tests.web import world as worlds

ROOT = Path(__file__).parents[2]
TOML = """\
title = "Small sums"
files = ["solution.py"]

[limits]
wall_time = "2s"
cpu_time = "0.5s"

[inputs.batch]
x = {normal = [4]}

[[checks]]
id = "double"
kind = "output"
title = "double(x) is 2 * x"
inputs = "batch"
run = "y = double(x)"
compare = ["y"]
points = 2

[[checks]]
id = "shift"
kind = "output"
inputs = "batch"
run = "y = shift(x)"
compare = ["y"]
visible = "never"
"""
SOLUTION = "def double(x):\n    return 2 * x\n\n\ndef shift(x):\n    return x + 1\n"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def cache_dir(tmp_path_factory) -> Path:
    """One cache for all commands: the first of them attacks the tiers, the others need not."""
    return Path(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def tier_or_reason(cache_dir: Path) -> str:
    try:
        return select_tier(CONFINING, cache_dir)
    except GraderError as error:
        return f"no tier: {error}"


@pytest.fixture
def environment(cache_dir: Path, tmp_path: Path) -> dict[str, str]:
    """The environment of the commands: nothing of the settings of who runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GRADER_")}
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "XDG_CACHE_HOME"):
        kept.pop(name, None)
    return {**kept, "GRADER_CACHE_DIR": str(cache_dir), "HOME": str(tmp_path), "TERM": "xterm"}


@pytest.fixture
def command() -> list[str]:
    return [sys.executable, "-m", "grader"]


@pytest.fixture
def run(environment: dict[str, str], command: list[str], tier_or_reason: str, require) -> Run:
    """A function that runs `python -m grader`; None takes a variable out of the environment."""
    require(not tier_or_reason.startswith("no tier"), tier_or_reason)

    def run(*arguments: object, **variables: str | None) -> subprocess.CompletedProcess[str]:
        env: dict[str, Any] = {**environment, **variables}
        return subprocess.run(
            [*command, *map(str, arguments)],
            cwd=ROOT,
            env={name: value for name, value in env.items() if value is not None},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The folder of a small assignment."""
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "assignment.toml").write_text(TOML)
    (folder / "solution.py").write_text(SOLUTION)
    return folder


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str | bytes], Path]:
    """A function that writes a submission and returns its path."""

    def write(content: str | bytes, name: str = "solution.py") -> Path:
        path = tmp_path / "handed_in" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def refused() -> Callable[..., None]:
    """A function that asserts one line on stderr, nothing on stdout, and the exit status."""

    def assert_refused(
        result: subprocess.CompletedProcess[str] | Outcome, *parts: str, status: int = 2
    ) -> None:
        assert status == result.returncode, result.stderr
        assert "" == result.stdout
        assert 1 == result.stderr.count("\n"), result.stderr
        assert result.stderr.startswith("grader: ")
        assert "Traceback" not in result.stderr
        for part in parts:
            assert part in result.stderr

    return assert_refused


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command left behind; named as `subprocess` names it."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory) -> Path:
    """A database with its tables and nothing in them: making one takes longer than a command."""
    path = Path(tmp_path_factory.mktemp("empty")) / FILE_NAME
    database = Database(f"sqlite:///{path}")
    schema.upgrade(database)
    database.dispose()
    return path


@pytest.fixture
def data_dir(tmp_path: Path, empty_database: Path) -> Path:
    """The data folder of an installation in which there is nobody."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    shutil.copy(empty_database, folder)
    return folder


@pytest.fixture
def call(data_dir: Path, tmp_path: Path, cache_dir: Path, monkeypatch, capsys):
    """A function that runs a command in this very process, on an installation of the test's own."""
    for name in [name for name in os.environ if name.startswith("GRADER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GRADER_DATA_DIR", str(data_dir))
    monkeypatch.setenv("GRADER_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("GRADER_CACHE_DIR", str(cache_dir))

    def call(*arguments: object, stdin: str = "", status: int | None = 0) -> Outcome:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        capsys.readouterr()
        returncode = main([str(argument) for argument in arguments])
        outcome = Outcome(returncode, *capsys.readouterr())
        if status is not None:
            assert status == outcome.returncode, outcome
        return outcome

    return call


@pytest.fixture(scope="session")
def template(tmp_path_factory) -> worlds.World:
    """A site with people and judged work, to be copied."""
    return worlds.make_template(tmp_path_factory.mktemp("template"))
