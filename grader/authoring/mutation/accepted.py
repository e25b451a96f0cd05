"""MUTANTS.md: the survivors that an author accepts, each with a reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.authoring.mutation.mutating import Workplace, judge_some, read_kept
from grader.authoring.mutation.results import Judged, MutationResult, State
from grader.expected import ExpectedValues
from grader.sandbox.pool import Slot
from grader.spec import Assignment
from grader.spec.archive import MUTANTS_FILE

TODO = "TODO"
_ENTRY = re.compile(r"- `(?P<id>[^`]+)` \((?P<shown>.*)\):(?P<reason>.*)")
_HEADER = """\
# Survivors that are accepted

Wrong solutions, made by `grader assignment mutate`, that no check finds, and why that is right.
A line is an id, what the mutant changes, and the reason.

"""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A survivor that the author accepts."""

    id: str
    reason: str
    line: int
    """In MUTANTS.md."""


@dataclass(frozen=True, slots=True)
class AcceptedProblem:
    """Something wrong with MUTANTS.md, and its line."""

    line: int
    problem: str

    def __str__(self) -> str:
        return f"{MUTANTS_FILE}:{self.line}: {self.problem}"


def read_accepted(folder: Path) -> tuple[Accepted, ...]:
    """Return the entries of an assignment folder's MUTANTS.md, none where there is no such file."""
    path = folder / MUTANTS_FILE
    if not path.exists():
        return ()
    return tuple(_read_entries(path.read_text("utf-8", errors="replace")))


def _read_entries(text: str) -> Iterator[Accepted]:
    entry: Accepted | None = None
    for number, line in enumerate(text.splitlines(), 1):
        found = _ENTRY.fullmatch(line.rstrip())
        if found:
            if entry:
                yield entry
            entry = Accepted(found["id"], found["reason"].strip(), number)
        elif line.startswith("- "):
            if entry:
                yield entry
            entry = Accepted("", line, number)
        elif entry and line.startswith("  "):
            entry = Accepted(entry.id, f"{entry.reason} {line.strip()}".strip(), entry.line)
        elif entry and line.strip():
            yield entry
            entry = None
    if entry:
        yield entry


def find_form_problems(accepted: Iterable[Accepted]) -> Iterator[AcceptedProblem]:
    """Yield what is wrong with the entries as they are written."""
    known: dict[str, int] = {}
    for one in accepted:
        if not one.id:
            yield AcceptedProblem(
                one.line, "is no entry: write - `id` (line, before -> after): why"
            )
            continue
        if one.id in known:
            yield AcceptedProblem(one.line, f"{one.id} stands in line {known[one.id]} already")
        known.setdefault(one.id, one.line)
        if not one.reason or one.reason.startswith(TODO):
            yield AcceptedProblem(one.line, f"{one.id} has no reason: say why no check finds it")


def find_stale(accepted: Iterable[Accepted], states: dict[str, State]) -> Iterator[AcceptedProblem]:
    """Yield the entries of mutants that do not exist, or do not survive any more."""
    for one in accepted:
        if not one.id:
            continue
        state = states.get(one.id)
        if state is None:
            yield AcceptedProblem(one.line, f"there is no mutant {one.id}: remove the line")
        elif state is not State.SURVIVED:
            told = "a check finds it" if state is State.KILLED else "it is equivalent"
            yield AcceptedProblem(one.line, f"{one.id} does not survive, {told}: remove the line")


def find_unexplained(result: MutationResult, accepted: Iterable[Accepted]) -> tuple[Judged, ...]:
    """Return the survivors without an entry that gives a reason."""
    explained = {one.id for one in accepted if one.reason and not one.reason.startswith(TODO)}
    return tuple(one for one in result.of_state(State.SURVIVED) if one.id not in explained)


def compare_accepted(
    assignment: Assignment,
    slot: Slot,
    expected: ExpectedValues,
    seed: int = 0,
    cache_dir: Path | None = None,
) -> Iterator[AcceptedProblem]:
    """Yield what is wrong with an assignment's MUTANTS.md; the mutants in it are judged again.

    Where a whole run on this very assignment was kept, a survivor that is missing is told, too.
    """
    accepted = read_accepted(assignment.folder)
    if accepted:
        yield from find_form_problems(accepted)
        place = Workplace(assignment, slot, expected, seed, cache_dir)
        # Whether one has become equivalent is `mutate`'s to find: it has the time.
        judged = judge_some(place, frozenset(one.id for one in accepted), is_compared=False)
        states = {name: one.state for name, (_, one) in judged.items()}
        yield from find_stale(accepted, states)
    kept = read_kept(assignment, seed, cache_dir)
    if kept is not None:
        named = {one.id for one in accepted}
        for one in kept.of_state(State.SURVIVED):
            if one.id not in named:
                yield AcceptedProblem(1, f"{one.id} survives and is not named: {describe(one)}")


def describe(mutant: Judged) -> str:
    """Return where a mutant is and what it changes."""
    return f"line {mutant.line}, {mutant.before} -> {mutant.after}"


def write_accepted(folder: Path, survivors: Sequence[Judged]) -> int:
    """Add the survivors that are not in MUTANTS.md yet; return how many these are."""
    path = folder / MUTANTS_FILE
    named = {one.id for one in read_accepted(folder)}
    new = [one for one in survivors if one.id not in named]
    if not new:
        return 0
    text = path.read_text("utf-8") if path.exists() else _HEADER
    lines = [f"- `{one.id}` ({describe(one)}): {TODO}" for one in new]
    path.write_text("\n".join([text.rstrip("\n"), *([""] if not named else []), *lines]) + "\n")
    return len(new)
