"""Dates and grants: a moved due date, an extension, the day on which scores are published."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from grader.errors import NotFound, Refused, UsageError
from grader.spec import Policy, write_policy
from grader.store import audit, ledger
from grader.store.offerings.drafts import put_policy_in_force
from grader.store.offerings.queries import get_offering
from grader.store.tables import Adjustment, AdjustmentKind, Offering


def set_policy(
    session: Session, offering_id: int, policy: Policy, *, person_id: int | None, now: datetime
) -> Offering:
    """Move dates or change the rules of an offering; penalties follow.

    Before the first publication it changes the draft, whose dates are then published.
    """
    offering = get_offering(session, offering_id, is_locked=True)
    table = write_policy(policy)
    if offering.published_version_id is None or offering.draft_policy == offering.policy:
        offering.draft_policy = table
    if offering.published_version_id is not None:
        put_policy_in_force(session, offering, table, now)
    session.flush()
    audit.record(
        session,
        person_id=person_id,
        action="policy_set",
        subject="offering",
        subject_id=offering_id,
        now=now,
        policy=table,
    )
    return offering


def publish_scores(
    session: Session, offering_id: int, *, person_id: int | None, now: datetime
) -> Offering:
    """Show students what opens `after_published`.

    Raises
    ------
    Refused
        Where the assignment itself is not published.
    """
    offering = get_offering(session, offering_id, is_locked=True)
    if offering.published_version_id is None:
        raise Refused("this assignment is not published", remedy="publish it first")
    offering.scores_published_at = offering.scores_published_at or now
    _record_scores(session, "scores_published", offering_id, person_id, now)
    return offering


def withdraw_scores(
    session: Session, offering_id: int, *, person_id: int | None, now: datetime
) -> Offering:
    """Hide again what opens `after_published`."""
    offering = get_offering(session, offering_id, is_locked=True)
    offering.scores_published_at = None
    _record_scores(session, "scores_withdrawn", offering_id, person_id, now)
    return offering


def _record_scores(
    session: Session, action: str, offering_id: int, person_id: int | None, now: datetime
) -> None:
    audit.record(
        session,
        person_id=person_id,
        action=action,
        subject="offering",
        subject_id=offering_id,
        now=now,
    )


def adjust(
    session: Session,
    offering_id: int,
    *,
    kind: AdjustmentKind,
    person_id: int | None = None,
    section_id: int | None = None,
    team_id: int | None = None,
    due_at: datetime,
    reason: str = "",
    by: int,
    now: datetime,
) -> Adjustment:
    """Grant a person, a section or a team a later due date; penalties follow.

    Raises
    ------
    UsageError
        Where not exactly one of them is named.
    """
    targets = {"person": person_id, "section": section_id, "team": team_id}
    named = {name: value for name, value in targets.items() if value is not None}
    if len(named) != 1:
        raise UsageError(
            "an adjustment is for one person, one section or one team", remedy="name one"
        )
    offering = get_offering(session, offering_id)
    adjustment = Adjustment(
        offering_id=offering_id,
        kind=kind,
        person_id=person_id,
        section_id=section_id,
        team_id=team_id,
        due_at=due_at,
        reason=reason.strip().replace("\0", "\N{REPLACEMENT CHARACTER}"),
        created_at=now,
        created_by=by,
    )
    session.add(adjustment)
    session.flush()
    audit.record(
        session,
        person_id=by,
        action="adjusted",
        subject="offering",
        subject_id=offering_id,
        now=now,
        adjustment=adjustment.id,
        due_at=due_at.isoformat(),
        **named,
    )
    _settle(session, offering.course_id, adjustment, now)
    return adjustment


def revoke_adjustment(
    session: Session, offering_id: int, adjustment_id: int, *, by: int, now: datetime
) -> Adjustment:
    """Take a grant back; penalties follow.

    Raises
    ------
    NotFound
        Where the offering has no such grant.
    """
    adjustment = session.get(Adjustment, adjustment_id)
    if adjustment is None or adjustment.offering_id != offering_id:
        raise NotFound("there is no such adjustment", remedy="look at the list again")
    adjustment.revoked_at = adjustment.revoked_at or now
    session.flush()
    audit.record(
        session,
        person_id=by,
        action="adjustment_revoked",
        subject="offering",
        subject_id=offering_id,
        now=now,
        adjustment=adjustment_id,
    )
    offering = get_offering(session, offering_id)
    _settle(session, offering.course_id, adjustment, now)
    return adjustment


def _settle(session: Session, course_id: int, adjustment: Adjustment, now: datetime) -> None:
    if adjustment.team_id is not None:
        ledger.settle_team(session, adjustment.team_id, now=now)
    elif adjustment.person_id is not None:
        ledger.settle(session, course_id, [adjustment.person_id], now=now)
    else:
        ledger.settle(session, course_id, now=now)


def list_adjustments(session: Session, offering_id: int) -> list[Adjustment]:
    """Return the grants for an offering, those taken back too, the oldest first."""
    return list(
        session.scalars(
            select(Adjustment).where(Adjustment.offering_id == offering_id).order_by(Adjustment.id)
        )
    )
