"""What a student reads of a graded submission: never more than the redaction has left."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from grader.report import Audience, Report, RunStatus
from grader.spec import Visibility
from grader.store import Session, ledger, offerings
from grader.store.tables import Offering, Run
from grader.web.filters import write_time
from grader.web.results import ShownResult


@dataclass(frozen=True, slots=True)
class ShownScore:
    """Points that count, once they betray nothing."""

    final: Decimal
    possible: Decimal
    penalty: Decimal | None
    is_overridden: bool

    @property
    def earned(self) -> Decimal:
        """What it was worth before lateness."""
        return self.final + (self.penalty or Decimal(0))


@dataclass(frozen=True, slots=True)
class Feedback:
    """A report, and what is said above it."""

    report: Report | None
    """Redacted; None where the grader failed."""
    headline: str = ""
    hidden_line: str = ""
    score: ShownScore | None = None


def read_feedback(
    session: Session, offering: Offering, shown: ShownResult, audience: Audience
) -> Feedback | None:
    """Return what there is to read; None while the submission waits or runs."""
    if shown.run.status is RunStatus.FAILED:
        return Feedback(None)
    report = shown.report
    if report is None:
        return None
    return Feedback(
        report,
        headline=write_headline(report),
        hidden_line=_write_hidden(session, offering, shown.run, audience),
        score=_read_score(session, shown),
    )


def write_headline(report: Report) -> str:
    """Return how many checks passed; never that all did while some are hidden."""
    n_passed = sum(result.is_passed for result in report.results)
    n_shown = len(report.results)
    kind = "visible checks" if report.n_hidden else "checks"
    if not n_shown:
        return "No check is visible yet"
    return f"{n_passed} of {n_shown} {kind} passed"


def _write_hidden(session: Session, offering: Offering, run: Run, audience: Audience) -> str:
    """Return how many checks are hidden, and until when; empty where none is."""
    hidden = Counter(row.visible for row in run.results if not audience.sees(row.visible))
    opens_at = None
    if hidden[Visibility.AFTER_DUE]:
        opens_at = offerings.after_due_opens_at(session, offering)
    return " ".join(_hidden_sentences(hidden, opens_at))


def _hidden_sentences(
    hidden: Counter[Visibility], opens_at: datetime.datetime | None
) -> Iterator[str]:
    if count := hidden[Visibility.AFTER_DUE]:
        when = write_time(opens_at) if opens_at else "nobody may hand in any more"
        yield f"{count} hidden until {when}."
    if count := hidden[Visibility.AFTER_PUBLISHED]:
        yield f"{count} hidden until the scores are published."
    if count := hidden[Visibility.NEVER]:
        yield f"{count} {'stays' if count == 1 else 'stay'} hidden."


def _read_score(session: Session, shown: ShownResult) -> ShownScore | None:
    if shown.final is None or shown.run.submission_id is None:
        return None
    score = ledger.current_score(session, shown.run.submission_id)
    if score is None:
        return None
    return ShownScore(shown.final, score.max_points, shown.penalty, shown.is_overridden)
