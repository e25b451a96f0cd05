"""How far a draft is: what its validation found, and what may be done with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from grader.report import RunStatus
from grader.store.tables import Offering, Run
from grader.text import printable

SHOWN_CHARACTERS = 2000


@dataclass(frozen=True, slots=True)
class State:
    """A few words for a badge, and its kind."""

    text: str
    kind: str
    symbol: str


@dataclass(frozen=True, slots=True)
class FoundSubmission:
    """What a validation found of one submission of the folder."""

    name: str
    expectation: str
    score: Decimal | None
    max_score: Decimal
    is_right: bool
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Validation:
    """The last validation of a draft, as a page shows it."""

    run: Run
    findings: tuple[FoundSubmission, ...]
    error: str

    @property
    def is_open(self) -> bool:
        """Whether it is still to end."""
        return self.run.status in (RunStatus.QUEUED, RunStatus.RUNNING)

    @property
    def is_failed(self) -> bool:
        """Whether it ended through our fault, and says nothing about the assignment."""
        return not self.is_open and self.run.status is not RunStatus.GRADED

    @property
    def holds(self) -> bool:
        """Whether the assignment is what it claims to be."""
        return self.run.status is RunStatus.GRADED and bool((self.run.outcome or {}).get("holds"))

    @property
    def n_wrong(self) -> int:
        """How many submissions were not graded as they must be."""
        return sum(not finding.is_right for finding in self.findings)


def read_validation(run: Run | None) -> Validation | None:
    """Return what a validation run found; texts that a program had a hand in are made safe."""
    if run is None:
        return None
    outcome: Mapping[str, Any] = run.outcome or {}
    return Validation(
        run, tuple(map(_read_finding, outcome.get("findings", ()))), _shown(outcome.get("error"))
    )


def _read_finding(entry: Mapping[str, Any]) -> FoundSubmission:
    problems: Sequence[str] = entry.get("problems", ())
    score = entry.get("score")
    return FoundSubmission(
        _shown(entry["name"]),
        _shown(entry["expectation"]),
        None if score is None else Decimal(score),
        Decimal(entry["max_score"]),
        bool(entry["holds"]),
        tuple(map(_shown, problems)),
    )


def _shown(text: str | None) -> str:
    return printable(text or "", SHOWN_CHARACTERS)


def is_unpublished(offering: Offering) -> bool:
    """Tell whether what was uploaded last differs, for students, from what is published."""
    return offering.draft_version_id is not None and (
        offering.draft_version_id,
        offering.draft_policy,
        offering.draft_handout,
    ) != (offering.published_version_id, offering.policy, offering.handout)


def describe_state(offering: Offering, run: Run | None) -> State:
    """Return in a few words how far an assignment is."""
    validation = read_validation(run)
    if not is_unpublished(offering) or validation is None:
        return State("Published", "good", "✓") if offering.published_at else _NEVER
    about = "New draft" if offering.published_version_id else "Draft"
    if validation.is_open:
        return State(f"{about}: being validated", "busy", "▸")
    if validation.is_failed:
        return State(f"{about}: the grader failed", "warn", "!")
    if validation.holds:
        return State(f"{about}: ready to publish", "idle", "○")
    return State(f"{about}: does not hold", "bad", "✗")


_NEVER = State("Draft: never validated", "warn", "!")
