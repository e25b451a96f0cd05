"""What became of the mutants, and how well that makes the checks look."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

LEAST_ACTIVE = 60
"""So many mutants must be wrong for the score to say something."""


class State(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    SURVIVED = "survived"
    EQUIVALENT = "equivalent"


@dataclass(frozen=True, slots=True)
class Judged:
    """One mutant, and the checks that found it."""

    id: str
    operator: str
    function: str
    line: int
    before: str
    after: str
    state: State
    killed_by: tuple[str, ...] = ()
    judged_by: tuple[str, ...] = ()
    """The checks that came to a verdict; the others never call the function, or had no time."""
    suggestion: str = ""

    @property
    def is_active(self) -> bool:
        """Whether it is wrong at all."""
        return self.state is not State.EQUIVALENT


@dataclass(frozen=True, slots=True)
class CheckScore:
    """How many mutants one check finds."""

    check: str
    killed: int
    judged: int
    alone: int
    """Mutants that no other check finds."""


@dataclass(frozen=True, slots=True)
class MutationResult:
    """All mutants of an assignment, judged."""

    digest: str
    """Of the assignment."""
    seed: int
    checks: tuple[str, ...]
    mutants: tuple[Judged, ...]
    left_out: tuple[str, ...] = ()
    """Ids of mutants for which there was no room."""

    def of_state(self, state: State) -> tuple[Judged, ...]:
        """Return the mutants of which this became, in the order of the file."""
        return tuple(one for one in self.mutants if one.state is state)

    @property
    def n_active(self) -> int:
        """How many mutants are wrong."""
        return sum(one.is_active for one in self.mutants)

    @property
    def score(self) -> float:
        """The share of the active mutants that are found."""
        return len(self.of_state(State.KILLED)) / self.n_active if self.n_active else 0.0

    def check_scores(self) -> tuple[CheckScore, ...]:
        """Return how many mutants each check finds, of those that it can judge."""
        scores = []
        for check in self.checks:
            judged = [one for one in self.mutants if one.is_active and check in one.judged_by]
            killed = [one for one in judged if check in one.killed_by]
            alone = sum(one.killed_by == (check,) for one in killed)
            scores.append(CheckScore(check, len(killed), len(judged), alone))
        return tuple(scores)

    def to_json(self) -> dict[str, Any]:
        """Return it as it is printed and kept."""
        return {
            "digest": self.digest,
            "seed": self.seed,
            "score": self.score,
            "active": self.n_active,
            "left_out": list(self.left_out),
            "checks": [asdict(one) for one in self.check_scores()],
            "families": self._families(),
            "mutants": [asdict(one) for one in self.mutants],
        }

    def _families(self) -> dict[str, dict[str, int]]:
        """Return how many mutants of each family ended in which state."""
        families: dict[str, dict[str, int]] = {}
        for one in self.mutants:
            counts = families.setdefault(one.operator, {state.value: 0 for state in State})
            counts[one.state.value] += 1
        return families

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return what `to_json` wrote.

        Raises
        ------
        ValueError, KeyError, TypeError
            Where it is something else.
        """
        written = json.loads(text)
        return cls(
            written["digest"],
            written["seed"],
            tuple(one["check"] for one in written["checks"]),
            tuple(map(_read_judged, written["mutants"])),
            tuple(written["left_out"]),
        )


def _read_judged(written: dict[str, Any]) -> Judged:
    lists = {name: tuple(written[name]) for name in ("killed_by", "judged_by")}
    return Judged(**{**written, **lists, "state": State(written["state"])})
