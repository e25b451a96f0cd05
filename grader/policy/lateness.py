"""What lateness costs, when the last work is accepted, and when hidden checks open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal

from grader.policy.terms import DAY, Terms, as_utc, later
from grader.spec import Late

DECIMAL_PLACES = 6
"""Points are exact to so many places."""

_QUANTUM = Decimal(1).scaleb(-DECIMAL_PLACES)
_WIDE = Context(prec=100)
_HOUR = timedelta(hours=1)
_NONE = timedelta(0)


def days_late(terms: Terms, received_at: datetime) -> int:
    """Return how many periods of 24 hours have begun since the due date; 0 within the grace."""
    return _started(_lateness(terms, received_at), DAY)


def slip_days_for(terms: Terms, received_at: datetime) -> int:
    """Return how many slip days a submission spends if it counts.

    The fewest that make its penalty as small as `terms.slip_days_left` can make it: a day that
    would spare nothing is kept. Where no lateness is allowed otherwise, each day late takes one.
    """
    lateness = _lateness(terms, received_at)
    most = min(_started(lateness, DAY), terms.slip_days_left)
    if not _has_rule(terms.policy.late):
        return 0 if terms.policy.late.days else most
    least_share = _share(terms.policy.late, lateness - most * DAY)
    return next(
        spent
        for spent in range(most + 1)
        if _share(terms.policy.late, lateness - spent * DAY) == least_share
    )


def late_share(terms: Terms, received_at: datetime) -> Decimal:
    """Return the share of the earned score, from 0 to 1, that lateness takes after slip days."""
    spent = slip_days_for(terms, received_at)
    return _share(terms.policy.late, _lateness(terms, received_at) - spent * DAY)


def penalty(terms: Terms, earned: Decimal, received_at: datetime) -> Decimal:
    """Return the points that lateness takes: to six places, half to even, never over `earned`."""
    share = late_share(terms, received_at)
    taken = _WIDE.multiply(earned, share).quantize(_QUANTUM, ROUND_HALF_EVEN, _WIDE)
    return min(taken, earned.quantize(_QUANTUM, ROUND_FLOOR, _WIDE))


def last_accepted_at(terms: Terms) -> datetime | None:
    """Return the last moment at which work is accepted, in UTC; None where there is no end.

    With `days` it is so many times 24 hours after the due date, whether slip days are left or
    not. Without, work is accepted as long as it can earn something: until the penalty takes all,
    or, without a late rule, until the due date; slip days come on top. Steps that never take all
    have no end. It never is before the end of the grace.
    """
    due_at = terms.due_at
    if due_at is None:
        return None
    window = _open_window(terms.policy.late, terms.slip_days_left)
    if window is None:
        return None
    return later(due_at, max(window, timedelta(seconds=terms.policy.late.grace_s)))


def opens_after_due(everybody: Iterable[Terms]) -> datetime | None:
    """Return the last moment at which any of these may hand in; None where one has no end.

    Pass the terms of the offering itself and of each adjustment, all with the course's full slip
    days: what somebody has spent may come back to them, and an opened answer cannot be shut.
    """
    ends = [last_accepted_at(terms) for terms in everybody]
    known = [end for end in ends if end is not None]
    return max(known) if known and len(known) == len(ends) else None


def is_after_due(everybody: Iterable[Terms], now: datetime) -> bool:
    """Return whether checks with `visible = "after_due"` are open to all students."""
    opens_at = opens_after_due(everybody)
    return opens_at is not None and as_utc(now) > opens_at


def _lateness(terms: Terms, received_at: datetime) -> timedelta:
    """Return the time since the due date; none within the grace."""
    if terms.due_at is None:
        return _NONE
    lateness = as_utc(received_at) - terms.due_at
    return lateness if lateness > timedelta(seconds=terms.policy.late.grace_s) else _NONE


def _has_rule(late: Late) -> bool:
    return late.per_day is not None or late.per_hour is not None or bool(late.steps)


def _share(late: Late, lateness: timedelta) -> Decimal:
    if lateness <= _NONE:
        return Decimal(0)
    share = Decimal(0)
    if late.per_day is not None:
        share = _started(lateness, DAY) * exact(late.per_day)
    elif late.per_hour is not None:
        share = _started(lateness, _HOUR) * exact(late.per_hour)
    for step in late.steps:
        if lateness >= timedelta(seconds=step.after_s):
            share = exact(step.share)
    return min(share, Decimal(1))


def _open_window(late: Late, slip_days: int) -> timedelta | None:
    """Return how long after the due date work is accepted; None where there is no end."""
    if late.days is not None:
        return late.days * DAY
    if late.per_day is not None:
        return _saturated(slip_days + _units_below_all(late.per_day), DAY)
    if late.per_hour is not None:
        return _saturated(24 * slip_days + _units_below_all(late.per_hour), _HOUR)
    if late.steps:
        takes_all = [step.after_s for step in late.steps if step.share >= 1]
        return timedelta(seconds=takes_all[0]) + slip_days * DAY if takes_all else None
    return slip_days * DAY


def _units_below_all(share: float) -> int:
    """Return how often a share can be taken with something left."""
    whole, part = divmod(Decimal(1), exact(share))
    return int(whole) if part else int(whole) - 1


def _saturated(count: int, unit: timedelta) -> timedelta | None:
    try:
        return count * unit
    except OverflowError:
        return None


def _started(span: timedelta, unit: timedelta) -> int:
    return max(0, -(-span // unit))


def exact(share: float) -> Decimal:
    """Return the decimal number that an author wrote: 0.1 is a tenth."""
    return Decimal(repr(share))
