"""Teams: who hands in together; a student alone is a team of one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from grader.store.tables import Offering, Submission, Team, TeamMember


def find_team(session: Session, offering_id: int, person_id: int) -> int | None:
    """Return the id of a person's team in an offering; None where there is none yet."""
    return session.scalars(
        select(TeamMember.team_id).where(
            TeamMember.offering_id == offering_id, TeamMember.person_id == person_id
        )
    ).one_or_none()


def find_or_add_team(session: Session, offering: Offering, person_id: int, now: datetime) -> int:
    """Return the id of a person's team; a team of one is made. The person must be locked."""
    found = find_team(session, offering.id, person_id)
    if found is not None:
        return found
    team = Team(offering_id=offering.id, name="", created_at=now)
    session.add(team)
    session.flush()
    session.add(TeamMember(team_id=team.id, person_id=person_id, offering_id=offering.id))
    session.flush()
    return team.id


def owner_of(session: Session, submission_id: int) -> str:
    """Return the key of the person whose numbers a submission's team is judged by.

    A team has no head, and its members may change: it is whoever handed in first, which nothing
    changes afterwards.
    """
    own = select(Submission.team_id).where(Submission.id == submission_id).scalar_subquery()
    owner = session.scalars(
        select(Submission.person_id).where(Submission.team_id == own).order_by(Submission.number)
    ).first()
    return "" if owner is None else student_key(owner)


def student_key(person_id: int) -> str:
    """Return what numbers of a person's own depend on: no name, as that may be blanked."""
    return str(person_id)
