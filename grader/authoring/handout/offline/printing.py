"""Prints what a handout's check found: as `grader check` does, with the standard library alone."""

from __future__ import annotations

import shutil
import sys
import textwrap
from decimal import Decimal

from grader.authoring.handout.offline.stored import Stored
from grader.report import CheckResult, Report, Verdict

_PRINTED_CHARACTERS = 2000
_WIDEST = 100


def print_report(report: Report, stored: Stored) -> None:
    """Print the checks, what is wrong with those that failed, and what is judged later."""
    width = max((len(one.check) for one in report.results), default=0)
    for one in report.results:
        _print(f"{one.judgement.verdict.value:<15}  {one.check:<{width}}  {one.title}", 19 + width)
    for one in report.results:
        details = _details(one)
        if details:
            _print(f"\n{one.check}")
        for line in details:
            _print(f"  {line}", 2)
    for note in report.notes:
        _print(f"note: {note}", 2)
    later = len(stored.later)
    for check in stored.later:
        _print(f"later: {check.id}: {check.reason}", 2)
    _print("\n" + _summary(report, report.n_hidden + later))


def _summary(report: Report, n_later: int) -> str:
    n_passed = sum(one.is_passed for one in report.results)
    n_checks = len(report.results)
    verb = "passes" if n_checks == 1 else "pass"
    line = f"{n_passed} of {n_checks} visible checks {verb}"
    if n_later:
        line += f"; {n_later} more {'is' if n_later == 1 else 'are'} judged after you hand in"
    earned = sum((one.score for one in report.results), Decimal(0))
    possible = sum((one.points for one in report.results), Decimal(0))
    return f"{line}. {_plain(earned)} of {_plain(possible)} points."


def _details(result: CheckResult) -> list[str]:
    judgement = result.judgement
    told = dict.fromkeys([judgement.message, *(one.message for one in judgement.diagnosis)])
    lines = [line for line in told if line and judgement.verdict is not Verdict.PASSED]
    lines += [f"note: {note}" for note in judgement.notes]
    if result.output:
        lines.append("printed:")
        lines += [f"  {line}" for line in result.output[:_PRINTED_CHARACTERS].splitlines()]
    return lines


def _print(line: str, indent: int = 0) -> None:
    """Print a line, wrapped where a person reads it."""
    if sys.stdout.isatty():
        columns = min(shutil.get_terminal_size().columns, _WIDEST)
        head, body = ("\n", line[1:]) if line.startswith("\n") else ("", line)
        line = head + textwrap.fill(
            body, max(columns, 40), subsequent_indent=" " * min(indent, 30), break_long_words=False
        )
    sys.stdout.write(line + "\n")


def _plain(points: Decimal) -> str:
    text = f"{points:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
