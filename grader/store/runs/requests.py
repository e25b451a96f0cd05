"""Asking for a run: the first one of a submission, and another one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from grader.errors import Conflict, NotFound
from grader.report import RunStatus
from grader.store import audit
from grader.store.failures import conflicting
from grader.store.runs.queries import JUDGING, OPEN, current_run
from grader.store.tables import EntryKind, LedgerEntry, Purpose, Run, Submission

_IS_OPEN = "this submission is being graded already"
_WAIT = "wait until that has ended"


def queue_grading(session: Session, submission: Submission, version_id: int) -> Run:
    """Queue the first run of a submission; its results are the ones that are shown."""
    run = Run(
        submission_id=submission.id,
        offering_id=submission.offering_id,
        version_id=version_id,
        purpose=Purpose.GRADING,
        is_current=True,
        status=RunStatus.QUEUED,
        attempt=0,
        created_at=submission.received_at,
        queued_at=submission.received_at,
    )
    session.add(run)
    session.flush()
    return run


def rerun(session: Session, submission_id: int, *, person_id: int | None, now: datetime) -> Run:
    """Queue another run of a submission: same files, same version, same seed.

    What it shows now stays until the new run is graded.

    Raises
    ------
    NotFound
        Where there is no such submission.
    Conflict
        While a run of it is open.
    """
    before = current_run(session, submission_id)
    if before is None:
        raise NotFound("there is no such submission", remedy="look at the list again")
    is_open = session.scalars(
        select(Run.id).where(
            Run.submission_id == submission_id, Run.purpose.in_(JUDGING), Run.status.in_(OPEN)
        )
    ).first()
    if is_open is not None:
        raise Conflict(_IS_OPEN, remedy=_WAIT)
    has_score = session.scalars(
        select(LedgerEntry.id).where(
            LedgerEntry.submission_id == submission_id, LedgerEntry.kind == EntryKind.SCORE
        )
    ).first()
    run = Run(
        submission_id=submission_id,
        offering_id=before.offering_id,
        version_id=before.version_id,
        purpose=Purpose.GRADING if has_score is None else Purpose.REGRADE,
        requested_by=person_id,
        is_current=False,
        seed=before.seed,
        status=RunStatus.QUEUED,
        attempt=0,
        created_at=now,
        queued_at=now,
    )
    with conflicting(session, _IS_OPEN, remedy=_WAIT):
        session.add(run)
    audit.record(
        session,
        person_id=person_id,
        action="rerun",
        subject="submission",
        subject_id=submission_id,
        now=now,
        run=run.id,
    )
    return run
