"""Where a student stands in an assignment: what is left, what counts, what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grader import policy
from grader.errors import Refused
from grader.policy import Terms
from grader.spec import Counts
from grader.store import audit, ledger
from grader.store.accounts import audience_for, find_settlement
from grader.store.locks import lock_team
from grader.store.offerings.queries import get_offering
from grader.store.submissions.attempts import list_spent
from grader.store.tables import Offering, Submission
from grader.store.teams import find_team


@dataclass(frozen=True, slots=True)
class Standing:
    """What applies to a person in an offering now; of a team it is the team's."""

    terms: Terms
    """Their dates, and the slip days that are left to this offering."""
    attempts_left: int | None
    """None where there is no limit."""
    next_at: datetime | None
    """When they may hand in again; None where it is now."""
    n_submissions: int
    last_accepted_at: datetime | None
    """The last moment at which work is accepted; None where there is no end."""
    counting_id: int | None
    """The submission that counts."""
    penalty: Decimal
    """What lateness takes of the one that counts."""
    share_now: Decimal
    """What it would take of one handed in now, from 0 to 1."""
    slip_days_now: int
    """How many slip days one handed in now would spend."""


def standing(session: Session, offering: Offering, person_id: int, now: datetime) -> Standing:
    """Return where a person stands in an offering."""
    settled = find_settlement(session, offering, person_id)
    terms = settled.account.terms
    team_id = find_team(session, offering.id, person_id)
    spent_at = [] if team_id is None else list_spent(session, team_id)
    allowance = policy.attempts_left(terms, spent_at, now)
    counted = settled.counting
    return Standing(
        terms=terms,
        attempts_left=allowance.left,
        next_at=allowance.next_at,
        n_submissions=len(settled.account.hand_ins),
        last_accepted_at=policy.last_accepted_at(terms),
        counting_id=counted.id if counted else None,
        penalty=settled.penalties.get(counted.id, Decimal(0)) if counted else Decimal(0),
        share_now=policy.late_share(terms, now),
        slip_days_now=policy.slip_days_for(terms, now),
    )


def choose(session: Session, submission: Submission, person_id: int, now: datetime) -> None:
    """Make a submission the one that counts, where the policy lets the student choose.

    Raises
    ------
    Refused
        Where it does not, or where results that were hidden are open already.
    """
    lock_team(session, submission.team_id)
    offering = get_offering(session, submission.offering_id)
    terms = find_settlement(session, offering, person_id).account.terms
    if terms.policy.counts is not Counts.CHOSEN:
        raise Refused("which submission counts is not for you to choose here")
    audience = audience_for(session, offering, now)
    if audience.is_after_due or audience.is_published:
        raise Refused(
            "hidden results are open, so the choice stands", remedy="ask the course staff"
        )
    # The last choice holds, and it is the last even where the clock stepped back.
    before = session.scalars(
        select(func.max(Submission.chosen_at)).where(Submission.team_id == submission.team_id)
    ).one()
    chosen = session.get_one(Submission, submission.id)
    chosen.chosen_at = now if before is None else max(now, before + timedelta(microseconds=1))
    session.flush()
    audit.record(
        session,
        person_id=person_id,
        action="chosen",
        subject="submission",
        subject_id=submission.id,
        now=now,
    )
    ledger.settle_team(session, submission.team_id, now=now)
