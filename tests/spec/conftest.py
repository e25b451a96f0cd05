"""Assignment folders on disk for the tests of grader.spec."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.errors import SpecError
from grader.spec import parse_spec

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


@pytest.fixture
def assert_told() -> Callable[[str, str, str, str], None]:
    """Assert that a text is refused for its line marked HERE, in one line that says what to do."""

    def assert_one_line(text: str, key: str, problem: str, remedy: str) -> None:
        lines = text.splitlines()
        marked = next(number for number, line in enumerate(lines, 1) if "# HERE" in line)
        with pytest.raises(SpecError) as raised:
            parse_spec(text, "hw1/assignment.toml")
        error = raised.value
        assert (key, marked) == (error.key, error.line), str(error)
        assert problem in error.problem
        assert remedy in error.remedy
        assert str(error).startswith(f"hw1/assignment.toml:{marked}: {key}: ")
        assert "\n" not in str(error)

    return assert_one_line
