"""The end of a run: results, ledger, penalties and what it supersedes, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from grader.report import Report, RunStatus
from grader.store import audit, ledger
from grader.store.blobs import keep_blobs
from grader.store.runs.leases import give_back, hold
from grader.store.runs.queries import JUDGING
from grader.store.runs.reports import keep_report
from grader.store.tables import EntryKind, LedgerEntry, Purpose, Run, Submission


def finish(session: Session, run_id: int, token: str, report: Report, *, now: datetime) -> bool:
    """Keep what a run concluded, if its token still holds; False: it is thrown away.

    A report that failed through us is given back (`give_back`): it is no result. A validation
    ends with `finish_validation` alone and never touches the ledger.
    """
    run = hold(session, run_id, token)
    if run is None or run.purpose is Purpose.VALIDATION:
        return False
    if report.status is RunStatus.FAILED:
        reason = "; ".join(report.staff_notes) or "a check failed through us"
        return give_back(session, run_id, token, reason, now=now, report=report) is not None
    _close(run, now)
    run.tier = report.sandbox_tier
    keep_report(session, run, report)
    if run.purpose in JUDGING and run.submission_id is not None:
        _supersede(session, run, run.submission_id)
        _write_score(session, run, run.submission_id, report, now)
    _record(session, run, now)
    return True


def finish_validation(
    session: Session,
    run_id: int,
    token: str,
    outcome: Mapping[str, Any],
    *,
    handout: bytes = b"",
    now: datetime,
) -> bool:
    """Keep what a validation found, if its token still holds; False: it is thrown away.

    Parameters
    ----------
    outcome
        Ready for JSON; `holds` is true if and only if the draft may be published.
    handout
        The zip for students, kept beside it.
    """
    run = hold(session, run_id, token)
    if run is None or run.purpose is not Purpose.VALIDATION:
        return False
    _close(run, now)
    kept = dict(outcome)
    if handout:
        [kept["handout"]] = keep_blobs(session, [handout], now)
    run.outcome = kept
    session.flush()
    _record(session, run, now, holds=outcome.get("holds") is True)
    return True


def _close(run: Run, now: datetime) -> None:
    run.status, run.finished_at = RunStatus.GRADED, now
    run.lease_token = run.lease_until = run.failure = None


def _record(session: Session, run: Run, now: datetime, **detail: object) -> None:
    audit.record(
        session,
        person_id=None,
        action="graded",
        subject="run",
        subject_id=run.id,
        now=now,
        purpose=run.purpose.value,
        **detail,
    )


def _supersede(session: Session, run: Run, submission_id: int) -> None:
    """Make this run the one whose results are shown; until now the old results were."""
    for before in session.scalars(
        select(Run).where(Run.submission_id == submission_id, Run.is_current, Run.id != run.id)
    ):
        before.is_current, before.status = False, RunStatus.SUPERSEDED
    # The index that allows one current run looks at every statement.
    session.flush()
    run.is_current = True
    session.flush()


def _write_score(
    session: Session, run: Run, submission_id: int, report: Report, now: datetime
) -> None:
    assert report.score is not None
    has_score = session.scalars(
        select(LedgerEntry.id).where(
            LedgerEntry.submission_id == submission_id, LedgerEntry.kind == EntryKind.SCORE
        )
    ).one_or_none()
    ledger.append(
        session,
        submission_id,
        EntryKind.SCORE if has_score is None else EntryKind.REGRADE,
        points=report.score,
        max_points=report.max_score,
        now=now,
        reason="graded" if has_score is None else "regraded",
        run_id=run.id,
        person_id=run.requested_by,
    )
    team_id = session.scalars(
        select(Submission.team_id).where(Submission.id == submission_id)
    ).one()
    ledger.settle_team(session, team_id, now=now)
