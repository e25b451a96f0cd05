"""What a transaction locks before it decides by what it reads.

On SQLite a writing transaction has the whole database to itself. On PostgreSQL these rows stand
for what hangs on them. All take them in this order, so that no two wait for each other: a person,
a team, a run, a course.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from grader.store.tables import Course, Person, Team


def lock_person(session: Session, person_id: int) -> None:
    """Hold what one person hands in: quotas, and the team of one that is made for them."""
    _lock(session, Person.id, person_id)


def lock_team(session: Session, team_id: int) -> None:
    """Hold what a team hands in: numbers and attempts."""
    _lock(session, Team.id, team_id)


def lock_course(session: Session, course_id: int) -> None:
    """Hold the penalties of a course: slip days tie its offerings together."""
    _lock(session, Course.id, course_id)


def _lock(session: Session, key: InstrumentedAttribute[int], value: int) -> None:
    # NO KEY UPDATE: rows that refer to this one can be added all the same.
    session.execute(select(key).where(key == value).with_for_update(key_share=True))
