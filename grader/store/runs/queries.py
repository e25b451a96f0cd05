"""Finding runs, and how many are before one."""

from __future__ import annotations

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from grader.errors import NotFound
from grader.report import RunStatus
from grader.store.tables import Offering, Purpose, Run, Submission

JUDGING = (Purpose.GRADING, Purpose.REGRADE)
"""What a run is for whose score goes into the ledger."""
OPEN = (RunStatus.QUEUED, RunStatus.RUNNING)


def get_run(session: Session, run_id: int) -> Run:
    """Return a run by id.

    Raises
    ------
    NotFound
        Where there is none.
    """
    run = session.get(Run, run_id)
    if run is None:
        raise NotFound(f"there is no run {run_id}")
    return run


def current_run(session: Session, submission_id: int) -> Run | None:
    """Return the run whose results a submission shows."""
    return session.scalars(
        select(Run).where(Run.submission_id == submission_id, Run.is_current)
    ).one_or_none()


def list_states(session: Session, submission_id: int) -> tuple[tuple[int, RunStatus, bool], ...]:
    """Return each run of a submission with its status and whether it is the one that is shown.

    One small query, for whoever looks often: while this stays, only the place in the queue changes.
    """
    rows = session.execute(
        select(Run.id, Run.status, Run.is_current)
        .where(Run.submission_id == submission_id)
        .order_by(Run.id)
    )
    return tuple((run_id, status, is_current) for run_id, status, is_current in rows)


def latest_run(session: Session, submission_id: int) -> Run | None:
    """Return the newest run that judges a submission: a rerun that waits, or the current one."""
    return session.scalars(
        select(Run)
        .where(Run.submission_id == submission_id, Run.purpose.in_(JUDGING))
        .order_by(Run.id.desc())
        .limit(1)
    ).one_or_none()


def list_runs(session: Session, submission_id: int) -> list[Run]:
    """Return all runs of a submission, the oldest first."""
    return list(
        session.scalars(select(Run).where(Run.submission_id == submission_id).order_by(Run.id))
    )


def list_failed(session: Session, course_id: int) -> list[Run]:
    """Return the runs of a course that failed through us and that no later run made good."""
    of_course = select(Offering.id).where(Offering.course_id == course_id)
    later = Run.__table__.alias("later")
    is_made_good = (
        select(later.c.id)
        .where(
            later.c.submission_id == Run.submission_id,
            later.c.id > Run.id,
            later.c.purpose.in_(JUDGING),
        )
        .exists()
    )
    return list(
        session.scalars(
            select(Run)
            .join(Submission, Run.submission_id == Submission.id)
            .where(
                Run.status == RunStatus.FAILED,
                Submission.offering_id.in_(of_course),
                ~is_made_good,
            )
            .order_by(Run.id.desc())
        )
    )


def count_queued(session: Session) -> int:
    """Return how many runs wait."""
    return session.scalars(
        select(func.count()).select_from(Run).where(Run.status == RunStatus.QUEUED)
    ).one()


def place_in_queue(session: Session, run_id: int) -> int:
    """Return how far a run is from being judged: 0 is now or already, 1 is next.

    The queue serves first what was lost, then what people wait for, then regrades.
    """
    turn = case((Run.started_at.is_not(None), 0), (Run.purpose == Purpose.REGRADE, 2), else_=1)
    own = session.execute(select(Run.status, turn).where(Run.id == run_id)).one_or_none()
    if own is None or own[0] is not RunStatus.QUEUED:
        return 0
    before = or_(turn < own[1], and_(turn == own[1], Run.id <= run_id))
    return session.scalars(
        select(func.count()).select_from(Run).where(Run.status == RunStatus.QUEUED, before)
    ).one()
