"""A mistake at the top of assignment.toml, in its policy, limits or inputs: one line with the file, the line, the key, what to do."""

# ruff: noqa: E501  (rows of a table)
from __future__ import annotations

from typing import NamedTuple

import pytest

from grader.spec import parse_spec


class Bad(NamedTuple):
    """A text with one mistake, on the line marked HERE."""

    text: str
    key: str
    problem: str
    remedy: str


def top(lines: str) -> str:
    """Put lines in front of a valid check."""
    return f"""title = "T"
{lines}
[[checks]]
id = "a"
kind = "output"
run = "out = f(1)"
compare = ["out"]
"""


def drawn(table: str) -> str:
    """Put a table that draws an input into a set."""
    return top(f"[inputs.batch]\nx = {table} # HERE")


BAD = {
    "no title": Bad(
        '[[checks]] # HERE\nid="a"\nkind="output"\nrun="o = f()"\ncompare=["o"]',
        "title", "the key `title` is missing", "add it",
    ),
    "unknown key": Bad(top('titel = "x" # HERE'), "titel", "unknown key", "`title`"),
    "unknown table": Bad(top("[limit] # HERE"), "limit", "unknown key", "`limits`"),
    "misspelt defaults": Bad(top("[default] # HERE"), "default", "unknown key", "`defaults`"),
    "title is a number": Bad(
        top("package = 3 # HERE"), "package", "must be a string, not the number 3", "quotes"
    ),
    "empty check list": Bad('title = "T"\nchecks = [] # HERE', "checks", "no check", "[[checks]]"),
    "checks is a table": Bad(
        'title = "T"\n[checks] # HERE\nid = "a"', "checks", "must be a list", "brackets"
    ),
    "files is a string": Bad(
        top('files = "solution.py" # HERE'), "files", "must be a list, not the string", "brackets"
    ),
    "files is empty": Bad(top("files = [] # HERE"), "files", "is empty", "at least one"),
    "file in a folder": Bad(
        top('files = ["a.py",\n "src/b.py"] # HERE'), "files[1]", "not a plain file name", "folders"
    ),
    "file outside": Bad(
        top('data = ["../secret.csv"] # HERE'), "data[0]", "not a plain file name", "folders"
    ),
    "absolute file": Bad(
        top('data = ["/etc/passwd"] # HERE'), "data[0]", "not a plain file name", "folders"
    ),
    "hidden file": Bad(
        top('data = [".netrc"] # HERE'), "data[0]", "not a plain file name", "folders"
    ),
    "file is no module": Bad(
        top('files = ["my-solution.py"] # HERE'), "files[0]", "not a Python module", "solution.py"
    ),
    "support is no module": Bad(
        top('support = ["cases.txt"] # HERE'), "support[0]", "not a Python module", "solution.py"
    ),
    "file twice": Bad(
        top('files = ["a.py", "A.py"] # HERE'), "files[1]", "'A.py' stands here twice", "once"
    ),
    "file in two roles": Bad(
        top('support = ["solution.py"] # HERE'), "support[0]", "is named twice", "keep one"
    ),
    "allowed module": Bad(top('allow = ["num py"] # HERE'), "allow[0]", "module", "numpy"),
    "shim": Bad(
        top('shims = ["python2-builtin"] # HERE'), "shims[0]", "stand-ins", "`python2-builtins`"
    ),
    "package": Bad(top('package = "cs-231n" # HERE'), "package", "not the name of a module", "num"),
    "starter_max over 1": Bad(
        top("starter_max = 10 # HERE"), "starter_max", "must be at most 1, not 10", "number"
    ),
    "starter_max is a boolean": Bad(
        top("starter_max = true # HERE"), "starter_max", "a number, not the boolean true", "0.5"
    ),
    "team of zero": Bad(top("team = {min = 0} # HERE"), "team.min", "must be at least 1", "number"),
    "team upside down": Bad(
        top("team = {min = 3, max = 2} # HERE"), "team.max", "is less than `min`", "min <= max"
    ),
    "requirements elsewhere": Bad(
        top('[environment]\nrequirements = "../lock.txt" # HERE'),
        "environment.requirements", "not a plain file name", "folders",
    ),
    # policy
    "date without an offset": Bad(
        top("[policy]\ndue_at = 2026-10-14T23:59:00 # HERE"),
        "policy.due_at", "no offset from UTC", "-04:00",
    ),
    "date without a time": Bad(
        top("[policy]\ndue_at = 2026-10-14 # HERE"),
        "policy.due_at", "must be a date with a time", "without quotes",
    ),
    "date in quotes": Bad(
        top('[policy]\ndue_at = "2026-10-14T23:59:00-04:00" # HERE'),
        "policy.due_at", "must be a date with a time, not the string", "without quotes",
    ),
    "due before it opens": Bad(
        top("[policy]\nopens_at = 2026-10-14T09:00:00Z\ndue_at = 2026-10-13T09:00:00Z # HERE"),
        "policy.due_at", "is not after `opens_at`", "move",
    ),
    "offsets of no zone": Bad(
        top(
            "[policy]\nopens_at = 2026-10-01T09:00:00-04:00\n"
            "due_at = 2026-10-14T23:59:00-05:00 # HERE"
        ),
        "policy.due_at", "no time zone has these offsets", "daylight",
    ),
    "offset of no zone": Bad(
        top("[policy]\nopens_at = 2026-10-01T09:00:00+05:17 # HERE"),
        "policy.opens_at", "no time zone has these offsets", "daylight",
    ),
    "two kinds of lateness": Bad(
        top("[policy]\nlate = {per_day = 0.1, per_hour = 0.01} # HERE"),
        "policy.late.per_hour", "exclude each other", "keep one",
    ),
    "more than all is taken": Bad(
        top("[policy]\nlate = {per_day = 10} # HERE"),
        "policy.late.per_day", "must be at most 1, not 10", "number",
    ),
    "grace is a number": Bad(
        top("[policy]\nlate = {grace = 15} # HERE"),
        "policy.late.grace", "is not a duration", '"15m"',
    ),
    "steps out of order": Bad(
        top('[policy]\nlate = {steps = [["24h", 0.2],\n ["1h", 0.3]]} # HERE'),
        "policy.late.steps[1]", "must come later", "order",
    ),
    "half a step": Bad(
        top('[policy]\nlate = {steps = [["24h"]]} # HERE'),
        "policy.late.steps[0]", "a duration and a share", '["24h", 0.20]',
    ),
    "no attempts": Bad(
        top("[policy]\nattempts = {per_day = 0} # HERE"),
        "policy.attempts.per_day", "must be at least 1", "number",
    ),
    "unknown way to count": Bad(
        top('[policy]\ncounts = "bets" # HERE'), "policy.counts", "not valid", "`best`"
    ),
    # limits and defaults
    "limit without a unit": Bad(
        top('[limits]\nwall_time = "10" # HERE'), "limits.wall_time", "not a duration", '"10s"'
    ),
    "limit of zero": Bad(
        top('[limits]\ncpu_time = "0s" # HERE'), "limits.cpu_time", "more than zero", "positive"
    ),
    "decimal size": Bad(
        top('[limits]\nmemory = "1GB" # HERE'), "limits.memory", "is not a size", '"1GiB"'
    ),
    "size too large": Bad(
        top('[limits]\nmemory = "2000GiB" # HERE'), "limits.memory", "more than 1024GiB", "smaller"
    ),
    "misspelt limit": Bad(
        top('[limits]\nwalltime = "1s" # HERE'), "limits.walltime", "unknown key", "`wall_time`"
    ),
    "default of no kind": Bad(
        top('[defaults]\nvisble = "always" # HERE'), "defaults.visble", "no kind", "`visible`"
    ),
    "default id": Bad(top('[defaults]\nid = "x" # HERE'), "defaults.id", "one check alone", "leave it out"),
    "wrong default": Bad(
        top('[defaults]\nrtol = "tiny" # HERE'), "defaults.rtol", "must be a number", "0.5"
    ),
    "wrong default that nobody takes": Bad(
        top('[defaults]\nreturns = "out" # HERE'), "defaults.returns", "must be a list", "brackets"
    ),
    "defaults is no table": Bad(
        top("defaults = 1 # HERE"), "defaults", "is not a table", "[defaults]"
    ),
    # inputs
    "misspelt generator": Bad(
        drawn("{norml = [3]}"), "inputs.batch.x", "how its numbers are drawn", "`normal`"
    ),
    "two generators": Bad(
        drawn("{normal = [3], zeros = [3]}"),
        "inputs.batch.x.zeros", "`normal` and `zeros` exclude each other", "keep one",
    ),
    "misspelt key of a generator": Bad(
        drawn("{normal = [3], minabs = 0.1}"), "inputs.batch.x.minabs", "unknown key", "`min_abs`"
    ),
    "key of another generator": Bad(
        drawn("{normal = [3], low = 0.1}"), "inputs.batch.x.low", "unknown key", "known here"
    ),
    "shape of a float": Bad(
        drawn("{normal = [3, 2.5]}"), "inputs.batch.x.normal[1]", "whole number", "3"
    ),
    "empty axis": Bad(
        drawn("{normal = [0]}"), "inputs.batch.x.normal[0]", "must be at least 1", "number"
    ),
    "huge array": Bad(
        drawn("{normal = [100000, 100000]}"), "inputs.batch.x.normal", "elements", "smaller"
    ),
    "infinite scale": Bad(
        drawn("{normal = [3], scale = inf}"), "inputs.batch.x.scale", "finite", "number"
    ),
    "scale of zero": Bad(
        drawn("{normal = [3], scale = 0}"), "inputs.batch.x.scale", "alike", "another"
    ),
    "min_abs beyond the numbers": Bad(
        drawn("{normal = [3], min_abs = 5}"), "inputs.batch.x.min_abs", "leaves no", "smaller"
    ),
    "min_abs beyond the interval": Bad(
        drawn("{uniform = [3], min_abs = 2}"), "inputs.batch.x.min_abs", "leaves no", "smaller"
    ),
    "empty interval": Bad(
        drawn("{uniform = [3], low = 2, high = 1}"), "inputs.batch.x.high", "`low`", "low < high"
    ),
    "ties by rounding": Bad(
        drawn('{permuted = [100, 100], dtype = "float16"}'),
        "inputs.batch.x.permuted", "cannot tell so many numbers apart", "",
    ),
    "linspace without shape": Bad(
        drawn("{linspace = [0, 1]}"), "inputs.batch.x.shape", "is missing", "add it"
    ),
    "linspace of three": Bad(
        drawn("{linspace = [0, 1, 2], shape = 3}"), "inputs.batch.x.linspace", "2 items", "many"
    ),
    "labels without size": Bad(
        drawn("{labels = 3}"), "inputs.batch.x.size", "is missing", "add it"
    ),
    "integers without high": Bad(
        drawn("{integers = [3]}"), "inputs.batch.x.high", "is missing", "add it"
    ),
    "integers out of their dtype": Bad(
        drawn('{integers = [3], high = 300, dtype = "int8"}'),
        "inputs.batch.x.dtype", "int8 does not hold", "",
    ),
    "floating dtype of labels": Bad(
        drawn('{labels = 3, size = 2, dtype = "float64"}'), "inputs.batch.x.dtype", "dtype", "int64"
    ),
    "misspelt dtype": Bad(
        drawn('{normal = [3], dtype = "flaot32"}'), "inputs.batch.x.dtype", "dtype", "`float32`"
    ),
    "fraction in an array of integers": Bad(
        drawn('{value = [1.5], dtype = "int64"}'), "inputs.batch.x.value", "hold 1.5", "change"
    ),
    "ragged array": Bad(
        drawn("{value = [[1, 2], [3]]}"), "inputs.batch.x.value", "differ in length", "one length"
    ),
    "identity of three axes": Bad(
        drawn("{eye = [2, 2, 2]}"), "inputs.batch.x.eye", "is a matrix", "eye = 3"
    ),
    "nothing to choose from": Bad(
        drawn("{choice = []}"), "inputs.batch.x.choice", "nothing to choose", "list"
    ),
    "a date as input": Bad(drawn("2026-10-14"), "inputs.batch.x", "no value of an input", "numbers"),
    "an integer beyond 64 bits": Bad(
        drawn("100000000000000000000"), "inputs.batch.x", "64 bits", "1e20"
    ),
    "an input called np": Bad(
        top("[inputs.batch]\nnp = 1 # HERE"), "inputs.batch.np", "numpy", "another name"
    ),
    "an input with a hyphen": Bad(
        top("[inputs.batch]\nx-y = 1 # HERE"), "inputs.batch.x-y", "not a name", "rename"
    ),
    "input set is a number": Bad(top("inputs = {batch = 3} # HERE"), "inputs.batch", "table", "{x"),
    # leaderboard
    "leaderboard of an unknown value": Bad(
        top('leaderboard = {value = "otu"} # HERE'), "leaderboard.value", "no check returns", "`out`"
    ),
    "order of the leaderboard": Bad(
        top('leaderboard = {value = "out", order = "down"} # HERE'),
        "leaderboard.order", "not valid", "asc",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_mistake_is_told_with_its_line_key_and_remedy(name, assert_told):
    assert_told(*BAD[name])


def test_only_the_marked_line_is_wrong():
    assert 60 <= len(BAD)
    assert ("T",) == (parse_spec(top("")).title,)
