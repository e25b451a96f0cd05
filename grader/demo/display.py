"""What a newcomer watches: a live table on a terminal, a line for each change elsewhere."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from grader.text import printable

if TYPE_CHECKING:
    from rich.console import Group
    from rich.live import Live

    from grader.demo.progress import Row

_INDENT = " " * 10


class Display(Protocol):
    """Shows what happens, from whichever thread."""

    def say(self, line: str) -> None:
        """Show a line of text that stays."""

    def show(self, rows: Sequence[Row]) -> None:
        """Show how far all work is."""

    def rest(self) -> None:
        """Show no more changes; lines may follow."""


def open_display() -> Display:
    """Return what fits the place where the output goes."""
    if sys.stdout.isatty() and os.environ.get("TERM", "dumb") not in ("dumb", "unknown"):
        return LiveTable()
    return PlainLines()


class PlainLines:
    """Lines with the seconds since the start; of the work only what has changed."""

    def __init__(self) -> None:
        self._started_s = time.monotonic()
        self._lock = threading.Lock()
        self._shown: dict[int, str] = {}

    def say(self, line: str) -> None:
        """Write a line; what follows in the same breath stands below it."""
        elapsed = f"{time.monotonic() - self._started_s:6.1f} s  "
        first, *others = printable(line).split("\n")
        with self._lock:
            sys.stdout.write(f"{elapsed}{first}\n")
            for other in others:
                sys.stdout.write(f"{' ' * len(elapsed)}{other}".rstrip() + "\n")
            sys.stdout.flush()

    def show(self, rows: Sequence[Row]) -> None:
        """Write a line for each work that has changed."""
        for number, row in enumerate(rows):
            if row.state and row.line != self._shown.get(number):
                self._shown[number] = row.line
                self.say(f"{row.line}\n{_INDENT}{row.remark}" if row.remark else row.line)

    def rest(self) -> None:
        """Do nothing: a line stays as it is."""


class LiveTable:
    """A table that changes in place, below the lines that stay."""

    def __init__(self) -> None:
        from rich.console import Console

        self._console = Console(markup=False, emoji=False, highlight=False)
        self._live: Live | None = None
        self._shown: Sequence[Row] = ()

    def say(self, line: str) -> None:
        """Print a line, above the table while that lives."""
        self._console.print(printable(line), soft_wrap=True)

    def show(self, rows: Sequence[Row]) -> None:
        """Draw the table anew where it has changed."""
        from rich.live import Live

        if self._live is not None and rows == self._shown:
            return
        self._shown = rows
        if self._live is None:
            self._live = Live(console=self._console, auto_refresh=False)
            self._live.start()
        self._live.update(_draw(rows), refresh=True)

    def rest(self) -> None:
        """Leave the table as it is, and give the cursor back."""
        if self._live is not None:
            self._live.stop()
            self._live = None


def _draw(rows: Sequence[Row]) -> Group:
    from rich.console import Group
    from rich.text import Text

    from grader.demo.progress import align

    lines = [(align("who", "handed in", "state", "score"), "bold")]
    for row in rows:
        lines.append((row.line, _style(row)))
        if row.remark:
            lines.append((f"{_INDENT}{row.remark}", "dim"))
    return Group(
        *(Text(line, style=style, no_wrap=True, overflow="ellipsis") for line, style in lines)
    )


def _style(row: Row) -> str:
    if row.is_expected is not None:
        return "green" if row.is_expected else "bold red"
    return {"running": "yellow", "failed": "bold red"}.get(row.state, "")
