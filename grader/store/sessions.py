"""Signed-in browsers: rows, so that any of them can be ended at once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from grader.errors import NotFound
from grader.store.tables import Person, WebSession


def open_session(
    session: Session, person_id: int, *, token_digest: str, now: datetime, expires_at: datetime
) -> WebSession:
    """Begin a session; the cookie holds the token, this row its sha256."""
    opened = WebSession(
        token_digest=token_digest,
        person_id=person_id,
        created_at=now,
        last_seen_at=now,
        expires_at=expires_at,
    )
    session.add(opened)
    session.flush()
    return opened


def find_session(session: Session, token_digest: str, now: datetime) -> WebSession | None:
    """Return a session, its person loaded; None where it ended or its person is shut out."""
    found = session.scalars(
        select(WebSession)
        .join(WebSession.person)
        .where(
            WebSession.token_digest == token_digest,
            WebSession.revoked_at.is_(None),
            Person.disabled_at.is_(None),
            Person.erased_at.is_(None),
        )
    ).one_or_none()
    return found if found is not None and found.expires_at > now else None


def touch_session(
    session: Session, web_session: WebSession, now: datetime, expires_at: datetime
) -> None:
    """Note that somebody came back; a session that was revoked meanwhile stays so."""
    session.execute(
        update(WebSession)
        .where(WebSession.id == web_session.id, WebSession.revoked_at.is_(None))
        .values(last_seen_at=now, expires_at=expires_at)
    )


def revoke_session(session: Session, person_id: int, session_id: int, now: datetime) -> None:
    """End one session of this person.

    Raises
    ------
    NotFound
        Where this person has no such session.
    """
    found = session.get(WebSession, session_id)
    if found is None or found.person_id != person_id:
        raise NotFound("there is no such session", remedy="look at the list again")
    found.revoked_at = found.revoked_at or now
    session.flush()


def revoke_all(session: Session, person_id: int, now: datetime, *, but: int | None = None) -> None:
    """End all sessions of this person, or all but one."""
    session.execute(
        update(WebSession)
        .where(
            WebSession.person_id == person_id,
            WebSession.revoked_at.is_(None),
            WebSession.id != (but or 0),
        )
        .values(revoked_at=now)
    )


def list_sessions(session: Session, person_id: int, now: datetime) -> list[WebSession]:
    """Return the open sessions of this person, the one seen last first."""
    return list(
        session.scalars(
            select(WebSession)
            .where(
                WebSession.person_id == person_id,
                WebSession.revoked_at.is_(None),
                WebSession.expires_at > now,
            )
            .order_by(WebSession.last_seen_at.desc(), WebSession.id.desc())
        )
    )


def forget_ended(session: Session, *, before: datetime) -> int:
    """Delete sessions that ended before a moment; return how many."""
    ended = session.execute(
        delete(WebSession).where(
            (WebSession.expires_at < before) | (WebSession.revoked_at < before)
        )
    )
    return ended.rowcount  # type: ignore[attr-defined, no-any-return]
