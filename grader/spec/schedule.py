"""When the assignments of a course open and are due, told in weeks of a term."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Self, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import PlainValidator, model_validator

from grader.errors import UsageError
from grader.spec.policy import FIRST_YEAR, LAST_YEAR, Policy
from grader.spec.schema import SpecModel, fault

MOST_WEEKS = 60
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MOMENT = re.compile(r"week (\d{1,2}) (\w+) (\d\d):(\d\d)")


@dataclass(frozen=True, slots=True)
class TermMoment:
    """A moment of a term, wherever that lies in the calendar."""

    week: int
    """From 1."""
    day: int
    """0 is a Monday."""
    at: time

    @property
    def order(self) -> tuple[int, int, time]:
        """What sorts moments."""
        return self.week, self.day, self.at

    def on_calendar(self, starts_on: date, time_zone: str) -> datetime:
        """Return the moment in a term whose first week begins on a Monday."""
        day = starts_on + timedelta(days=7 * (self.week - 1) + self.day)
        return datetime.combine(day, self.at, ZoneInfo(time_zone))


def _read_moment(written: Any) -> Any:
    if isinstance(written, TermMoment):
        return written
    found = _MOMENT.fullmatch(written) if isinstance(written, str) else None
    if found is None:
        raise fault("is not a moment of a term", 'write for example "week 2 Sun 23:59"')
    week, day, hour, minute = int(found[1]), found[2], int(found[3]), int(found[4])
    if day not in _DAYS:
        raise fault(f"{day!r} is not a day", f"write one of {', '.join(_DAYS)}")
    if not 1 <= week <= MOST_WEEKS:
        raise fault(f"there is no week {week}", f"weeks are counted from 1 to {MOST_WEEKS}")
    if hour > 23 or minute > 59:
        raise fault(f"{hour:02}:{minute:02} is no time of a day", "write 00:00 to 23:59")
    return TermMoment(week, _DAYS.index(day), time(hour, minute))


Moment: TypeAlias = Annotated[TermMoment, PlainValidator(_read_moment)]


class TermDates(SpecModel):
    """When an assignment opens and is due."""

    opens: Moment
    """First moment of handing in: `"week 1 Mon 09:00"`, in the course's time zone."""
    due: Moment
    """The due date."""

    @model_validator(mode="after")
    def check_order(self) -> Self:
        """Refuse work that is due before anybody may hand it in."""
        if self.due.order <= self.opens.order:
            raise fault("is not after `opens`", "move one of the two", at=("due",))
        return self

    def date_policy(self, policy: Policy, starts_on: date, time_zone: str) -> Policy:
        """Return the policy with these dates in a term that starts on a Monday."""
        return policy.model_copy(
            update={
                "opens_at": self.opens.on_calendar(starts_on, time_zone),
                "due_at": self.due.on_calendar(starts_on, time_zone),
            }
        )


def check_start(starts_on: date) -> date:
    """Return the first day of a term, or raise the fault of one that none can start on."""
    complaint = _complain(starts_on)
    if complaint:
        raise fault(*complaint)
    return starts_on


def read_start(written: str) -> date:
    """Return the first day of a term that somebody has typed.

    Raises
    ------
    UsageError
        Where it is no date, or none that a term can start on.
    """
    try:
        starts_on = date.fromisoformat(written)
    except ValueError:
        raise UsageError(
            f"{written!r} is not a date", remedy="write for example 2027-01-11"
        ) from None
    complaint = _complain(starts_on)
    if complaint:
        problem, remedy = complaint
        raise UsageError(f"{written}: {problem}", remedy=remedy)
    return starts_on


def _complain(starts_on: date) -> tuple[str, str] | None:
    """Return the problem and the remedy of a day on which no term can start."""
    if not FIRST_YEAR <= starts_on.year < LAST_YEAR:
        return (
            f"the year {starts_on.year} is not between {FIRST_YEAR} and {LAST_YEAR - 1}",
            "mend the year",
        )
    if starts_on.weekday() != 0:
        monday = starts_on - timedelta(days=starts_on.weekday())
        return (
            f"is a {starts_on:%A}, and week 1 begins on a Monday",
            f"write {monday.isoformat()}",
        )
    return None
