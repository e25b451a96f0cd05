"""An assignment that cannot be trusted is told in one line: the file, the line, the way out."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

TOML = """\
title = "Sums"

[limits]
wall_time = "0.4s"
cpu_time = "0.4s"

[[checks]]
id = "total"
kind = "output"
inputs = {x = {normal = [4, 3]}}
run = "out = total(x)"
compare = ["out"]
"""
ANOTHER = """
[[checks]]
id = "{id}"
kind = "{kind}"
inputs = {{x = {inputs}}}
run = "out = total(np.asarray(x))"
"""
SOLUTION = """\
import numpy as np

HINT = 0.0


def total(x):
    # BEGIN SOLUTION
    return np.add.reduce(x, axis=None) * 1.0
    # END SOLUTION
"""
RETURN = "return np.add.reduce(x, axis=None) * 1.0"
DATES = "\n[policy]\nopens_at = 2026-10-01T09:00:00-04:00\ndue_at = {}\n"


@dataclass(frozen=True, slots=True)
class Bad:
    """What is changed in a folder that holds, and the line that is told of it."""

    place: str
    """Where the line begins, below the folder."""
    says: str
    remedy: str
    toml: tuple[str, str] = ("", "")
    more: str = ""
    solution: tuple[str, str] | None = ("", "")
    status: int = 2


CASES = {
    "no solution": Bad("solution.py:", "is missing", "write the author's", solution=None),
    "circular needs": Bad(
        "assignment.toml:13: checks.total.needs:",
        "in a circle: total -> other -> total",
        "break it",
        more='needs = ["other"]\n'
        + ANOTHER.format(id="other", kind="output", inputs="{normal = [2]}")
        + 'compare = ["out"]\nneeds = ["total"]\n',
    ),
    "negative points": Bad(
        "assignment.toml:13: checks.total.points:",
        "must be a positive number",
        "write",
        more="points = -1\n",
    ),
    "no points": Bad(
        "assignment.toml:13: checks.total.points:",
        "must be a positive number",
        "write",
        more="points = 0\n",
    ),
    "due before it opens": Bad(
        "assignment.toml:16: policy.due_at:",
        "not after `opens_at`",
        "move",
        more=DATES.format("2026-09-30T23:59:00-04:00"),
    ),
    "an offset of no zone": Bad(
        "assignment.toml:16: policy.due_at:",
        "no time zone has these offsets",
        "daylight",
        more=DATES.format("2026-10-14T23:59:00+01:00"),
    ),
    "a check that cannot fail": Bad(
        "assignment.toml:14: checks.free:",
        "it cannot fail",
        "compare what",
        more=ANOTHER.format(id="free", kind="property", inputs="{normal = [2]}")
        + 'returns = ["out"]\nholds = "True"\n',
        status=1,
    ),
    "a hidden value in the starter": Bad(
        "starter.py:3:",
        "0.271828 is hidden in assignment.toml:14: checks.kept",
        "take it out",
        more=ANOTHER.format(id="kept", kind="output", inputs="[0.271828, 2.5]")
        + 'compare = ["out"]\nvisible = "never"\n',
        solution=("HINT = 0.0", "HINT = 0.271828"),
        status=1,
    ),
    "a random solution": Bad(
        "solution.py: checks.total (assignment.toml:7):",
        "two different answers",
        "draw from",
        solution=(RETURN, f"{RETURN} + np.random.default_rng().normal()"),
    ),
    "a solution slower than its limits": Bad(
        "assignment.toml:7: checks.total:",
        "the limit is 0.4 s of wall time",
        "make it faster",
        solution=(RETURN, f"import time; time.sleep(0.5); {RETURN}"),
        status=1,
    ),
    "a solution that raises": Bad(
        "solution.py:8: checks.total:",
        "ZeroDivisionError",
        "correct",
        solution=(RETURN, f"{RETURN} / (1 // 0)"),
    ),
    "a solution that does not parse": Bad(
        "solution.py:8:", "SyntaxError", "mend", solution=(RETURN, "return )")
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_bad_folder_is_told_in_one_line_with_its_place_and_the_way_out(
    name, call, tmp_path, tier_or_reason, require
):
    require(not tier_or_reason.startswith("no tier"), tier_or_reason)
    bad = CASES[name]
    folder = tmp_path / "sums"
    folder.mkdir()
    (folder / "assignment.toml").write_text(TOML + bad.more)
    if bad.solution is not None:
        (folder / "solution.py").write_text(SOLUTION.replace(*bad.solution))
    outcome = call("assignment", "validate", folder, status=bad.status)
    assert "Traceback" not in outcome.stderr
    told = [line.strip().removeprefix("grader: ") for line in _lines(outcome)]
    [line] = [
        line.removeprefix(f"{folder}/") for line in told if ".py:" in line or ".toml:" in line
    ]
    assert line.startswith(bad.place), line
    problem, _, remedy = line.partition("; ")
    assert bad.says in problem
    assert bad.remedy in remedy


def _lines(outcome) -> list[str]:
    return [*outcome.stdout.splitlines(), *outcome.stderr.splitlines()]


def test_the_folder_that_is_spoilt_here_holds(call, tmp_path, tier_or_reason, require):
    require(not tier_or_reason.startswith("no tier"), tier_or_reason)
    (tmp_path / "assignment.toml").write_text(TOML)
    (tmp_path / "solution.py").write_text(SOLUTION)
    assert call("assignment", "validate", tmp_path).stdout.endswith("All of it holds.\n")
