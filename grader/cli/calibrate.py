"""`grader assignment calibrate`: which tolerances right programs ask for."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from grader.cli.assignment import open_places
from grader.cli.check import load
from grader.cli.render import print_line, print_table, show_progress

if TYPE_CHECKING:
    from grader.authoring.calibration import Calibration


def run_calibrate(
    name: str, *, is_json: bool, n_seeds: int, seed: int, tier: str, is_unsafe: bool
) -> int:
    """Print the errors of right programs beside the tolerances, and what is proposed."""
    from grader.authoring.calibration import calibrate, count_runs

    assignment = load(name)
    found: Sequence[Calibration] = ()
    with (
        open_places(assignment, tier, is_unsafe=is_unsafe) as places,
        show_progress("calibrating", count_runs(assignment, n_seeds)) as advance,
    ):
        for known in calibrate(assignment, places, range(seed, seed + n_seeds)):
            found = list(known.values())
            advance()
    holds = all(one.holds for one in found)
    if is_json:
        entries = [_entry(one) for one in found]
        sys.stdout.write(json.dumps({"holds": holds, "checks": entries}, indent=2) + "\n")
    else:
        _print(found)
    return 0 if holds else 1


def _entry(one: Calibration) -> dict[str, object]:
    tolerances = one.tolerances
    return {
        "check": one.check,
        "holds": one.holds,
        "runs": one.n_runs,
        "passed": one.n_passed,
        "rtol": None if tolerances is None else tolerances.rtol,
        "atol": None if tolerances is None else tolerances.atol,
        "relative_error": {
            "median": one.quantile(0.5),
            "p99": one.quantile(0.99),
            "max": one.worst,
        },
        "proposed_rtol": one.proposed_rtol,
        "proposed_atol": one.proposed_atol,
        "float32": {
            "runs": one.n_single_runs,
            "passed": one.n_single_passed,
            "max": max(one.single_errors, default=None),
            "proposed_rtol": one.proposed_single_rtol,
        },
        "problems": list(one.problems),
    }


_COLUMNS = ("check", "median", "99 %", "worst", "rtol", "enough", "passes", "float32")


def _print(found: Sequence[Calibration]) -> None:
    for one in found:
        for problem in one.problems:
            print_line(problem)
    if not all(one.holds for one in found):
        print_line("")
    print_table(_COLUMNS, [_row(one) for one in found], has_head=True)
    for one in found:
        if one.proposed_atol:
            told = f"where right values are 0, atol = {one.proposed_atol:.0e} is enough"
            print_line(f"{one.check}: {told}")
    refused = [one.check for one in found if not one.holds]
    if refused:
        print_line(f"Refused: right programs fail {', '.join(refused)}.", is_bold=True)
    else:
        print_line("Every right program passes every check in every run.", is_bold=True)


def _row(one: Calibration) -> tuple[bool, tuple[str, ...]]:
    passes = f"{one.n_passed}/{one.n_runs}"
    worst = f"{_short(max(one.single_errors))} " if one.single_errors else ""
    single = f"{worst}{one.n_single_passed}/{one.n_single_runs}"
    if one.tolerances is None:
        return one.holds, (one.check, "", "", "", "", "", passes, single)
    rtol = one.tolerances.rtol
    return one.holds, (
        one.check,
        _short(one.quantile(0.5)),
        _short(one.quantile(0.99)),
        _short(one.worst),
        "usual" if rtol is None else f"{rtol:.0e}",
        f"{one.proposed_rtol:.0e}",
        passes,
        single,
    )


def _short(error: float) -> str:
    return "0" if error == 0 else f"{error:.0e}"
