"""Which submissions cost an attempt."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from grader.report import RunStatus
from grader.store.tables import Run, Submission


def list_spent(session: Session, team_id: int) -> list[datetime]:
    """Return when the attempts that count were received, the oldest first.

    None is spent by what does not parse, what failed through us, or what was cancelled.
    """
    return list(
        session.scalars(
            select(Submission.received_at)
            .join(Run, Run.submission_id == Submission.id)
            .where(
                Submission.team_id == team_id,
                Submission.is_attempt,
                Run.is_current,
                Run.status != RunStatus.CANCELLED,
            )
            .order_by(Submission.received_at)
        )
    )
