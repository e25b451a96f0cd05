"""How many attempts are left: a bucket that refills evenly over 24 hours, and a cooldown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from grader.policy.terms import DAY, Terms, as_utc

_MICROSECOND = timedelta(microseconds=1)
_DAY_US = DAY // _MICROSECOND


@dataclass(frozen=True, slots=True)
class Allowance:
    """How often somebody may still hand in."""

    left: int | None
    """Attempts in the bucket; None where there is no limit."""
    next_at: datetime | None
    """When the next attempt is allowed, in UTC; None where it is now."""
    is_cooling_down: bool = False
    """Whether it is the cooldown alone that one has to wait for."""


def attempts_left(terms: Terms, spent_at: Iterable[datetime], now: datetime) -> Allowance:
    """Return what is left after the attempts received at `spent_at`.

    Only what cost an attempt belongs into `spent_at`: nothing that was refused, cancelled or
    superseded, that does not parse, or that failed through our fault. The bucket is full at
    first, gains `per_day` attempts in 24 hours without a break, and is never emptier than empty:
    a limit that is lowered later leaves nobody in debt.
    """
    now = as_utc(now)
    # A clock that stepped back must not lock anybody out for as long as it stepped.
    past = sorted(min(as_utc(moment), now) for moment in spent_at)
    cooled_at = now
    if past:
        cooled_at = past[-1] + timedelta(seconds=terms.policy.attempts.cooldown_s)
    size = terms.policy.attempts.per_day
    if size is None:
        return Allowance(None, cooled_at if cooled_at > now else None, cooled_at > now)
    level = _level(size, past, now)
    missing = max(0, _DAY_US - level)
    filled_at = now + -(-missing // size) * _MICROSECOND
    next_at = max(cooled_at, filled_at)
    return Allowance(
        level // _DAY_US,
        next_at if next_at > now else None,
        is_cooling_down=cooled_at > filled_at,
    )


def _level(size: int, past: list[datetime], now: datetime) -> int:
    """Return what the bucket holds; one attempt is a day's microseconds, so all is exact."""
    full = size * _DAY_US
    level = full
    before = past[0] if past else now
    for moment in past:
        level = min(full, level + size * ((moment - before) // _MICROSECOND))
        level = max(0, level - _DAY_US)
        before = moment
    return min(full, level + size * ((now - before) // _MICROSECOND))
