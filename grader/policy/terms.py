"""The terms on which one person, or one team, hands in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from grader.spec import Policy

DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Terms:
    """A policy as it holds for somebody: the due date is theirs, and so are the slip days."""

    policy: Policy
    """Its `due_at` is the date after all adjustments."""
    slip_days_left: int = 0
    """Whole days that may still be spent when this offering's turn comes (`settle`)."""
    time_zone: tzinfo = UTC
    """The course's, in which errors name dates."""

    @property
    def opens_at(self) -> datetime | None:
        """The first moment of handing in, in UTC; None where it has always been open."""
        return in_utc(self.policy.opens_at)

    @property
    def due_at(self) -> datetime | None:
        """The due date in UTC; None where nothing is ever due."""
        return in_utc(self.policy.due_at)


def adjust(
    policy: Policy,
    due_dates: Iterable[datetime] = (),
    *,
    slip_days_left: int = 0,
    time_zone: tzinfo = UTC,
) -> Terms:
    """Return the terms of somebody with extensions or accommodations until `due_dates`.

    The latest date holds, and never one before the policy's own. All that applies to a person,
    to the section or to any member of the team belongs into `due_dates`. What is never due
    stays so.
    """
    own = in_utc(policy.due_at)
    if own is not None:
        latest = max([own, *(as_utc(due_at) for due_at in due_dates)])
        if latest > own:
            policy = policy.model_copy(update={"due_at": latest})
    return Terms(policy, slip_days_left, time_zone)


def as_utc(moment: datetime) -> datetime:
    """Return an aware time in UTC: between two times of one zone Python counts wall-clock hours."""
    if moment.utcoffset() is None:
        raise ValueError(f"a time without a zone: {moment}")
    return moment.astimezone(UTC)


def in_utc(moment: datetime | None) -> datetime | None:
    """Return an aware time in UTC, or None for None."""
    return None if moment is None else as_utc(moment)


def later(moment: datetime, by: timedelta) -> datetime | None:
    """Return the time that much later; None past the end of the calendar."""
    try:
        return moment + by
    except OverflowError:
        return None
