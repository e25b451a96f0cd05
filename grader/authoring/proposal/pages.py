"""The texts of a proposed assignment: its assignment.toml and its handout."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.authoring.proposal.proposing import Proposal
from grader.authoring.proposal.signatures import Function
from grader.authoring.proposal.toml import (
    write_check,
    write_comment,
    write_entries,
    write_sets,
    write_value,
)
from grader.authoring.proposal.trials import Failed

_HEAD = """\
# What is graded, written by `grader assignment new` and yours to change.
# Every key with its default: docs/formats.md. After each change:
#
#     grader assignment validate {slug}

title = {title}
files = ["solution.py"]     # what a student hands in
starter_max = 0             # the untouched starter must not score

# Dates, lateness and attempts; without them the assignment is open for good.
# [policy]
# opens_at = 2027-01-11T09:00:00+00:00
# due_at   = 2027-01-25T23:59:00+00:00
# late     = {{grace = "15m", per_day = 0.1, days = 3}}
# attempts = {{per_day = 20}}

# Of each check; total_time is the whole submission's.
[limits]
wall_time  = "10s"
cpu_time   = "5s"
memory     = "1GiB"
total_time = "60s"

# Inputs are drawn anew for each run. A second set is a batch of one, a third has all lengths
# equal: there a transposed product still has the right shape.
"""
_README = """\
# {title}

(Write here what this is about, and all that is needed to do it: the formulas, what is summed and
what is averaged, what is not penalised.)

Hand in one file, `solution.py`. Start from `starter.py`: it has every function with what it takes
and returns; you replace each `raise NotImplementedError`. You may add functions of your own. The
standard library and numpy are there, nothing else.

## The functions

{functions}
## A worked example

(Put a small example with all its numbers here, one that a student can follow by hand.)

## What is graded

| check | points | asks |
|---|---|---|
{rows}

A check gives all of its points or none. The numbers are random and change from run to run; a check
must hold on several shapes, a batch of one among them.
"""


def write_spec(slug: str, title: str, proposal: Proposal, classes: Sequence[str]) -> str:
    """Return the text of assignment.toml."""
    lines = [_HEAD.format(slug=slug, title=write_value(title))]
    for group in proposal.groups:
        names = ", ".join(dict.fromkeys(draft.function for draft in group.drafts))
        lines.append(f"# --- {names} ".ljust(100, "-"))
        lines.append("")
        lines += write_sets(group)
        for draft in group.drafts:
            lines += write_check(draft, group)
    for failed in proposal.failed:
        lines += _write_gap(failed)
    for name in classes:
        lines += write_comment(
            [f"--- The class {name} has no check yet: only functions are tried."]
        )
    return "\n".join(lines).rstrip() + "\n"


def _write_gap(failed: Failed) -> Iterator[str]:
    """Yield a check in comments, for a function that none was found for."""
    function = failed.function
    parameters = [one for one in function.parameters if one.default is None]
    names = [one.name for one in parameters]
    told = f" Tried {failed.n_tried} ways, as {failed.tried}" if failed.tried else ""
    yield from write_comment(
        [
            f"--- {function.name} has no check yet.{told}:",
            f"{failed.reason[:90]}",
            "Say how its inputs are drawn, and take the marks of comment away:",
            "",
            f"[inputs.{function.name.replace('_', '-')}]",
            *write_entries(dict.fromkeys(names, "{normal = [4, 6]}")),
            "",
            "[[checks]]",
            *write_entries(
                {
                    "id": write_value(function.name.replace("_", "-")),
                    "kind": '"output"',
                    "inputs": write_value(function.name.replace("_", "-")),
                    "run": write_value(f"out = {function.name}({', '.join(names)})"),
                    "compare": '["out"]',
                }
            ),
        ]
    )
    yield ""


def write_readme(title: str, functions: Sequence[Function], proposal: Proposal) -> str:
    """Return the skeleton of the handout: the functions, and the table of checks."""
    rows = [
        f"| `{one.id}` | {one.points} | {one.title.replace('|', chr(92) + '|')} |"
        for one in proposal.drafts
    ]
    return _README.format(
        title=title,
        functions="\n".join(map(_write_function, functions)),
        rows="\n".join(rows),
    )


def _write_function(function: Function) -> str:
    text = f"### `{function.header}`\n"
    if not function.docstring:
        return f"{text}\n(Write what it takes and returns.)\n"
    first, *rest = function.docstring.strip().split("\n")
    below = "\n".join(rest).strip("\n")
    return f"{text}\n{first}\n" + (f"\n```text\n{below}\n```\n" if below.strip() else "")
