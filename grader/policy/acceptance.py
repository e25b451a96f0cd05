"""Whether a submission is taken, and at what cost."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from grader.errors import Refused, TooMany
from grader.policy.attempts import attempts_left
from grader.policy.lateness import days_late, last_accepted_at, late_share, slip_days_for
from grader.policy.sentences import format_moment, format_span
from grader.policy.terms import Terms, as_utc


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A submission that is taken, and what its lateness means if it counts."""

    days_late: int
    slip_days: int
    share: Decimal
    """What is taken of the earned score, from 0 to 1."""


def decide(terms: Terms, spent_at: Iterable[datetime], received_at: datetime) -> Acceptance:
    """Accept a submission received at `received_at`, or say why not.

    Parameters
    ----------
    terms
        Of the person or team.
    spent_at
        When the attempts that count were received (`attempts_left`).
    received_at
        When the upload was complete.

    Raises
    ------
    Refused
        Before the assignment opens, and after the last moment.
    TooMany
        While the bucket of attempts is empty or the cooldown lasts; with the seconds to wait.
    """
    received_at = as_utc(received_at)
    _check_dates(terms, received_at)
    _check_attempts(terms, spent_at, received_at)
    return Acceptance(
        days_late(terms, received_at),
        slip_days_for(terms, received_at),
        late_share(terms, received_at),
    )


def _check_dates(terms: Terms, received_at: datetime) -> None:
    if terms.opens_at is not None and received_at < terms.opens_at:
        raise Refused(
            f"this assignment opens on {format_moment(terms.opens_at, terms.time_zone)}",
            remedy="hand in after that",
        )
    last_at = last_accepted_at(terms)
    if terms.due_at is None or last_at is None or received_at <= last_at:
        return
    due = format_moment(terms.due_at, terms.time_zone)
    if last_at == terms.due_at:
        problem = f"this assignment was due on {due}"
    else:
        last = format_moment(last_at, terms.time_zone)
        problem = f"this assignment was due on {due}, and the last work was accepted on {last}"
    raise Refused(problem, remedy="ask the course staff for an extension if you have a reason")


def _check_attempts(terms: Terms, spent_at: Iterable[datetime], received_at: datetime) -> None:
    allowance = attempts_left(terms, spent_at, received_at)
    if allowance.next_at is None:
        return
    wait_s = math.ceil((allowance.next_at - received_at).total_seconds())
    attempts = terms.policy.attempts
    if allowance.is_cooling_down:
        problem = f"there must be {format_span(attempts.cooldown_s)} between two attempts"
    else:
        problem = f"all attempts are used: {attempts.per_day} in 24 hours, refilled evenly"
    raise TooMany(problem, retry_after_s=wait_s, remedy=f"try again in {wait_s:,} s")
