"""Writes docs/cli.md from the commands themselves: `python -m grader.cli.manual`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command
from typer.testing import CliRunner

from grader.cli.app import app

MANUAL = Path(__file__).parents[2] / "docs" / "cli.md"
_INTRODUCTION = """\
# Commands

Written by `python -m grader.cli.manual` from what each command says of itself; a test keeps it so.

In a clone, `python3 -m grader COMMAND` makes the environment at its first run and starts at once
after that. `.venv/bin/grader COMMAND` and `uv run --no-sync grader COMMAND` are the same program.
Two commands of the clone stand outside this list, because they install tools first:
`python3 -m grader test [--slow SECONDS | --oracle] [PYTEST ARGUMENTS]` and
`python3 -m grader bench NAME [ARGUMENTS]`.

Exit status: 0 it holds or has full score, 1 it does not, 2 the input is wrong (one line says what,
where, and what to do), 3 our failure, 130 interrupted. Work that lasts shows a bar on a terminal;
elsewhere lines are plain. `NO_COLOR` is respected.
"""


def write_manual() -> str:
    """Return the page: a section a command, with its help as printed at 80 columns."""
    sections = [_INTRODUCTION]
    for words in _command_lines(get_command(app)):
        result = CliRunner().invoke(app, [*words, "--help"], prog_name="grader", terminal_width=80)
        lines = "\n".join(line.rstrip() for line in result.output.strip().splitlines())
        sections.append(f"## `grader {' '.join(words)}`\n\n```\n{lines}\n```\n")
    return "\n".join(sections)


def _command_lines(command: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    below = getattr(command, "commands", {})
    for name, one in below.items():
        yield from _command_lines(one, (*words, name))
    if not below:
        yield words


if __name__ == "__main__":
    MANUAL.write_text(write_manual(), encoding="utf-8")
