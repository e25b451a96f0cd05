"""The lease of a run: claimed by one worker, extended by its heartbeat, taken from the dead.

A worker that lost its lease cannot finish: its token is no longer the row's. Whatever is killed
when, a run is open until one worker finishes it or three have failed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from grader.intake import Upload
from grader.report import Report, RunStatus
from grader.store import audit
from grader.store.runs.reports import keep_report
from grader.store.tables import AssignmentVersion, Purpose, Run, Submission
from grader.store.teams import owner_of
from grader.store.uploads import load_files
from grader.text import printable

MOST_ATTEMPTS = 3
"""After so many claims that came to nothing through our fault a run has failed."""
_MOST_ROWS = 1000
"""That a sweep takes at once; the next one takes the rest."""
_FAILURE_CHARACTERS = 4000


@dataclass(frozen=True, slots=True)
class Claim:
    """What a worker must know to judge a run."""

    run_id: int
    purpose: Purpose
    attempt: int
    seed: int
    slug: str
    version_digest: str
    archive_digest: str
    """Of the packed folder (`blobs.load_blob`): the draft's for a validation."""
    submission_id: int | None
    uploads: tuple[Upload, ...]
    student: str = ""
    """Whose own numbers are drawn: the same for all submissions of a team, in every version."""


def claim(
    session: Session,
    run_id: int,
    *,
    token: str,
    worker: str,
    tier: str | None,
    now: datetime,
    lease_s: float,
    seed: Callable[[str], int],
) -> Claim | None:
    """Take a run that waits, or whose worker was lost; None where there is nothing to do.

    Parameters
    ----------
    token
        New for every claim; whoever has it may extend and finish.
    seed
        Draws a seed for a version's digest; called once in the life of a run.
    """
    claimed = session.execute(
        update(Run)
        .where(
            Run.id == run_id,
            Run.attempt < MOST_ATTEMPTS,
            or_(
                Run.status == RunStatus.QUEUED,
                and_(Run.status == RunStatus.RUNNING, _is_lost(now, lease_s)),
            ),
        )
        .values(
            status=RunStatus.RUNNING,
            lease_token=token,
            lease_until=now + timedelta(seconds=lease_s),
            attempt=Run.attempt + 1,
            worker=worker[:100],
            tier=tier,
            started_at=now,
        )
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        return None
    run = session.get(Run, run_id, populate_existing=True)
    assert run is not None
    if run.seed is None:
        run.seed = seed(run.version.digest)
        session.flush()
    return Claim(
        run_id,
        run.purpose,
        run.attempt,
        run.seed,
        run.version.slug,
        run.version.digest,
        _archive_digest(run, run.version),
        run.submission_id,
        () if run.submission_id is None else load_files(session, run.submission_id),
        "" if run.submission_id is None else owner_of(session, run.submission_id),
    )


def _archive_digest(run: Run, version: AssignmentVersion) -> str:
    return run.archive_digest or version.archive_digest


def _is_lost(now: datetime, lease_s: float) -> ColumnElement[bool]:
    """Say in SQL that nobody has extended a lease in time.

    One that ends later than any worker would set it is of a time before the clock stepped back.
    A lease's length is allowed on top: clocks of two machines differ, and a sweep may have read
    the clock before the worker that it waited for.
    """
    length = timedelta(seconds=lease_s)
    return or_(Run.lease_until.is_(None), Run.lease_until < now, Run.lease_until > now + 2 * length)


def extend(session: Session, run_id: int, token: str, *, now: datetime, lease_s: float) -> bool:
    """Renew a lease; False where it was lost, and with it the right to finish."""
    extended = session.execute(
        update(Run)
        .where(Run.id == run_id, Run.lease_token == token, Run.status == RunStatus.RUNNING)
        .values(lease_until=now + timedelta(seconds=lease_s))
        .execution_options(synchronize_session=False)
    )
    return bool(extended.rowcount == 1)  # type: ignore[attr-defined]


def hold(session: Session, run_id: int, token: str) -> Run | None:
    """Return a run that this token may finish, locked; None where the lease was lost."""
    return session.scalars(
        select(Run)
        .where(Run.id == run_id, Run.lease_token == token, Run.status == RunStatus.RUNNING)
        .with_for_update(key_share=True, of=Run)
        .execution_options(populate_existing=True)
    ).one_or_none()


def give_back(
    session: Session,
    run_id: int,
    token: str,
    failure: str,
    *,
    now: datetime,
    report: Report | None = None,
    is_counted: bool = True,
) -> RunStatus | None:
    """Say that we could not judge a run.

    Parameters
    ----------
    failure
        Why, in a line for staff.
    report
        What came of it, kept for staff if it was the last attempt.
    is_counted
        False where nothing went wrong: the worker was told to stop, and may be at every release.

    Returns
    -------
    RunStatus or None
        QUEUED where it is to be published again, FAILED after the third time, None where the
        lease was lost and somebody else has the run.
    """
    run = hold(session, run_id, token)
    if run is None:
        return None
    if not is_counted:
        run.attempt -= 1
    _release(session, run, failure, now)
    if run.status is RunStatus.FAILED and report is not None:
        keep_report(session, run, report)
    return run.status


def expire_leases(session: Session, *, now: datetime, lease_s: float) -> list[int]:
    """Take the runs of lost workers from them; return those to be published to the retry queue.

    Of two sweepers at once each run is found by one.
    """
    lost = session.scalars(
        select(Run)
        .where(Run.status == RunStatus.RUNNING, _is_lost(now, lease_s))
        .order_by(Run.id)
        .limit(_MOST_ROWS)
        .with_for_update(skip_locked=True, key_share=True, of=Run)
        .execution_options(populate_existing=True)
    ).all()
    for run in lost:
        _release(session, run, f"the worker {run.worker} was not heard of any more", now)
    return [run.id for run in lost if run.status is RunStatus.QUEUED]


def _release(session: Session, run: Run, failure: str, now: datetime) -> None:
    run.lease_token = run.lease_until = None
    run.failure = printable(failure, _FAILURE_CHARACTERS)
    if run.attempt < MOST_ATTEMPTS:
        run.status, run.queued_at = RunStatus.QUEUED, now
        session.flush()
        return
    run.status, run.finished_at = RunStatus.FAILED, now
    if run.purpose is Purpose.GRADING and run.submission_id is not None:
        # Our failure costs no attempt; a rerun that fails leaves the first result as it is.
        submission = session.get_one(Submission, run.submission_id)
        submission.is_attempt = False
    session.flush()
    audit.record(
        session,
        person_id=None,
        action="failed",
        subject="run",
        subject_id=run.id,
        now=now,
        attempt=run.attempt,
    )


def list_stale(session: Session, *, now: datetime, age_s: float) -> list[int]:
    """Return runs that have waited so long that their message may be lost; their wait starts anew.

    Of two sweepers at once each run is found by one. A time of queueing that lies in the future
    is of a time before the clock stepped back.
    """
    age = timedelta(seconds=age_s)
    stale = session.scalars(
        select(Run)
        .where(
            Run.status == RunStatus.QUEUED,
            or_(Run.queued_at <= now - age, Run.queued_at > now + age),
        )
        .order_by(Run.queued_at, Run.id)
        .limit(_MOST_ROWS)
        .with_for_update(skip_locked=True, key_share=True, of=Run)
        .execution_options(populate_existing=True)
    ).all()
    for run in stale:
        run.queued_at = now
    session.flush()
    return [run.id for run in stale]
