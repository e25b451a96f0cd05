"""Tables, lines and progress for a person at a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

_STYLE_OF_STATE = {True: "green", False: "bold red", None: ""}
# Markup and emoji codes are off: a student's text is shown as it is, never interpreted.
_OUT = Console(markup=False, emoji=False, highlight=False)


def draw_table(columns: Sequence[str], rows: Sequence[tuple[bool | None, Sequence[str]]]) -> None:
    """Draw a table whose rows' states colour their first cells."""
    table = Table(show_edge=False, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for state, (first, *rest) in rows:
        table.add_row(Text(first, style=_STYLE_OF_STATE[state]), *map(Text, rest))
    _OUT.print(table)


def draw_line(line: str, *, is_bold: bool) -> None:
    """Draw a line of text, wrapped at words under its own indent."""
    for part in line.split("\n"):
        text = part.lstrip()
        style = "bold" if is_bold else ""
        _OUT.print(Padding(Text(text, style=style), (0, 0, 0, len(part) - len(text))))


@contextmanager
def draw_progress(what: str, total: int) -> Iterator[Callable[[], None]]:
    """Draw a bar on stderr while the work lasts; yield the step."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)


@contextmanager
def draw_state(state: str) -> Iterator[Callable[[str], None]]:
    """Draw a line on stderr that lives while the work lasts; yield what changes it."""
    console = Console(stderr=True, markup=False, emoji=False, highlight=False)
    with console.status(Text(state)) as status:
        yield lambda line: status.update(Text(line))
