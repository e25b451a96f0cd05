"""The outbox: what is to be sent elsewhere, written in the transaction that decided it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from grader.errors import Conflict
from grader.store.failures import conflicting
from grader.store.tables import OutboxMessage


def add(
    session: Session,
    *,
    kind: str,
    key: str,
    payload: Mapping[str, Any],
    now: datetime,
    due_at: datetime,
) -> OutboxMessage:
    """Add a message; a second one of the same key is the first."""
    message = OutboxMessage(
        kind=kind, key=key, payload=dict(payload), created_at=now, due_at=due_at, attempt=0
    )
    by_key = select(OutboxMessage).where(OutboxMessage.key == key)
    try:
        with conflicting(session, f"the message {key} is there"):
            session.add(message)
    except Conflict:
        return session.scalars(by_key).one()
    return message


def list_due(session: Session, *, now: datetime, limit: int = 100) -> list[OutboxMessage]:
    """Return what is to be sent now, locked for this transaction, the oldest first."""
    return list(
        session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.sent_at.is_(None), OutboxMessage.due_at <= now)
            .order_by(OutboxMessage.due_at, OutboxMessage.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )
