"""A notebook -> the Python of its code cells, in order, without IPython's own commands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from grader.errors import SubmissionRejected
from grader.intake.magics import blank_magics
from grader.intake.names import show_line, show_name
from grader.intake.sources import refuse_binary, unify_newlines
from grader.intake.submission import Chunk, IntakeLimits

SAVE_AGAIN = "open it in Jupyter, save it, and hand it in again"
_CELL_MAGIC = re.compile(r"%%(\S*)")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_HARMLESS_CELL_MAGICS = ("time", "capture")


def read_notebook(
    content: bytes, name: str, limits: IntakeLimits
) -> tuple[tuple[Chunk, ...], tuple[str, ...]]:
    """Return the code cells as chunks, and a note for each cell that was changed or dropped.

    Cells are counted as a student counts them on the page: code cells only, from 1.
    """
    chunks: list[Chunk] = []
    notes: list[str] = []
    size = 0
    for number, source in enumerate(_list_code_cells(content, name), start=1):
        label = f"cell {number}"
        text = unify_newlines(source)
        size += _measure(text, name, label)
        if number > limits.cells or size > limits.source_bytes:
            raise SubmissionRejected(
                f"it has more than {limits.source_bytes:,} bytes of code or {limits.cells} cells",
                name=show_name(name),
                remedy="leave out the cells that the assignment does not ask for",
            )
        text, cell_notes = _strip_commands(text)
        notes += [f"{show_name(name)}, {label}: {note}" for note in cell_notes]
        if text.strip():
            chunks.append(Chunk(text, label))
    if not chunks:
        raise SubmissionRejected(
            "the notebook has no code",
            name=show_name(name),
            remedy="hand in the notebook with your code cells",
        )
    return tuple(chunks), tuple(notes)


def _list_code_cells(content: bytes, name: str) -> Iterator[str]:
    document = _parse(content, name)
    version = document.get("nbformat", 4)
    if version == 4:
        cells, source_key = document.get("cells"), "source"
    elif version == 3:
        sheets = document.get("worksheets")
        cells, source_key = _join_worksheets(sheets), "input"
    else:
        raise SubmissionRejected(
            "only notebooks of format 3 and 4 are read", name=show_name(name), remedy=SAVE_AGAIN
        )
    if not isinstance(cells, list):
        raise _malformed(name)
    for cell in cells:
        if not isinstance(cell, dict):
            raise _malformed(name)
        if cell.get("cell_type") != "code":
            continue
        source = cell.get(source_key, "")
        lines = source if isinstance(source, list) else [source]
        if not all(isinstance(line, str) for line in lines):
            raise _malformed(name)
        yield "".join(lines)


def _parse(content: bytes, name: str) -> dict[str, Any]:
    refuse_binary(content, name)
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _malformed(name) from error
    if not isinstance(document, dict):
        raise _malformed(name)
    return document


def _join_worksheets(sheets: object) -> list[Any] | None:
    if not isinstance(sheets, list):
        return None
    cells: list[Any] = []
    for sheet in sheets:
        if not isinstance(sheet, dict) or not isinstance(sheet.get("cells"), list):
            return None
        cells += sheet["cells"]
    return cells


def _malformed(name: str) -> SubmissionRejected:
    return SubmissionRejected(
        "it is damaged, or not a Jupyter notebook at all", name=show_name(name), remedy=SAVE_AGAIN
    )


def _measure(text: str, name: str, label: str) -> int:
    # JSON can write what no source file can hold: NUL, and halves of surrogate pairs.
    size = len(text.encode("utf-8", "surrogatepass"))
    if "\0" in text or _SURROGATE.search(text):
        raise SubmissionRejected(
            f"{label} holds a character that source cannot have (NUL or half a surrogate pair)",
            name=show_name(name),
            remedy="delete it and save the notebook",
        )
    return size


def _strip_commands(text: str) -> tuple[str, list[str]]:
    """Return the cell without its magics, and what to tell the student."""
    lines = text.split("\n")
    notes: list[str] = []
    for index, line in enumerate(lines):
        if not line.strip():
            continue
        magic = _CELL_MAGIC.match(line)
        if not magic:
            break
        if magic[1] not in _HARMLESS_CELL_MAGICS:
            return "", [f"left out, because it begins with {show_line(magic[0])}"]
        lines[index] = ""
        notes.append(f"line {index + 1} left out ({show_line(magic[0])})")
    stripped, blanked = blank_magics("\n".join(lines))
    if blanked:
        first = f"line {blanked[0][0]}: {show_line(blanked[0][1])}"
        count = "1 magic or shell line" if len(blanked) == 1 else f"{len(blanked)} such lines"
        notes.append(f"{count} left out ({first})")
    return stripped, notes
