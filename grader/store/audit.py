"""The audit trail: who did what to what. It only grows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from grader.store.tables import AuditEntry


def record(
    session: Session,
    *,
    person_id: int | None,
    action: str,
    subject: str,
    subject_id: int | None,
    now: datetime,
    **detail: object,
) -> None:
    """Write down that something was done; `detail` holds ids, numbers and our words, no names."""
    session.add(
        AuditEntry(
            at=now,
            person_id=person_id,
            action=action,
            subject=subject,
            subject_id=subject_id,
            detail=detail,
        )
    )
    session.flush()


def list_audit(session: Session, subject: str, subject_id: int | None) -> list[AuditEntry]:
    """Return what was done to something, the oldest first."""
    return list(
        session.scalars(
            select(AuditEntry)
            .where(AuditEntry.subject == subject, AuditEntry.subject_id == subject_id)
            .order_by(AuditEntry.id)
        )
    )
