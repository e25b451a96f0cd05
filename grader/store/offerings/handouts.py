"""The zip for students: made when a draft was validated, theirs once that draft is published."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grader.store.blobs import load_blob
from grader.store.tables import Offering, Purpose, Run


def publish_handout(session: Session, offering: Offering, validation: Run) -> None:
    """Make the handout of a validation the one that students get."""
    session.execute(
        update(Run)
        .where(Run.offering_id == offering.id, Run.purpose == Purpose.VALIDATION, Run.is_current)
        .values(is_current=False)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Run)
        .where(Run.id == validation.id)
        .values(is_current=True)
        .execution_options(synchronize_session=False)
    )


def has_handout(session: Session, offering: Offering) -> bool:
    """Whether students of an offering have a zip to download."""
    return _find_digest(session, offering) is not None


def load_handout(session: Session, offering: Offering) -> bytes | None:
    """Return the zip for students; None where the folder was published before there were any."""
    digest = _find_digest(session, offering)
    return None if digest is None else load_blob(session, digest)


def _find_digest(session: Session, offering: Offering) -> str | None:
    if offering.published_version_id is None:
        return None
    outcome = session.scalars(
        select(Run.outcome).where(
            Run.offering_id == offering.id, Run.purpose == Purpose.VALIDATION, Run.is_current
        )
    ).one_or_none()
    return (outcome or {}).get("handout")
