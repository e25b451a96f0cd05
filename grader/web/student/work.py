"""How far somebody's work on an assignment is, in the words of lists and headings."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from grader.policy import Terms, days_late, describe_lateness, late_share, slip_days_for
from grader.report import RunStatus
from grader.spec import Counts
from grader.store import Session, offerings, submissions
from grader.store.submissions import Standing
from grader.store.tables import Offering, Submission
from grader.web.filters import course_zone, write_points, write_time
from grader.web.results import ShownResult, shown_result
from grader.web.student.feedback import write_headline

COUNTS_SENTENCES = {
    Counts.BEST: "Your best submission counts, after what lateness takes; of equals the earlier.",
    Counts.LAST: "Your last submission counts.",
    Counts.CHOSEN: "The submission that you choose counts; until you choose, the last one.",
}


@dataclass(frozen=True, slots=True)
class State:
    """A badge: what it says, and how it looks."""

    text: str
    kind: str
    symbol: str


@dataclass(frozen=True, slots=True)
class Work:
    """An assignment in a list, with one's own dates and one's own last submission."""

    offering: Offering
    title: str
    zone: ZoneInfo
    opens_at: datetime.datetime | None
    due_at: datetime.datetime | None
    is_extended: bool
    is_closed: bool
    state: State | None
    """None for whoever does not hand in."""
    progress: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """Whether somebody may hand in now."""

    is_open: bool
    is_shut: bool
    """For good: nothing more is accepted."""
    line: str
    """Why not, or how often still."""


@dataclass(frozen=True, slots=True)
class OwnSubmission:
    """A row of one's own submissions."""

    submission: Submission
    shown: ShownResult
    lateness: str
    is_late: bool

    @property
    def is_all_told(self) -> bool:
        """Whether its reader knows everything that its total is made of."""
        return self.shown.final is not None or self.shown.report is None


def read_work(session: Session, offering: Offering, person_id: int, now: datetime.datetime) -> Work:
    """Return how far a student is with an assignment."""
    standing = submissions.standing(session, offering, person_id, now)
    own = submissions.list_of_person(session, offering.id, person_id)
    state, progress = State("Not handed in", "idle", "○"), ""
    if own:
        newest = own[0].submission
        shown = shown_result(session, newest, offerings.audience_for(session, offering, now))
        state, progress = _state_of(shown), _progress_of(newest, shown)
    due_at = standing.terms.due_at
    return Work(
        offering,
        title_of(offering),
        ZoneInfo(offering.course.time_zone),
        opens_at=standing.terms.opens_at,
        due_at=due_at,
        is_extended=is_extended(offering, standing.terms),
        is_closed=_is_over(standing, now),
        state=state,
        progress=progress,
    )


def look_at(offering: Offering) -> Work:
    """Return an assignment as somebody sees it who hands nothing in."""
    return Work(
        offering,
        title_of(offering),
        ZoneInfo(offering.course.time_zone),
        opens_at=offering.opens_at,
        due_at=offering.due_at,
        is_extended=False,
        is_closed=False,
        state=None if offering.published_at else State("Draft", "warn", "○"),
    )


def title_of(offering: Offering) -> str:
    """Return the title of what students see, or of the draft while they see nothing."""
    version = offering.published_version or offering.draft_version
    return version.title if version else offering.slug


def is_extended(offering: Offering, terms: Terms) -> bool:
    """Whether somebody has more time than the others."""
    return bool(offering.due_at and terms.due_at and terms.due_at > offering.due_at)


def read_entry(standing: Standing, now: datetime.datetime) -> Entry:
    """Return whether one may hand in now, and if not, why and from when on."""
    opens_at = standing.terms.opens_at
    if opens_at and now < opens_at:
        return Entry(False, False, f"You may hand in from {write_time(opens_at)} on.")
    if _is_over(standing, now):
        last_at = write_time(standing.last_accepted_at) if standing.last_accepted_at else ""
        return Entry(False, True, f"The last work was accepted on {last_at}.")
    per_day = standing.terms.policy.attempts.per_day
    left = standing.attempts_left
    if standing.next_at and standing.next_at > now:
        return Entry(False, False, f"Your next attempt is there on {_clock(standing.next_at)}.")
    if left is None or per_day is None:
        return Entry(True, False, "You may hand in as often as you like.")
    return Entry(True, False, f"{left} of {per_day} attempts left; they come back over 24 hours.")


def describe_terms(standing: Standing) -> str:
    """Return what lateness costs this person."""
    terms = standing.terms
    return describe_lateness(terms.policy, course_zone(), slip_days=terms.slip_days_left)


def describe_submission(terms: Terms, received_at: datetime.datetime) -> str:
    """Return whether a submission is late, and what that costs if it counts."""
    days = days_late(terms, received_at)
    if not days:
        return "On time." if terms.due_at else "There is no due date."
    late = f"{_days(days)} late"
    spent = slip_days_for(terms, received_at)
    share = late_share(terms, received_at)
    costs = [f"spends {_days(spent, 'slip day')}"] if spent else []
    costs += [f"costs {write_points(100 * share)} % of its points"] if share else []
    return f"{late}: if it counts, it {' and '.join(costs) or 'costs nothing'}."


def _days(count: int, unit: str = "day") -> str:
    return f"{count} {unit}{'' if count == 1 else 's'}"


def _clock(at: datetime.datetime) -> str:
    return write_time(at, has_seconds=True)


def _is_over(standing: Standing, now: datetime.datetime) -> bool:
    return standing.last_accepted_at is not None and now > standing.last_accepted_at


def _state_of(shown: ShownResult) -> State:
    if shown.status is RunStatus.QUEUED:
        return State("Waiting", "idle", "○")
    if shown.status is RunStatus.RUNNING:
        return State("Running", "busy", "▸")
    if shown.status is RunStatus.FAILED:
        return State("Grader failed", "warn", "!")
    return State("Handed in", "good", "✓")


def _progress_of(newest: Submission, shown: ShownResult) -> str:
    if shown.report is None:
        return ""
    hidden = f", {shown.n_hidden} hidden" if shown.n_hidden else ""
    told = f"Submission {newest.number}: {write_headline(shown.report)}{hidden}"
    return f"{told}; {write_points(shown.final)} points." if shown.final is not None else f"{told}."
