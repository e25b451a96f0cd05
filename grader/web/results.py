"""What one reader may see of a submission's judgement: pages and API alike show only this."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from grader.permissions import Permission
from grader.report import STAFF, Audience, Report, RunStatus, redact
from grader.store import Session, ledger, offerings, runs
from grader.store.tables import Offering, Run, Submission


@dataclass(frozen=True, slots=True)
class ShownResult:
    """A submission's results, with all that its reader may not see left out."""

    run: Run
    """For its times and its id; its score and its failure are for staff."""
    report: Report | None
    """Redacted; None until the run is graded."""
    place: int | None
    """0 is running, 1 the next; None once it is over."""
    final: Decimal | None
    """What counts, after lateness and by whoever overrode it; None while it would betray checks."""
    penalty: Decimal | None
    is_overridden: bool

    @property
    def status(self) -> RunStatus:
        """How far it has come."""
        return self.run.status

    @property
    def score(self) -> Decimal | None:
        """Points of the checks that are shown."""
        return self.report.score if self.report else None

    @property
    def max_score(self) -> Decimal | None:
        """Points that the shown checks and the rubric can bring."""
        return self.report.max_score if self.report else None

    @property
    def n_hidden(self) -> int:
        """How many checks are not shown."""
        return self.report.n_hidden if self.report else 0


def audience_of(
    session: Session,
    offering: Offering,
    permissions: Collection[Permission],
    now: datetime.datetime,
) -> Audience:
    """Return staff for whoever may see everybody's work, else a student on this day."""
    if Permission.SEE_SUBMISSIONS in permissions:
        return STAFF
    return offerings.audience_for(session, offering, now)


def shown_result(session: Session, submission: Submission, audience: Audience) -> ShownResult:
    """Return what `audience` may see of the run that a submission shows."""
    run = shown_run(submission)
    is_open = run.status in (RunStatus.QUEUED, RunStatus.RUNNING)
    report = None
    if run.status is RunStatus.GRADED:
        report = redact(runs.load_report(session, run), audience)
    score = ledger.current_score(session, submission.id)
    # A total over hidden checks tells their points; once scores are published it is meant to.
    is_told = score is not None and (
        audience.is_staff or audience.is_published or (report is not None and not report.n_hidden)
    )
    return ShownResult(
        run=run,
        report=report,
        place=runs.place_in_queue(session, run.id) if is_open else None,
        final=score.final if score and is_told else None,
        penalty=score.penalty if score and is_told else None,
        is_overridden=bool(score and is_told and score.is_overridden),
    )


def shown_run(submission: Submission) -> Run:
    """Return the run whose results count, or the last one where none does yet."""
    graded = (run for run in submission.runs if run.is_current)
    return next(graded, submission.runs[-1])
