"""All mutants of an assignment: made, judged, and kept by what they depend on."""

from __future__ import annotations

import contextlib
import hashlib
import json
import tempfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from grader import __version__
from grader.authoring.mutation.crew import Crew, Order
from grader.authoring.mutation.judging import Judge
from grader.authoring.mutation.mutants import Mutant, digest_package, make_mutants
from grader.authoring.mutation.results import Judged, MutationResult
from grader.errors import UsageError
from grader.expected import ExpectedValues
from grader.sandbox.pool import Slot
from grader.spec import Assignment

MOST = 250
"""Mutants that are judged; enough to say something, few enough for a minute."""
_FOLDER = "mutation"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where mutants are judged, and from which numbers."""

    assignment: Assignment
    slot: Slot
    expected: ExpectedValues
    seed: int = 0
    cache_dir: Path | None = None
    n_processes: int = 1
    """This one included. A process that may have no children judges alone."""

    def judge(self) -> Judge:
        """Return what judges a mutant here."""
        return Judge(self.assignment, self.slot, self.expected, self.seed)


def mutate(
    place: Workplace,
    *,
    most: int = MOST,
    needed: Collection[str] = (),
    on_made: Callable[[int], None] = lambda _: None,
    on_judged: Callable[[], None] = lambda: None,
) -> MutationResult:
    """Judge the mutants of an assignment, and keep what became of them.

    Parameters
    ----------
    needed
        Ids of mutants that are judged in any case.
    on_made, on_judged
        Called with the number of mutants that will be judged, and then after each.
    """
    made = make_mutants(place.assignment, place.slot, most, needed)
    judge = place.judge()
    knowledge = judge.study(made.raising)
    on_made(len(made.mutants))
    order = Order(
        place.assignment,
        place.slot.tier,
        place.slot.uid,
        place.slot.environments,
        place.cache_dir,
        place.seed,
        knowledge,
    )
    judged: dict[str, Judged] = {}
    with Crew(order, place.n_processes - 1) as crew:
        for one in crew.judge(judge, made.mutants):
            judged[one.id] = one
            on_judged()
    result = MutationResult(
        digest=place.assignment.digest,
        seed=place.seed,
        checks=tuple(check.id for check in place.assignment.spec.checks),
        mutants=tuple(judged[mutant.id] for mutant in made.mutants),
        left_out=made.left_out,
    )
    keep(result, place.cache_dir, most)
    return result


def judge_some(
    place: Workplace, ids: frozenset[str], *, is_compared: bool = True
) -> dict[str, tuple[Mutant, Judged]]:
    """Return the mutants with these ids, judged; an id that none has is left out."""
    made = make_mutants(place.assignment, place.slot, _ALL)
    wanted = [mutant for mutant in made.mutants if mutant.id in ids]
    if not wanted:
        return {}
    functions = {mutant.function for mutant in wanted}
    judge = place.judge()
    judge.study({name: one for name, one in made.raising.items() if name in functions})
    return {mutant.id: (mutant, judge.judge(mutant, is_compared=is_compared)) for mutant in wanted}


def judge_one(place: Workplace, wanted: str) -> tuple[Mutant, Judged]:
    """Return the mutant of an id, judged.

    Raises
    ------
    UsageError
        Where there is no such mutant.
    """
    judged = judge_some(place, frozenset([wanted]))
    if wanted not in judged:
        raise UsageError(
            f"{place.assignment.slug} has no mutant {wanted!r}",
            remedy=f"list them: grader assignment mutate {place.assignment.slug} --json",
        )
    return judged[wanted]


_ALL = 1_000_000


def read_kept(
    assignment: Assignment,
    seed: int,
    cache_dir: Path | None,
    most: int = MOST,
    needed: Collection[str] = (),
) -> MutationResult | None:
    """Return what was kept of an earlier run on this very assignment.

    None where there is none, or one for which a mutant that is needed was left out.
    """
    path = _path(assignment.digest, seed, most, cache_dir)
    if path is None:
        return None
    try:
        kept = MutationResult.from_json(path.read_text("utf-8"))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return None if set(needed) & set(kept.left_out) else kept


def keep(result: MutationResult, cache_dir: Path | None, most: int = MOST) -> None:
    """Keep what became of the mutants, for whoever asks the same again."""
    path = _path(result.digest, result.seed, most, cache_dir)
    if path is None:
        return
    # A folder that cannot be written costs time, nothing else.
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as file:
            json.dump(result.to_json(), file)
        Path(file.name).replace(path)


def _path(digest: str, seed: int, most: int, cache_dir: Path | None) -> Path | None:
    if cache_dir is None:
        return None
    words = f"{_FORMAT} {__version__} {digest_package()} {digest} {seed} {most}"
    return cache_dir / _FOLDER / f"{hashlib.sha256(words.encode()).hexdigest()}.json"
