"""Rows of a benchmark: what was measured, the goal, and whether it holds."""

from __future__ import annotations

import argparse
import json
import operator
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

_COMPARISONS = {"<=": operator.le, ">=": operator.ge}


@dataclass(frozen=True, slots=True)
class Row:
    """One figure; `value` is None where nothing was measured, which never holds."""

    name: str
    value: float | None
    unit: str
    goal: str
    """A comparison and a number, such as `<= 0.6`."""

    @property
    def holds(self) -> bool:
        """Whether the value meets the goal."""
        comparison, number = self.goal.split()
        return self.value is not None and _COMPARISONS[comparison](self.value, float(number))


def run_benchmark(
    description: str, measure: Callable[[bool], Sequence[Row]], argv: Sequence[str] | None = None
) -> int:
    """Measure, print a table or JSON, and return 0 where every row holds."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", action="store_true", help="print a list of rows, nothing else")
    parser.add_argument("--quick", action="store_true", help="end within 60 seconds")
    options = parser.parse_args(argv)
    rows = measure(options.quick)
    if options.json:
        entries = [{**asdict(row), "holds": row.holds} for row in rows]
        sys.stdout.write(json.dumps(entries, indent=2) + "\n")
    else:
        width = max(len(row.name) for row in rows)
        for row in rows:
            value = "not measured" if row.value is None else f"{row.value:.3g} {row.unit}"
            state = "holds" if row.holds else "DOES NOT HOLD"
            sys.stdout.write(f"{row.name:<{width}}  {value:>14}  goal {row.goal:<8}  {state}\n")
    return 0 if all(row.holds for row in rows) else 1
