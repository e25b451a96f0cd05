"""Handing in: policy, quotas, files and the first run, decided and kept in one transaction."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grader import policy
from grader.errors import Refused, TooMany
from grader.intake import SubmittedFiles, Upload
from grader.store import audit
from grader.store.accounts import terms_for
from grader.store.blobs import keep_blobs
from grader.store.locks import lock_person, lock_team
from grader.store.offerings.queries import get_offering
from grader.store.runs.queries import JUDGING, OPEN
from grader.store.runs.requests import queue_grading
from grader.store.submissions.attempts import list_spent
from grader.store.tables import Offering, Run, Submission, SubmissionFile
from grader.store.teams import find_or_add_team

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class QuotaLimits:
    """How much one person may ask of the machine, whatever the course allows."""

    max_waiting: int
    """Submissions that wait or run at once."""
    max_hourly: int


def hand_in(
    session: Session,
    offering: Offering,
    person_id: int,
    *,
    uploads: Sequence[Upload],
    submitted: SubmittedFiles,
    is_attempt: bool,
    limits: QuotaLimits,
    now: datetime,
) -> tuple[Submission, Run]:
    """Accept a submission and queue its run.

    Parameters
    ----------
    uploads
        The files as they came; they are kept.
    submitted
        What intake made of them.
    is_attempt
        False where no file of it parses: it costs none.
    now
        When the upload was complete.

    Raises
    ------
    Refused
        Where the dates of the assignment say no.
    TooMany
        Where attempts or quotas are used up; it says for how long.
    """
    # Of two uploads at once by one person, or one team, the second sees what the first did.
    lock_person(session, person_id)
    offering = get_offering(session, offering.id)
    version = offering.published_version
    if version is None:
        raise Refused("this assignment is not open", remedy="wait until it is published")
    check_quotas(session, person_id, limits, now)
    team_id = find_or_add_team(session, offering, person_id, now)
    lock_team(session, team_id)
    terms = terms_for(session, offering, person_id)
    policy.decide(terms, list_spent(session, team_id), now)

    last = session.scalars(
        select(func.max(Submission.number)).where(Submission.team_id == team_id)
    ).one()
    submission = Submission(
        offering_id=offering.id,
        team_id=team_id,
        person_id=person_id,
        number=(last or 0) + 1,
        received_at=now,
        digest=submitted.digest,
        notes=list(submitted.notes),
        is_attempt=is_attempt,
    )
    digests = keep_blobs(session, [upload.content for upload in uploads], now)
    submission.files = [
        SubmissionFile(
            number=number,
            name=upload.name,
            size_bytes=len(upload.content),
            blob_digest=digest,
        )
        for number, (upload, digest) in enumerate(zip(uploads, digests, strict=True), start=1)
    ]
    session.add(submission)
    session.flush()
    run = queue_grading(session, submission, version.id)
    audit.record(
        session,
        person_id=person_id,
        action="handed_in",
        subject="submission",
        subject_id=submission.id,
        now=now,
        run=run.id,
    )
    return submission, run


def check_quotas(session: Session, person_id: int, limits: QuotaLimits, now: datetime) -> None:
    """Raise `TooMany` where somebody has handed in too much for now.

    `hand_in` does so again, and decides; asked before, it spares the work of reading the files.
    """
    n_waiting = session.scalars(
        select(func.count())
        .select_from(Run)
        .join(Submission, Run.submission_id == Submission.id)
        .where(Submission.person_id == person_id, Run.status.in_(OPEN), Run.purpose.in_(JUDGING))
    ).one()
    if n_waiting >= limits.max_waiting:
        raise TooMany(
            f"{n_waiting} of your submissions are still being graded",
            retry_after_s=10,
            remedy="wait until one of them is done",
        )
    recent = session.scalars(
        select(Submission.received_at)
        .where(Submission.person_id == person_id, Submission.received_at > now - _HOUR)
        .order_by(Submission.received_at.desc())
        .limit(limits.max_hourly)
    ).all()
    if len(recent) >= limits.max_hourly:
        # A clock that stepped back must not lock anybody out for longer than the hour.
        wait_s = math.ceil((min(recent[-1], now) + _HOUR - now).total_seconds())
        raise TooMany(
            f"you handed in {len(recent)} times within an hour",
            retry_after_s=wait_s,
            remedy=f"try again in {wait_s:,} s",
        )
