"""A starter as a notebook: the text, one cell a function, and a cell that checks the others."""

from __future__ import annotations

import json
import re
from typing import Any

from grader.intake.magics import StatementTracker

_DEFINITION = re.compile(r"(async\s+def|def|class|@)\b|@")
_CHECK = (
    "# Save the notebook, then run this cell: it judges the cells above as they were saved.\n"
    "%run -e check.py {name}"
)


def write_notebook(readme: str, starter: str, name: str) -> str:
    """Return the notebook as JSON; `name` is its own, which its last cell is to check."""
    cells = [_cell("markdown", readme)] if readme.strip() else []
    cells += [_cell("code", part) for part in split_definitions(starter)]
    cells.append(_cell("code", _CHECK.format(name=name)))
    for number, cell in enumerate(cells, 1):
        cell["id"] = f"cell-{number}"
    document = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _cell(kind: str, text: str) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": kind,
        "metadata": {},
        "source": text.strip("\n").splitlines(keepends=True),
    }
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell


def split_definitions(source: str) -> list[str]:
    """Return the parts of a module: what stands before, between and after, and each definition.

    An author's text is not parsed here, only gone over line by line: a definition begins at the
    left margin, with its decorators and the comments right above it, and goes as far as lines are
    indented, or inside of a string or a bracket.
    """
    tracker = StatementTracker()
    parts: list[list[str]] = [[]]
    is_inside = is_decorated = False
    for line in source.split("\n"):
        begins = tracker.is_at_statement and bool(line.strip()) and not line[0].isspace()
        tracker.feed(line)
        if begins and _DEFINITION.match(line):
            if not is_decorated:
                parts.append(_take_comments(parts[-1]))
            is_inside, is_decorated = True, line.startswith("@")
        elif begins and not line.startswith((")", "]", "}")):
            if is_inside and not is_decorated:
                parts.append([])
            is_inside = is_decorated and is_inside
        parts[-1].append(line)
    texts = ["\n".join(part).strip("\n") for part in parts]
    return [text for text in texts if text.strip()]


def _take_comments(before: list[str]) -> list[str]:
    """Take the comments off the end of a part: they belong to what follows."""
    start = len(before)
    while start and before[start - 1].startswith("#"):
        start -= 1
    taken = before[start:]
    del before[start:]
    return taken
