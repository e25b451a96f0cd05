"""Pictures of what is wrong, as the shapes and words of which a template makes SVG.

Nothing is said by colour alone: each cell bears a digit or a sign, and wrong ones are framed.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from grader.picture import Numbers, Picture, symbol_of
from grader.web.picture_words import describe_difference, describe_layout, describe_numbers

_CELL = 22
_WIDE_CELL = 60
"""Room for -1.23e-5."""
_MOST_WIDE = 8
"""So many columns may hold their numbers; where there are more, signs stand for them."""
_MOST_LETTERS = 9
_LETTER, _GAP, _TOP = 7, 5, 18
_KEY = (
    "In the difference, a digit n means: off by 10^-n of the largest right value, or "
    "more (0: by all of it); · is right; ! is NaN or infinite."
)
_N_SHADES = 4
_MINUS = "\N{MINUS SIGN}"

Cells = Iterable[tuple[int, int, str]]
"""Row, column and class of cells."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of text; where it has several places, each of its letters has its own."""

    text: str
    x: str
    y: int
    kind: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One drawing: the student's values, the difference, or the right values."""

    title: str
    words: str
    """What is to be seen, for those who do not see it."""
    width: int
    height: int
    shapes: tuple[tuple[str, str], ...]
    """Class and path: the cells of each shade, the lines, the frames."""
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture with its words and panels."""

    heading: str
    layout: str
    """What is to be known to read it."""
    panels: tuple[Panel, ...]


def show_picture(picture: Picture) -> ShownPicture:
    """Return how a picture is shown: difference, own values, and right ones where it has them."""
    is_own = picture.reference is None
    panels = [
        _draw_difference(picture),
        _draw_numbers("Your values" if is_own else "Student's values", picture, picture.student),
    ]
    if picture.reference is not None:
        panels.append(_draw_numbers("Right values", picture, picture.reference))
    case = f", with {picture.case}" if picture.case else ""
    count = f"{picture.n_wrong} of {picture.n_entries} entries"
    return ShownPicture(
        f"Where {picture.name} is wrong: {count}{case}",
        f"{describe_layout(picture)} {_KEY}".strip(),
        tuple(panels),
    )


def _draw_difference(picture: Picture) -> Panel:
    cells = [
        (row, column, "" if decade is None else f"picture-off-{_shade_of(decade)}")
        for row, line in enumerate(picture.decades)
        for column, decade in enumerate(line)
    ]
    sheet = _Sheet(picture, _CELL)
    marks = [
        mark
        for row, line in enumerate(picture.decades)
        for mark in sheet.write_row(
            row,
            [("·" if decade is None else symbol_of(decade), _ink_of(decade)) for decade in line],
        )
    ]
    return sheet.draw("Difference", describe_difference(picture), cells, marks)


def _shade_of(decade: int) -> int:
    """Return 0 for the worst, up to 3."""
    return min((max(decade, 0) + 1) // 2, _N_SHADES - 1)


def _ink_of(decade: int | None) -> str:
    if decade is None:
        return "picture-right"
    return "picture-loud" if _shade_of(decade) == 0 else "picture-sign"


def _draw_numbers(title: str, picture: Picture, rows: Numbers) -> Panel:
    is_wide = len(rows[0]) <= _MOST_WIDE
    sheet = _Sheet(picture, _WIDE_CELL if is_wide else _CELL)
    finite = [abs(one) for row in rows for one in row if one is not None and math.isfinite(one)]
    largest = max(finite, default=0.0)
    cells = [
        (row, column, _ground_of(one, largest))
        for row, line in enumerate(rows)
        for column, one in enumerate(line)
    ]
    write: Callable[[float | None], str] = _write_number if is_wide else _write_sign
    ink = "picture-number" if is_wide else "picture-sign"
    marks = [
        mark
        for row, line in enumerate(rows)
        for mark in sheet.write_row(row, [(write(one), ink) for one in line])
    ]
    key = "" if is_wide else ": the sign, stronger where larger"
    return sheet.draw(f"{title}{key}", describe_numbers(rows), cells, marks)


def _ground_of(number: float | None, largest: float) -> str:
    if number is None or not math.isfinite(number):
        return "picture-size-4"
    shade = math.ceil(_N_SHADES * abs(number) / largest) if largest else 0
    return f"picture-size-{shade}" if shade else ""


def _write_number(number: float | None) -> str:
    if number is None:
        return "NaN"
    text = f"{number:.3g}"
    if len(text) > _MOST_LETTERS:
        text = f"{number:.0e}"
    text = text.replace("e-0", "e-").replace("e+0", "e").replace("e+", "e")
    return text.replace("inf", "∞").replace("-", _MINUS)


def _write_sign(number: float | None) -> str:
    if number is None or not math.isfinite(number):
        return "!"
    return "0" if number == 0 else "+" if number > 0 else _MINUS


class _Sheet:
    """The paper of one panel: where its cells are, and the labels along its edges."""

    def __init__(self, picture: Picture, cell_width: int) -> None:
        self._picture = picture
        self._cell_width = cell_width
        self._is_row = len(picture.shape) == 1
        rows = ("",) if self._is_row else picture.row_labels
        self._left = max(map(len, rows)) * _LETTER + (_GAP if not self._is_row else 1)
        self._row_labels = rows

    def write_row(self, row: int, letters: Sequence[tuple[str, str]]) -> list[Mark]:
        """Return the marks of a row of cells: single letters of one class in one piece."""
        y = self._y(row) + _CELL // 2
        by_kind: dict[str, list[tuple[str, int]]] = defaultdict(list)
        marks = []
        for column, (text, kind) in enumerate(letters):
            x = self._x(column) + self._cell_width // 2
            if len(text) == 1:
                by_kind[kind].append((text, x))
            else:
                marks.append(Mark(text, str(x), y, kind))
        for kind, placed in by_kind.items():
            text = "".join(letter for letter, _ in placed)
            marks.append(Mark(text, " ".join(str(x) for _, x in placed), y, kind))
        return marks

    def draw(self, title: str, words: str, cells: Cells, marks: Sequence[Mark]) -> Panel:
        """Return the panel: shades below, lines and frames above them, then the text."""
        paths: dict[str, list[str]] = defaultdict(list)
        for row, column, kind in cells:
            if kind:
                paths[kind].append(self._rectangle(row, column, 0))
        shapes = [(kind, "".join(paths[kind])) for kind in sorted(paths)]
        shapes.append(("picture-grid", self._grid()))
        shapes.append(("picture-frame", self._frame()))
        n_rows, n_columns = self._size
        return Panel(
            title,
            words,
            self._x(n_columns) + 1,
            self._y(n_rows) + 1,
            tuple(shapes),
            (*self._label(), *marks),
        )

    @property
    def _size(self) -> tuple[int, int]:
        return len(self._picture.decades), len(self._picture.decades[0])

    def _x(self, column: int) -> int:
        return self._left + column * self._cell_width

    def _y(self, row: int) -> int:
        return _TOP + row * _CELL

    def _rectangle(self, row: int, column: int, inset: int) -> str:
        x, y = self._x(column) + inset, self._y(row) + inset
        width, height = self._cell_width - 2 * inset, _CELL - 2 * inset
        return f"M{x} {y}h{width}v{height}h-{width}z"

    def _grid(self) -> str:
        n_rows, n_columns = self._size
        width, height = n_columns * self._cell_width, n_rows * _CELL
        across = (f"M{self._left} {self._y(row)}h{width}" for row in range(n_rows + 1))
        down = (f"M{self._x(column)} {_TOP}v{height}" for column in range(n_columns + 1))
        return "".join((*across, *down))

    def _frame(self) -> str:
        """Return a frame around each wrong cell; around all of them it would say nothing."""
        rows = self._picture.decades
        if all(decade is not None for row in rows for decade in row):
            return ""
        return "".join(
            self._rectangle(row, column, 1)
            for row, line in enumerate(rows)
            for column, decade in enumerate(line)
            if decade is not None
        )

    def _label(self) -> list[Mark]:
        """Return the indices along the edges, as many as there is room for."""
        columns = self._picture.column_labels
        longest = max(map(len, columns)) * _LETTER + _GAP
        step = -(-longest // self._cell_width)
        marks = [
            Mark(label, str(self._x(column) + self._cell_width // 2), _TOP // 2, "picture-above")
            for column, label in enumerate(columns)
            if column % step == 0
        ]
        marks += [
            Mark(label, str(self._left - _GAP), self._y(row) + _CELL // 2, "picture-beside")
            for row, label in enumerate(self._row_labels)
            if label
        ]
        return marks
