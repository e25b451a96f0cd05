"""What people see: a table on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from grader.report import CheckResult, Report
from grader.text import printable

_STYLE_OF_STATE = {True: "green", False: "red"}


def _console() -> Console:
    # Markup and emoji codes are off: a student's text is shown as it is, never interpreted.
    return Console(markup=False, emoji=False, highlight=False)


def print_report(report: Report) -> None:
    """Print a report: the checks, what is wrong with those that failed, and the score."""
    console = _console()
    if console.is_terminal:
        console.print(_table_of(report))
    else:
        for result in report.results:
            console.print(_line_of(result), soft_wrap=True)
    for result in report.results:
        if not result.is_passed or result.judgement.notes:
            _print_details(console, result)
    for note in report.notes:
        console.print(Text(f"note: {printable(note)}"), soft_wrap=not console.is_terminal)
    score = "" if report.score is None else f"{_plain(report.score)} of {_plain(report.max_score)}"
    console.print(Text(f"{report.summary}. Score {score}.", style="bold"), soft_wrap=True)


def _table_of(report: Report) -> Table:
    table = Table(show_edge=False, pad_edge=False, title_justify="left")
    table.add_column("check", overflow="fold")
    table.add_column("verdict", no_wrap=True)
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("time", justify="right", no_wrap=True)
    for result in report.results:
        verdict = Text(result.judgement.verdict.value, style=_STYLE_OF_STATE[result.is_passed])
        table.add_row(
            Text(printable(result.title or result.check)),
            verdict,
            f"{_plain(result.score)}/{_plain(result.points)}",
            f"{result.wall_time_s * 1000:.0f} ms",
        )
    return table


def _line_of(result: CheckResult) -> str:
    score = f"{_plain(result.score)}/{_plain(result.points)}"
    verdict = result.judgement.verdict.value
    return f"{verdict:<16}{score:>8}  {result.check}  {printable(result.title)}"


def _print_details(console: Console, result: CheckResult) -> None:
    judgement = result.judgement
    lines = [judgement.message, *(one.message for one in judgement.diagnosis)]
    lines += [f"note: {note}" for note in judgement.notes]
    if result.output and not result.is_passed:
        lines.append(f"printed: {result.output[:2000]}")
    console.print()
    console.print(Text(result.check, style="bold"))
    for line in lines:
        if line:
            console.print(Text(f"  {printable(line)}"), soft_wrap=not console.is_terminal)


def print_table(columns: Sequence[str], rows: Sequence[tuple[bool | None, Sequence[str]]]) -> None:
    """Print rows under columns; a row's state colours its first cell."""
    console = _console()
    if not console.is_terminal:
        widths = [max(len(cells[i]) for _, cells in rows) for i in range(len(columns) - 1)]
        for _, (*cells, last) in rows:
            padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=True)]
            console.print(printable("  ".join([*padded, last])), soft_wrap=True)
        return
    table = Table(show_edge=False, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for state, (first, *rest) in rows:
        style = "" if state is None else _STYLE_OF_STATE[state]
        table.add_row(Text(printable(first), style=style), *(Text(printable(one)) for one in rest))
    console.print(table)


def _plain(points: Decimal) -> str:
    return f"{points:f}".rstrip("0").rstrip(".") if "." in f"{points:f}" else f"{points:f}"


@contextmanager
def show_progress(what: str, total: int) -> Iterator[Callable[[], None]]:
    """Show how far a longer piece of work has come, where a person watches; yield the step."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)
