"""Drafts: uploaded, validated by a run, published."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grader.errors import Conflict, Refused
from grader.report import RunStatus
from grader.spec import Assignment, read_policy, write_policy
from grader.store import audit, ledger
from grader.store.blobs import digest_bytes, keep_blobs
from grader.store.failures import conflicting
from grader.store.offerings.handouts import publish_handout
from grader.store.offerings.queries import find_offering, get_offering
from grader.store.offerings.versions import keep_version
from grader.store.tables import Offering, Purpose, Run


def upload_draft(
    session: Session,
    *,
    course_id: int,
    assignment: Assignment,
    archive: bytes,
    person_id: int | None,
    now: datetime,
) -> tuple[Offering, Run]:
    """Make an assignment folder the draft of its offering, and queue the run that validates it.

    What students see does not change. A validation of an earlier draft that still waits is
    cancelled.
    """
    version = keep_version(session, assignment, archive, person_id=person_id, now=now)
    [archive_digest] = keep_blobs(session, [archive], now)
    found = find_offering(session, course_id, assignment.slug)
    if found is None:
        offering = Offering(
            course_id=course_id, slug=assignment.slug, draft_handout="", handout="", policy={}
        )
        offering.created_at = now
        with conflicting(session, "this assignment was uploaded at the same moment"):
            session.add(offering)
    else:
        offering = get_offering(session, found.id, is_locked=True)
    offering.draft_version = version
    offering.draft_archive_digest = archive_digest
    offering.draft_policy = write_policy(assignment.spec.policy)
    offering.draft_handout = assignment.readme.replace("\0", "\N{REPLACEMENT CHARACTER}")
    session.flush()
    run = _queue_validation(session, offering, person_id, now)
    audit.record(
        session,
        person_id=person_id,
        action="draft_uploaded",
        subject="offering",
        subject_id=offering.id,
        now=now,
        version=version.id,
        run=run.id,
    )
    return offering, run


def _queue_validation(
    session: Session, offering: Offering, person_id: int | None, now: datetime
) -> Run:
    session.execute(
        update(Run)
        .where(
            Run.offering_id == offering.id,
            Run.purpose == Purpose.VALIDATION,
            Run.status == RunStatus.QUEUED,
        )
        .values(status=RunStatus.CANCELLED, finished_at=now)
    )
    assert offering.draft_version is not None
    run = Run(
        offering_id=offering.id,
        version=offering.draft_version,
        archive_digest=offering.draft_archive_digest,
        purpose=Purpose.VALIDATION,
        requested_by=person_id,
        status=RunStatus.QUEUED,
        attempt=0,
        created_at=now,
        queued_at=now,
    )
    session.add(run)
    session.flush()
    return run


def validate_again(
    session: Session, offering_id: int, *, person_id: int | None, now: datetime
) -> Run:
    """Queue another validation of the draft, as after one that failed through us.

    Raises
    ------
    Refused
        Where there is no draft.
    Conflict
        While a validation of it is open.
    """
    offering = get_offering(session, offering_id, is_locked=True)
    if offering.draft_version is None:
        raise Refused("there is no draft of this assignment", remedy="upload its folder first")
    last = latest_validation(session, offering_id)
    if (
        last is not None
        and last.archive_digest == offering.draft_archive_digest
        and last.status in (RunStatus.QUEUED, RunStatus.RUNNING)
    ):
        raise Conflict("this draft is being validated already", remedy="wait until that has ended")
    run = _queue_validation(session, offering, person_id, now)
    audit.record(
        session,
        person_id=person_id,
        action="validated_again",
        subject="offering",
        subject_id=offering_id,
        now=now,
        run=run.id,
    )
    return run


def latest_validation(session: Session, offering_id: int) -> Run | None:
    """Return the last validation run of an offering, however far it has come."""
    return session.scalars(
        select(Run)
        .where(Run.offering_id == offering_id, Run.purpose == Purpose.VALIDATION)
        .order_by(Run.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).one_or_none()


def is_published_as(session: Session, offering: Offering, archive: bytes) -> bool:
    """Whether students have what this archive holds: it was uploaded last, proved, published."""
    run = latest_validation(session, offering.id)
    return (
        offering.published_version_id is not None
        and offering.published_version_id == offering.draft_version_id
        and run is not None
        and run.archive_digest == offering.draft_archive_digest == digest_bytes(archive)
        and run.outcome is not None
        and run.outcome.get("holds") is True
    )


def publish(
    session: Session,
    offering_id: int,
    *,
    person_id: int | None,
    keeps_policy: bool = False,
    now: datetime,
) -> Offering:
    """Make the draft what students see and hand in to; its dates hold from now on.

    With `keeps_policy` the dates and rules that hold already go on to hold, and become the
    draft's too.

    Raises
    ------
    Refused
        Where there is no draft, or its validation has not ended well.
    """
    offering = get_offering(session, offering_id, is_locked=True)
    if offering.draft_version is None or offering.draft_policy is None:
        raise Refused("there is no draft of this assignment", remedy="upload its folder first")
    validation = _check_validation(latest_validation(session, offering_id), offering)
    publish_handout(session, offering, validation)
    if keeps_policy and offering.published_version_id is not None:
        offering.draft_policy = offering.policy
    offering.published_version = offering.draft_version
    offering.handout = offering.draft_handout
    offering.published_at = offering.published_at or now
    put_policy_in_force(session, offering, offering.draft_policy, now)
    audit.record(
        session,
        person_id=person_id,
        action="published",
        subject="offering",
        subject_id=offering_id,
        now=now,
        version=offering.published_version.id,
    )
    return offering


def _check_validation(run: Run | None, offering: Offering) -> Run:
    """Return the run by which a draft may be published."""
    if run is None or run.archive_digest != offering.draft_archive_digest:
        raise Refused("this draft was not validated", remedy="upload it again")
    if run.status in (RunStatus.QUEUED, RunStatus.RUNNING):
        raise Refused("this draft is still being validated", remedy="wait until it has ended")
    if run.status is not RunStatus.GRADED:
        raise Refused("the validation of this draft failed", remedy="upload it again")
    if run.outcome is None or run.outcome.get("holds") is not True:
        raise Refused("this draft does not hold what it claims", remedy="mend what the table says")
    return run


def put_policy_in_force(
    session: Session, offering: Offering, table: dict[str, object], now: datetime
) -> None:
    """Set the policy and its dates, and settle the penalties that they change."""
    policy = read_policy(table)
    is_changed = offering.policy != table
    offering.policy = table
    offering.opens_at, offering.due_at = policy.opens_at, policy.due_at
    session.flush()
    if is_changed:
        ledger.settle(session, offering.course_id, now=now)
