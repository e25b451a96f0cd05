"""Where a value is wrong, as a matrix of cells that is small enough to look at."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST_CELLS = 24
"""So many cells a picture has across, and so many down."""
MOST_DECADES = 9
NOT_FINITE = -1
"""Stands among the decades where a NaN or an infinity is, or should be."""
_SYMBOLS = "!" + "".join(map(str, range(MOST_DECADES + 1)))
_RIGHT = "."

Numbers = tuple[tuple[float | None, ...], ...]
"""Rows of numbers with three significant digits; None is a NaN."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One wrong value of one case: what the student's code returned, and how far off it is.

    A cell stands for a block of entries and shows the one that is furthest off.
    """

    name: str
    case: str
    """What is special about the inputs; empty for the plain ones."""
    shape: tuple[int, ...]
    n_row_axes: int
    """So many of the first axes run down, in C order; the others run across."""
    block: tuple[int, int]
    """How many entries a cell stands for, down and across."""
    n_wrong: int
    worst: tuple[int, ...]
    """Index of the entry that is furthest off."""
    student: Numbers
    decades: tuple[tuple[int | None, ...], ...]
    """n: off by 10^-n of the largest right value, or up to ten times that; 0: by all of it or more.

    None is right, `NOT_FINITE` what has no difference.
    """
    reference: Numbers | None = None
    """The right values: for staff only."""

    @property
    def n_entries(self) -> int:
        """How many entries the value has."""
        return math.prod(self.shape)

    @property
    def row_labels(self) -> tuple[str, ...]:
        """Index of the first entry of each row of cells, along the axes that run down."""
        return _label(self.shape[: self.n_row_axes], len(self.decades), self.block[0])

    @property
    def column_labels(self) -> tuple[str, ...]:
        """Index of the first entry of each column of cells, along the axes that run across."""
        return _label(self.shape[self.n_row_axes :], len(self.decades[0]), self.block[1])

    def name_rows(self, first: int, last: int) -> str:
        """Return the indices of the entries in some rows of cells: `3`, or `3 to 7`."""
        return _name(self.shape[: self.n_row_axes], first, last, self.block[0])

    def name_columns(self, first: int, last: int) -> str:
        """Return the indices of the entries in some columns of cells."""
        return _name(self.shape[self.n_row_axes :], first, last, self.block[1])

    @property
    def symbols(self) -> tuple[str, ...]:
        """A text for each row: a digit a decade, `.` what is right, `!` what is not finite."""
        return tuple("".join(map(symbol_of, row)) for row in self.decades)


def symbol_of(decade: int | None) -> str:
    """Return the character that stands for a cell."""
    return _RIGHT if decade is None else _SYMBOLS[decade - NOT_FINITE]


def write_picture(picture: Picture) -> dict[str, object]:
    """Return a picture as plain JSON, a line of text for each row of cells."""
    written: dict[str, object] = {
        "name": picture.name,
        "case": picture.case,
        "shape": list(picture.shape),
        "row_axes": picture.n_row_axes,
        "block": list(picture.block),
        "n_wrong": picture.n_wrong,
        "worst": list(picture.worst),
        "difference": list(picture.symbols),
        "student": _write_numbers(picture.student),
    }
    if picture.reference is not None:
        written["reference"] = _write_numbers(picture.reference)
    return written


def read_picture(written: Mapping[str, Any]) -> Picture:
    """Return the picture that `write_picture` wrote.

    Raises
    ------
    KeyError, TypeError, ValueError
        Where it was written in another way.
    """
    down, across = map(int, written["block"])
    reference = written.get("reference")
    picture = Picture(
        name=str(written["name"]),
        case=str(written["case"]),
        shape=tuple(map(int, written["shape"])),
        n_row_axes=int(written["row_axes"]),
        block=(down, across),
        n_wrong=int(written["n_wrong"]),
        worst=tuple(map(int, written["worst"])),
        student=_read_numbers(written["student"]),
        decades=tuple(tuple(map(_decade_of, row)) for row in written["difference"]),
        reference=None if reference is None else _read_numbers(reference),
    )
    sizes = {tuple(map(len, rows)) for rows in (picture.student, picture.decades)}
    if len(sizes) != 1 or len(set(*sizes)) != 1:
        raise ValueError("the panels of a picture differ in size")
    return picture


def _decade_of(symbol: str) -> int | None:
    return None if symbol == _RIGHT else _SYMBOLS.index(symbol) + NOT_FINITE


def _write_numbers(rows: Numbers) -> list[str]:
    return [" ".join("nan" if one is None else f"{one:.3g}" for one in row) for row in rows]


def _read_numbers(lines: list[str]) -> Numbers:
    return tuple(
        tuple(None if word == "nan" else float(word) for word in line.split(" ")) for line in lines
    )


def _label(axes: tuple[int, ...], n_cells: int, block: int) -> tuple[str, ...]:
    return tuple(_index(axes, cell * block) for cell in range(n_cells))


def _name(axes: tuple[int, ...], first: int, last: int, block: int) -> str:
    begin, end = first * block, min((last + 1) * block, math.prod(axes)) - 1
    return _index(axes, begin) if begin == end else f"{_index(axes, begin)} to {_index(axes, end)}"


def _index(axes: tuple[int, ...], flat: int) -> str:
    parts: list[str] = []
    for length in reversed(axes):
        flat, part = divmod(flat, length)
        parts.insert(0, str(part))
    return ",".join(parts)
