"""One warm interpreter for all scenarios; each scenario has a forked child of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import grader.sandbox.guest

Text = str | Sequence[tuple[str, str]]
Load = Callable[..., SimpleNamespace]


@pytest.fixture(scope="session")
def driver() -> Iterator[subprocess.Popen[str]]:
    [guest] = grader.sandbox.guest.__path__
    command = [sys.executable, "-I", str(Path(__file__).with_name("program_driver.py"))]
    with subprocess.Popen(
        [*command, str(Path(guest).parent)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


@pytest.fixture
def load(driver: subprocess.Popen[str]) -> Load:
    """Return a function that loads a program in a child and asks it snippets."""

    def load_program(
        files: str | Mapping[str, Text],
        *snippets: str,
        support: Mapping[str, str] | None = None,
        allow: Sequence[str] = ("numpy", "stdlib"),
        shims: Sequence[str] = (),
        package: str | None = None,
        forbid: Sequence[str] = (),
    ) -> SimpleNamespace:
        named = {"solution.py": files} if isinstance(files, str) else files
        scenario: dict[str, Any] = {
            "files": [
                (name, [(text, "")] if isinstance(text, str) else list(text))
                for name, text in named.items()
            ],
            "support": list((support or {}).items()),
            "allow": allow,
            "shims": shims,
            "package": package,
            "forbid": forbid,
            "snippets": snippets,
        }
        assert driver.stdin is not None
        assert driver.stdout is not None
        driver.stdin.write(json.dumps(scenario) + "\n")
        driver.stdin.flush()
        told = json.loads(driver.stdout.readline())
        assert "broken" not in told, told["broken"]
        return SimpleNamespace(**told)

    return load_program
