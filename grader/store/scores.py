"""The current score of a submission: a query over the lines of the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from grader.store.tables import EntryKind, LedgerEntry, Submission

_MOST_PARAMETERS = 10_000
"""Of one statement: both databases have a limit."""


_Line: TypeAlias = tuple[Decimal, Decimal]
"""Points and maximum of a line of the ledger."""


@dataclass(frozen=True, slots=True)
class CurrentScore:
    """What a submission is worth today, and how that came about."""

    earned: Decimal | None
    """By the checks; None where a person set a score that no run has given."""
    penalty: Decimal
    """What lateness takes of it."""
    final: Decimal
    max_points: Decimal
    is_overridden: bool


def current_score(session: Session, submission_id: int) -> CurrentScore | None:
    """Return what a submission is worth; None while it has no score."""
    return _query(session, LedgerEntry.submission_id == submission_id).get(submission_id)


def current_scores(session: Session, offering_id: int) -> Mapping[int, CurrentScore]:
    """Return what the submissions to an offering are worth, by submission."""
    return _query(
        session,
        LedgerEntry.submission_id.in_(
            select(Submission.id).where(Submission.offering_id == offering_id)
        ),
    )


def scores_of(session: Session, submission_ids: Iterable[int]) -> Mapping[int, CurrentScore]:
    """Return what these submissions are worth, by submission."""
    wanted = sorted(set(submission_ids))
    scores: dict[int, CurrentScore] = {}
    for start in range(0, len(wanted), _MOST_PARAMETERS):
        some = wanted[start : start + _MOST_PARAMETERS]
        scores |= _query(session, LedgerEntry.submission_id.in_(some))
    return scores


def _query(session: Session, condition: ColumnElement[bool]) -> dict[int, CurrentScore]:
    """Fold the last line of each sort; a regrade is the same sort as the score it replaces."""
    sort = case(
        (LedgerEntry.kind.in_((EntryKind.SCORE, EntryKind.REGRADE)), "earned"),
        (LedgerEntry.kind == EntryKind.PENALTY, "penalty"),
        else_="override",
    )
    last = (
        select(func.max(LedgerEntry.id)).where(condition).group_by(LedgerEntry.submission_id, sort)
    )
    # Columns, not objects: a course has tens of thousands of lines.
    rows = session.execute(
        select(LedgerEntry.submission_id, sort, LedgerEntry.points, LedgerEntry.max_points).where(
            LedgerEntry.id.in_(last)
        )
    )
    lines: dict[int, dict[str, _Line]] = {}
    for submission_id, kind, points, max_points in rows:
        lines.setdefault(submission_id, {})[kind] = (points, max_points)
    return {
        submission_id: score
        for submission_id, kinds in lines.items()
        if (score := _fold(**kinds)) is not None
    }


def _fold(
    earned: _Line | None = None,
    penalty: _Line | None = None,
    override: _Line | None = None,
) -> CurrentScore | None:
    points = None if earned is None else earned[0]
    taken = Decimal(0) if penalty is None else penalty[0]
    if override is not None:
        _, max_points = override if earned is None else earned
        return CurrentScore(points, taken, override[0], max_points, is_overridden=True)
    if earned is None or points is None:
        return None
    final = max(Decimal(0), points - taken)
    return CurrentScore(points, taken, final, earned[1], is_overridden=False)


def append(
    session: Session,
    submission_id: int,
    kind: EntryKind,
    *,
    points: Decimal,
    max_points: Decimal,
    now: datetime,
    reason: str,
    run_id: int | None = None,
    person_id: int | None = None,
    remark_id: int | None = None,
) -> LedgerEntry:
    """Add a line to the ledger; there is no other way to change a score."""
    entry = LedgerEntry(
        submission_id=submission_id,
        kind=kind,
        points=points,
        max_points=max_points,
        run_id=run_id,
        person_id=person_id,
        at=now,
        reason=reason,
        remark_id=remark_id,
    )
    session.add(entry)
    session.flush()
    return entry
