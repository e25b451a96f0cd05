"""An index of wheels of the test's own, an assignment that names them, and the commands."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from grader.cli.app import main
from grader.errors import GraderError
from grader.sandbox.selftest import select_tier
from grader.sandbox.tiers import CONFINING

TOML = """\
title = "Small"
allow = ["numpy", "stdlib", "tidy"]

[environment]
requirements = "requirements.lock"

[inputs.batch]
x = {normal = [4]}

[[checks]]
id = "double"
kind = "output"
inputs = "batch"
run = "y = double(x)"
compare = ["y"]
"""
SOLUTION = "import tidy\n\n\ndef double(x):\n    return tidy.twice(x)\n"


@pytest.fixture(scope="session")
def cache_dir(tmp_path_factory) -> Path:
    """One cache for all tests here: a tier is attacked once."""
    return Path(tmp_path_factory.mktemp("cache"))


@pytest.fixture
def confined(cache_dir: Path, require) -> None:
    """Skip where no tier confines."""
    try:
        select_tier(CONFINING, cache_dir)
    except GraderError as error:
        require(False, str(error))


@pytest.fixture
def index(tmp_path: Path, monkeypatch) -> Path:
    """The only place from which the installers get packages."""
    folder = tmp_path / "index"
    folder.mkdir()
    for name in [name for name in os.environ if name.startswith(("PIP_", "UV_"))]:
        monkeypatch.delenv(name)
    for name, value in (
        ("PIP_CONFIG_FILE", os.devnull),
        ("PIP_NO_INDEX", "1"),
        ("PIP_FIND_LINKS", str(folder)),
        ("UV_NO_CONFIG", "1"),
        ("UV_OFFLINE", "1"),
        ("UV_FIND_LINKS", str(folder)),
        ("UV_CACHE_DIR", str(tmp_path / "uv")),
    ):
        monkeypatch.setenv(name, value)
    return folder


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """A function that writes an assignment folder with this lock file."""

    def write(lock: str, *, name: str = "small", toml: str = TOML) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "assignment.toml").write_text(toml)
        (folder / "solution.py").write_text(SOLUTION)
        (folder / "requirements.lock").write_text(lock)
        return folder

    return write


class Said(NamedTuple):
    """What a command said."""

    status: int
    out: str
    error: str

    @property
    def line(self) -> str:
        """The one line with which it failed."""
        lines = [line for line in self.error.splitlines() if line.startswith("grader: ")]
        assert 1 == len(lines), self.error
        assert "Traceback" not in self.error
        return lines[0]


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def call(data_dir: Path, cache_dir: Path, confined, monkeypatch, capsys):
    """A function that runs a command in this process, on an installation of the test's own."""
    del confined
    for name in [name for name in os.environ if name.startswith("GRADER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GRADER_DATA_DIR", str(data_dir))
    monkeypatch.setenv("GRADER_CACHE_DIR", str(cache_dir))

    def call(*arguments: object) -> Said:
        capsys.readouterr()
        return Said(main([str(argument) for argument in arguments]), *capsys.readouterr())

    return call
