"""One run, from its wake-up to its end: claimed, judged under a lease, finished or given back."""

from __future__ import annotations

import datetime
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import structlog

from grader.errors import AssignmentError, DatabaseUnavailable, GraderError
from grader.expected import expected_values
from grader.grading import grade
from grader.intake import IntakeLimits, accept_uploads
from grader.queue.broker import RETRY
from grader.queue.enqueue import send_run
from grader.queue.lease import Ending, Lease
from grader.queue.slots import RunAbandoned
from grader.queue.validation import (
    LONGEST_S,
    Outcome,
    longest_run_s,
    longest_validation_s,
    validate_folder,
)
from grader.queue.workplace import Workplace
from grader.report import Report, RunStatus, Verdict
from grader.seeds import draw_seed
from grader.store import runs
from grader.store.tables import Purpose

_log = structlog.get_logger(__name__)
_PAUSES_S = (1.0, 10.0)
"""After the first and the second failure of ours: a full disk is not emptied in an instant."""
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.05, 1.0
_ANY = 2**40
_ALREADY_ACCEPTED = IntakeLimits(_ANY, _ANY, _ANY, _ANY, _ANY)
"""What was handed in under the limits of its day is graded under any."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why we could not judge a run, in words for staff, with the report of as much as came."""

    message: str
    report: Report | None = None
    may_pass: bool = True
    """Whether it may be over by itself: a machine is mended, an author's solution is not."""


def work_on(run_id: int, place: Workplace) -> None:
    """Do what a wake-up asks for, if it is still to be done; the run's row says what came of it.

    A wake-up may be late, there twice, or about nothing: the claim decides.
    """
    token = uuid.uuid4().hex
    with structlog.contextvars.bound_contextvars(run_id=run_id):
        try:
            claim = _claim(run_id, token, place)
        except DatabaseUnavailable as error:
            # The run still waits, and the sweeper sends it again.
            _log.error("not claimed", error=str(error))
            return
        if claim is None:
            _log.info("nothing to do")
            return
        with structlog.contextvars.bound_contextvars(submission_id=claim.submission_id):
            started_s = time.monotonic()
            status = _work_under_lease(claim, token, place)
            _log.info(
                "run ended",
                status=status.value if status else "thrown away",
                purpose=claim.purpose.value,
                attempt=claim.attempt,
                seconds=round(time.monotonic() - started_s, 3),
            )
        if status is RunStatus.QUEUED:
            send_run(place.settings, run_id, RETRY)


def _claim(run_id: int, token: str, place: Workplace) -> runs.Claim | None:
    until_s = time.monotonic() + place.settings.lease_s

    def claim() -> runs.Claim | None:
        with place.database.begin() as session:
            # Read once the lock is there: a lease is not to begin while one waits for it.
            now = _now()
            return runs.claim(
                session,
                run_id,
                token=token,
                worker=place.name,
                tier=place.slot.tier,
                now=now,
                lease_s=place.settings.lease_s,
                seed=lambda digest: draw_seed(place.seed_secret, digest, now.date()),
            )

    return _insist(claim, lambda: time.monotonic() < until_s and not place.stop.is_posted)


def _work_under_lease(claim: runs.Claim, token: str, place: Workplace) -> RunStatus | None:
    """Return the run's status afterwards; None where it was not ours any more."""
    lease_s = place.settings.lease_s

    def renew() -> bool:
        with place.database.begin() as session:
            return runs.extend(session, claim.run_id, token, now=_now(), lease_s=lease_s)

    lease = Lease(
        renew,
        lease_s,
        longest_s=LONGEST_S,
        is_stopping=lambda: place.stop.is_over,
        abandon=place.slot.abandon,
    )
    with lease:
        result = _judge(claim, place, lease)
        status = None
        if isinstance(result, Failure) and result.may_pass and claim.attempt <= len(_PAUSES_S):
            lease.pause(_PAUSES_S[claim.attempt - 1])
        if lease.ending is not Ending.LEASE_LOST:
            status = _conclude(claim, token, place, lease, result)
    if lease.ending is not None or isinstance(result, Failure):
        try:
            place.slot.renew()
        except Exception:  # noqa: BLE001 - the next run meets the same, and this one has its end
            _log.exception("jails not renewed")
    return status


