"""What people see: a table on a terminal, plain lines elsewhere.

rich is imported only where a person watches: it would cost every other run a tenth of a second.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal

from grader.cli.pictures import LEAST_COLUMNS, write_picture_text
from grader.plot_words import describe_plot
from grader.report import CheckResult, Report
from grader.text import printable

_PRINTED_CHARACTERS = 2000


def print_report(report: Report) -> None:
    """Print a report: the checks, what is wrong with those that failed, and the score."""
    rows = [
        (
            result.is_passed,
            (
                result.judgement.verdict.value,
                f"{plain(result.score)}/{plain(result.points)}",
                result.check,
                result.title,
            ),
        )
        for result in report.results
    ]
    print_table(("verdict", "score", "check", "title"), rows)
    for result in report.results:
        details = _details(result)
        if details:
            print_line("")
            print_line(result.check, is_bold=True)
            for line in details:
                print_line(f"  {line}")
    if report.notes:
        print_line("")
    for note in report.notes:
        print_line(f"note: {note}")
    score = "" if report.score is None else f" Score {plain(report.score)}"
    print_line(f"{report.summary}.{score} of {plain(report.max_score)}.", is_bold=True)


def _details(result: CheckResult) -> list[str]:
    judgement = result.judgement
    told = dict.fromkeys([judgement.message, *(one.message for one in judgement.diagnosis)])
    lines = [line for line in told if line and not result.is_passed]
    if sys.stdout.isatty() and shutil.get_terminal_size().columns >= LEAST_COLUMNS:
        # The worst one: a screen is soon full.
        lines += [f"  {line}" for one in judgement.pictures[:1] for line in write_picture_text(one)]
    if not result.is_passed:
        lines += [line for plot in judgement.plots for line in describe_plot(plot)]
    lines += [f"note: {note}" for note in judgement.notes]
    if result.output and not result.is_passed:
        shown = result.output[:_PRINTED_CHARACTERS].rstrip("\n").replace("\n", "\n    ")
        lines.append(f"printed:\n    {shown}")
    return lines


def print_table(
    columns: Sequence[str],
    rows: Sequence[tuple[bool | None, Sequence[str]]],
    *,
    has_head: bool = False,
) -> None:
    """Print rows under columns; a row's state colours its first cell.

    Off a terminal the columns have a head only where `has_head` says that they need one.
    """
    if not rows:
        return
    cleaned = [(state, [printable(cell) for cell in cells]) for state, cells in rows]
    if sys.stdout.isatty():
        from grader.cli.terminal import draw_table

        draw_table(columns, cleaned)
        return
    if has_head:
        cleaned.insert(0, (None, list(columns)))
    widths = [max(len(cells[i]) for _, cells in cleaned) for i in range(len(columns) - 1)]
    for _, (*cells, last) in cleaned:
        padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=True)]
        sys.stdout.write("  ".join([*padded, last]).rstrip() + "\n")


def print_line(line: str, *, is_bold: bool = False) -> None:
    """Print a line of text with its control characters replaced, wrapped at a terminal."""
    line = printable(line)
    if sys.stdout.isatty():
        from grader.cli.terminal import draw_line

        draw_line(line, is_bold=is_bold)
    else:
        sys.stdout.write(line + "\n")


@contextmanager
def show_progress(what: str, total: int) -> Iterator[Callable[[], None]]:
    """Show how far a longer piece of work has come, where a person watches; yield the step."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from grader.cli.terminal import draw_progress

    with draw_progress(what, total) as advance:
        yield advance


@contextmanager
def show_state(state: str) -> Iterator[Callable[[str], None]]:
    """Show on stderr what is going on: one live line at a terminal, a line a change elsewhere."""
    if sys.stderr.isatty():
        from grader.cli.terminal import draw_state

        with draw_state(printable(state)) as draw:
            yield lambda line: draw(printable(line))
        return
    last = state

    def write(line: str) -> None:
        nonlocal last
        if line != last:
            sys.stderr.write(printable(line) + "\n")
        last = line

    yield write


def plain(points: Decimal) -> str:
    """Return points without an exponent and without zeros that say nothing."""
    text = f"{points:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
