"""What MUTANTS.md says of wrong solutions that no check finds, held against what they do."""

from __future__ import annotations

from pathlib import Path

from grader.authoring.mutation.accepted import compare_accepted, read_accepted
from grader.authoring.mutation.mutating import read_kept
from grader.authoring.validation.finding import Finding
from grader.authoring.validation.places import Place
from grader.spec import Assignment


def find_mutants(
    assignment: Assignment, place: Place, seed: int, cache_dir: Path | None
) -> Finding:
    """Return whether the survivors of an assignment are the ones that its author has accepted.

    Those that are listed are judged again. Whether there are others is known only where `mutate`
    has been run on this version, here.
    """
    n_accepted = len(read_accepted(assignment.folder))
    compared = compare_accepted(assignment, place.slot, place.expected, seed, cache_dir)
    problems = tuple(map(str, compared))
    brief = f"survivors explained: {n_accepted}"
    if read_kept(assignment, seed, cache_dir) is None:
        brief += "; `mutate` has not been run on this version here"
    return Finding("mutants", "MUTANTS.md names every survivor", problems=problems, brief=brief)