def _judge(claim: runs.Claim, place: Workplace, lease: Lease) -> Report | Outcome | Failure:
    """Return what became of the run; what fails through us, whatever it is, is a Failure."""
    try:
        if claim.purpose is Purpose.VALIDATION:
            return _validate(claim, place, lease)
        report = _grade(claim, place, lease)
    except RunAbandoned:
        return Failure(lease.ending.value if lease.ending else "it was ended")
    except GraderError as error:
        if lease.ending is not None:
            # A jail that is killed while it warms up ends in this way.
            return Failure(lease.ending.value)
        _log.warning("run failed", error=str(error))
        return Failure(str(error), may_pass=not isinstance(error, AssignmentError))
    except Exception as error:  # noqa: BLE001 - a bug of ours costs nobody a point either
        _log.exception("run failed")
        return Failure(f"{type(error).__name__}: {error}")
    if report.status is RunStatus.FAILED:
        return Failure(_explain(report), report, may_pass=False)
    return report


def _grade(claim: runs.Claim, place: Workplace, lease: Lease) -> Report:
    assignment = place.versions.load(claim.slug, claim.version_digest, claim.archive_digest)
    lease.allow(longest_run_s(assignment))
    submitted = accept_uploads(claim.uploads, assignment.spec.files, _ALREADY_ACCEPTED)
    with expected_values(assignment, place.slot, place.settings.cache_dir) as expected:
        return grade(
            assignment, submitted, place.slot, expected, seed=claim.seed, student=claim.student
        )


def _validate(claim: runs.Claim, place: Workplace, lease: Lease) -> Outcome:
    with place.versions.unpacked(claim.slug, claim.archive_digest) as folder:
        return validate_folder(
            folder,
            place.slot,
            place.settings.cache_dir,
            claim.seed,
            on_loaded=lambda assignment: lease.allow(longest_validation_s(assignment)),
        )


def _explain(report: Report) -> str:
    """Name the checks on which we failed."""
    return "; ".join(
        f"{result.check}: {result.judgement.message}"
        for result in report.results
        if result.judgement.verdict is Verdict.INTERNAL_ERROR
    )


def _conclude(
    claim: runs.Claim,
    token: str,
    place: Workplace,
    lease: Lease,
    result: Report | Outcome | Failure,
) -> RunStatus | None:
    """Write the end of the run, for as long as it is ours to write."""

    def conclude(result: Report | Outcome | Failure) -> RunStatus | None:
        now = _now()
        with place.database.begin() as session:
            if isinstance(result, Failure):
                return runs.give_back(
                    session,
                    claim.run_id,
                    token,
                    result.message,
                    now=now,
                    report=result.report,
                    # Whoever stops workers says nothing about a run.
                    is_counted=lease.ending is not Ending.WORKER_STOPS,
                )
            if isinstance(result, Report):
                is_ours = runs.finish(session, claim.run_id, token, result, now=now)
            else:
                outcome = result.to_json()
                is_ours = runs.finish_validation(
                    session, claim.run_id, token, outcome, handout=result.handout, now=now
                )
            return RunStatus.GRADED if is_ours else None

    try:
        try:
            return _insist(lambda: conclude(result), lambda: lease.is_held)
        except DatabaseUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - judged and not written down: ours as well
            _log.exception("not written down")
            failure = Failure(f"not written down: {type(error).__name__}: {error}")
            return _insist(lambda: conclude(failure), lambda: lease.is_held)
    except DatabaseUnavailable as error:
        _log.warning("not written down", error=str(error))
        return None


def _insist(operation: Callable[[], T], is_worth_it: Callable[[], bool]) -> T:
    """Return what the operation returns; while the database is gone it is tried again."""
    pause_s = _FIRST_PAUSE_S
    while True:
        try:
            return operation()
        except DatabaseUnavailable:
            if not is_worth_it():
                raise
        time.sleep(pause_s)
        pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
