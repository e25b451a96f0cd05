"""What is only ever added to: the ledger of scores and the audit trail; and the outbox.

The database itself refuses UPDATE and DELETE on the ledger and the audit trail (triggers, made in
the migrations). Both hold ids only, so that a person can be erased elsewhere.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from grader.store.tables.base import Base, Id, Json, Points, UtcDateTime, choice


class EntryKind(StrEnum):
    """What an entry says about a submission's score."""

    SCORE = "score"
    """The first score: earned points. There is one a submission, ever."""
    REGRADE = "regrade"
    """Earned points of a later run; takes the place of the score."""
    PENALTY = "penalty"
    """Points that lateness takes; the last one holds."""
    OVERRIDE = "override"
    """Final points that a person sets; the last one holds, over all else."""


_WHERE_SCORE = text("kind = 'score'")


class LedgerEntry(Base):
    """One line of a submission's account. The current score is a query over its lines."""

    __tablename__ = "ledger"
    __table_args__ = (
        Index("ix_ledger_submission_id_id", "submission_id", "id"),
        Index(
            "uq_ledger_submission_id_score",
            "submission_id",
            unique=True,
            sqlite_where=_WHERE_SCORE,
            postgresql_where=_WHERE_SCORE,
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    kind: Mapped[EntryKind] = mapped_column(choice(EntryKind))
    points: Mapped[Decimal] = mapped_column(Points)
    max_points: Mapped[Decimal] = mapped_column(Points)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("runs.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    """Who did it; None where the grader did."""
    at: Mapped[datetime.datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(32))
    """A word of ours, such as `graded`, `late`, `rerun`."""
    remark_id: Mapped[int | None] = mapped_column(ForeignKey("remarks.id"))


class Remark(Base):
    """What a person wrote about an entry; outside the ledger, because it can name somebody."""

    __tablename__ = "remarks"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime.datetime] = mapped_column(UtcDateTime)


class AuditEntry(Base):
    """Who did what to what."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_subject_subject_id", "subject", "subject_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime.datetime] = mapped_column(UtcDateTime)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    """Who did it; None for the grader itself and for the command line."""
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[int | None] = mapped_column(Id)
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """Ids, numbers and words of ours; never a name."""


class OutboxMessage(Base):
    """Something to be sent elsewhere, written in the transaction that decided it."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(200), unique=True)
    """The same for the same message, so that it is sent once."""
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    created_at: Mapped[datetime.datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime.datetime] = mapped_column(UtcDateTime, index=True)
    sent_at: Mapped[datetime.datetime | None] = mapped_column(UtcDateTime)
    attempt: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str | None] = mapped_column(Text)
