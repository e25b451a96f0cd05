"""Assignment folders on disk for the tests of grader.spec."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

SMALLEST = """\
title = "Sum"
[[checks]]
id = "total"
kind = "output"
run = "total = add(2, 3)"
compare = ["total"]
"""


@pytest.fixture
def smallest() -> str:
    """The text of the smallest assignment."""
    return SMALLEST


@pytest.fixture
def write_folder(tmp_path: Path) -> Callable[..., Path]:
    """Write an assignment folder; keywords add files, with `__` for a dot, None leaves one out."""

    def write(text: str = SMALLEST, **files: str | bytes | None) -> Path:
        folder = tmp_path / "sum"
        contents: dict[str, str | bytes | None] = {
            "assignment.toml": text,
            "solution.py": "def add(a, b):\n    return a + b\n",
        }
        contents |= {name.replace("__", "."): content for name, content in files.items()}
        for name, content in contents.items():
            if content is None:
                continue
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder

    return write
