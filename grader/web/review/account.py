"""A submission's account in words: every line of the ledger with who, when and why."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from grader.store import Session, ledger, people
from grader.store.tables import EntryKind

_WORDS = {
    EntryKind.SCORE: "Score by the checks",
    EntryKind.REGRADE: "Score by the checks, graded again",
    EntryKind.PENALTY: "Taken off for lateness",
    EntryKind.OVERRIDE: "Final score set by hand",
}
_REASONS = {
    "graded": "first grading",
    "regraded": "another run",
    "late": "it is late",
    "not_late": "it is no longer late",
    "set": "",
}


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One line, for a page."""

    at: datetime.datetime
    what: str
    points: Decimal
    max_points: Decimal
    who: str
    why: str
    run_id: int | None


def list_account(session: Session, submission_id: int) -> tuple[AccountLine, ...]:
    """Return the lines of a submission's account, the newest first."""
    entries = ledger.history(session, submission_id)
    names = name_people(session, {entry.person_id for entry in entries})
    remarks = ledger.remarks_of(session, submission_id)
    return tuple(
        AccountLine(
            entry.at,
            _WORDS[entry.kind],
            entry.points,
            entry.max_points,
            names.get(entry.person_id, "the grader"),
            remarks.get(entry.id) or _REASONS.get(entry.reason, entry.reason),
            entry.run_id,
        )
        for entry in reversed(entries)
    )


def name_people(session: Session, ids: set[int | None]) -> dict[int | None, str]:
    """Return people's names by id; whoever was erased has none."""
    found = (people.find_person(session, id_) for id_ in ids if id_ is not None)
    return {one.id: one.name or f"person {one.id}" for one in found if one is not None}
