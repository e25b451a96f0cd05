"""What people see: a table on a terminal, plain lines elsewhere.

rich is imported only where a person watches: it would cost every other run a tenth of a second.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal

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
            _print("", is_bold=False)
            _print(result.check, is_bold=True)
            for line in details:
                _print(f"  {line}", is_bold=False)
    if report.notes:
        _print("", is_bold=False)
    for note in report.notes:
        _print(f"note: {note}", is_bold=False)
    score = "" if report.score is None else f" Score {plain(report.score)}"
    _print(f"{report.summary}.{score} of {plain(report.max_score)}.", is_bold=True)


def _details(result: CheckResult) -> list[str]:
    judgement = result.judgement
    told = dict.fromkeys([judgement.message, *(one.message for one in judgement.diagnosis)])
    lines = [line for line in told if line and not result.is_passed]
    lines += [f"note: {note}" for note in judgement.notes]
    if result.output and not result.is_passed:
        shown = result.output[:_PRINTED_CHARACTERS].rstrip("\n").replace("\n", "\n    ")
        lines.append(f"printed:\n    {shown}")
    return lines


def print_table(columns: Sequence[str], rows: Sequence[tuple[bool | None, Sequence[str]]]) -> None:
    """Print rows under columns; a row's state colours its first cell."""
    if not rows:
        return
    cleaned = [(state, [printable(cell) for cell in cells]) for state, cells in rows]
    if sys.stdout.isatty():
        from grader.cli.terminal import draw_table

        draw_table(columns, cleaned)
        return
    widths = [max(len(cells[i]) for _, cells in cleaned) for i in range(len(columns) - 1)]
    for _, (*cells, last) in cleaned:
        padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=True)]
        sys.stdout.write("  ".join([*padded, last]).rstrip() + "\n")


def _print(line: str, *, is_bold: bool) -> None:
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


def plain(points: Decimal) -> str:
    """Return points without an exponent and without zeros that say nothing."""
    text = f"{points:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
