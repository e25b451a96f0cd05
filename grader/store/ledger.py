"""The ledger: scores, overrides and penalties, each a line that stays for ever."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from grader.errors import NotFound, UsageError
from grader.store import audit
from grader.store.accounts import settle_accounts
from grader.store.locks import lock_course
from grader.store.scores import (
    CurrentScore,
    append,
    current_score,
    current_scores,
    scores_of,
)
from grader.store.tables import (
    AssignmentVersion,
    EntryKind,
    LedgerEntry,
    Offering,
    Remark,
    Run,
    Submission,
    TeamMember,
)

__all__ = [
    "CurrentScore",
    "append",
    "current_score",
    "current_scores",
    "history",
    "override",
    "remarks_of",
    "scores_of",
    "settle",
    "settle_team",
]


def history(session: Session, submission_id: int) -> list[LedgerEntry]:
    """Return all lines of a submission, the oldest first."""
    return list(
        session.scalars(
            select(LedgerEntry)
            .where(LedgerEntry.submission_id == submission_id)
            .order_by(LedgerEntry.id)
        )
    )


def remarks_of(session: Session, submission_id: int) -> dict[int, str]:
    """Return what people wrote about lines of a submission, by the line's id."""
    rows = session.execute(
        select(LedgerEntry.id, Remark.text)
        .join(Remark, LedgerEntry.remark_id == Remark.id)
        .where(LedgerEntry.submission_id == submission_id)
    )
    return {row.id: row.text for row in rows}


def settle(
    session: Session, course_id: int, people: Iterable[int] | None = None, *, now: datetime
) -> int:
    """Append the penalties that are no longer what the policy says; return how many.

    Call it after whatever changes a date, a grant, a score or a choice. `people` are those whom
    the change touches, all of the course by default.
    """
    lock_course(session, course_id)
    settled = settle_accounts(session, course_id, people)
    wanted = {
        submission_id: points
        for one in settled.by_team.values()
        for submission_id, points in one.penalties.items()
    }
    n_changed = 0
    for submission_id, points in sorted(wanted.items()):
        score = settled.scores[submission_id]
        if points != score.penalty:
            n_changed += 1
            append(
                session,
                submission_id,
                EntryKind.PENALTY,
                points=points,
                max_points=score.max_points,
                now=now,
                reason="late" if points else "not_late",
            )
    return n_changed


def settle_team(session: Session, team_id: int, *, now: datetime) -> int:
    """Settle the penalties of a team's members over their course."""
    course_id, people = _find_members(session, team_id)
    return settle(session, course_id, people, now=now)


def _find_members(session: Session, team_id: int) -> tuple[int, list[int]]:
    rows = session.execute(
        select(Offering.course_id, TeamMember.person_id)
        .join(Offering, TeamMember.offering_id == Offering.id)
        .where(TeamMember.team_id == team_id)
    ).all()
    return rows[0].course_id, [row.person_id for row in rows]


def override(
    session: Session,
    submission_id: int,
    *,
    points: Decimal,
    person_id: int,
    remark: str,
    now: datetime,
) -> LedgerEntry:
    """Set the final points of a submission, over whatever the checks gave or lateness took.

    Raises
    ------
    UsageError
        Where the points are negative, not a number, or finer than a millionth; more than the
        maximum is a bonus, up to twice of it.
    NotFound
        Where there is no such submission.
    """
    submission = session.get(Submission, submission_id)
    if submission is None:
        raise NotFound("there is no such submission", remedy="look at the list again")
    max_points = _find_max_points(session, submission_id)
    if not points.is_finite() or not 0 <= points <= 2 * max_points:
        raise UsageError(
            f"{points} are no points of this submission",
            remedy=f"give 0 to {2 * max_points}",
        )
    if points != round(points, 6):
        raise UsageError(f"{points} has more than six places", remedy="round it")
    written = None
    if remark.strip():
        written = Remark(text=remark.strip().replace("\0", "\N{REPLACEMENT CHARACTER}"))
        written.created_at = now
        session.add(written)
        session.flush()
    entry = append(
        session,
        submission_id,
        EntryKind.OVERRIDE,
        points=round(points, 6),
        max_points=max_points,
        now=now,
        reason="set",
        person_id=person_id,
        remark_id=written.id if written else None,
    )
    audit.record(
        session,
        person_id=person_id,
        action="score_set",
        subject="submission",
        subject_id=submission_id,
        now=now,
        entry=entry.id,
        points=str(points),
    )
    # Which submission counts may be another one now, and with it who spent which slip days.
    settle_team(session, submission.team_id, now=now)
    return entry


def _find_max_points(session: Session, submission_id: int) -> Decimal:
    score = current_score(session, submission_id)
    if score is not None:
        return score.max_points
    return session.scalars(
        select(AssignmentVersion.max_score)
        .join(Run, Run.version_id == AssignmentVersion.id)
        .where(Run.submission_id == submission_id, Run.is_current)
    ).one()
