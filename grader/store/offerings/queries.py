"""Finding offerings; course and versions come with them."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from grader.errors import NotFound
from grader.store.tables import AssignmentVersion, Offering


def find_offering(session: Session, course_id: int, slug: str) -> Offering | None:
    """Return a course's offering of an assignment, published or not."""
    return session.scalars(
        select(Offering).where(Offering.course_id == course_id, Offering.slug == slug)
    ).one_or_none()


def get_offering(session: Session, offering_id: int, *, is_locked: bool = False) -> Offering:
    """Return an offering by id, as it is now; locked until the end of the transaction on demand.

    Raises
    ------
    NotFound
        Where there is none.
    """
    query = select(Offering).where(Offering.id == offering_id)
    if is_locked:
        query = query.with_for_update(key_share=True, of=Offering)
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound("there is no such assignment in this course", remedy="look at the list")
    return found


def list_offerings(session: Session, course_id: int, *, published_only: bool) -> list[Offering]:
    """Return a course's offerings in order of due date; what is never due comes last."""
    query = select(Offering).where(Offering.course_id == course_id)
    if published_only:
        query = query.where(Offering.published_version_id.is_not(None))
    return list(
        session.scalars(query.order_by(Offering.due_at.is_(None), Offering.due_at, Offering.slug))
    )


def list_versions(session: Session) -> list[AssignmentVersion]:
    """Return the versions that some course has published, or has as its draft."""
    published = select(Offering.published_version_id)
    drafts = select(Offering.draft_version_id)
    query = select(AssignmentVersion).where(
        or_(AssignmentVersion.id.in_(published), AssignmentVersion.id.in_(drafts))
    )
    return list(session.scalars(query.order_by(AssignmentVersion.slug, AssignmentVersion.id)))
