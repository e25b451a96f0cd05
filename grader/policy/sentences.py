"""A policy in plain English, for pages and for errors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

from grader.policy.lateness import exact, last_accepted_at
from grader.policy.terms import Terms
from grader.spec import Late, Policy

_UNITS = (("day", 86400), ("hour", 3600), ("minute", 60))


def describe_lateness(policy: Policy, time_zone: tzinfo, *, slip_days: int = 0) -> str:
    """Return what lateness costs, in sentences; empty where nothing is ever due.

    Parameters
    ----------
    policy
        Of the offering, or, with somebody's own due date, of their `Terms`.
    time_zone
        In which the last date is named.
    slip_days
        How many may still be spent: they move the last date where the policy sets none.
    """
    if policy.due_at is None:
        return ""
    sentences = [_describe_rule(policy.late, slip_days)]
    if policy.late.grace_s:
        sentences.append(f"Up to {format_span(policy.late.grace_s)} late is forgiven")
    last_at = last_accepted_at(Terms(policy, slip_days, time_zone))
    if last_at is not None:
        sentences.append(f"Nothing is accepted after {format_moment(last_at, time_zone)}")
    return " ".join(f"{sentence}." for sentence in sentences)


def describe_attempts(policy: Policy) -> str:
    """Return how often one may hand in, in a sentence."""
    size, cooldown_s = policy.attempts.per_day, policy.attempts.cooldown_s
    rule = "As many attempts as you like"
    if size is not None:
        rule = f"{size} {'attempt' if size == 1 else 'attempts'} in 24 hours, refilled evenly"
    pause = f", {format_span(cooldown_s)} between two of them" if cooldown_s else ""
    return f"{rule}{pause}."


def format_moment(moment: datetime, time_zone: tzinfo) -> str:
    """Return a moment as people of a time zone write it: `Wed 14 Oct 2026, 23:59 EDT`."""
    local = moment.astimezone(time_zone)
    clock = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    zone = local.tzname() or f"{local:%z}"
    # Zones without an abbreviation are called by their offset alone.
    zone = f"UTC{zone}" if zone.startswith(("+", "-")) else zone
    return f"{local:%a} {local.day} {local:%b %Y}, {clock} {zone}"


def format_span(seconds: float) -> str:
    """Return a length of time in words: `1 hour 30 minutes`."""
    parts = []
    left = timedelta(seconds=seconds) / timedelta(seconds=1)
    for unit, length_s in _UNITS:
        count, left = divmod(left, length_s)
        if count:
            parts.append(_counted(int(count), unit))
    if left or not parts:
        parts.append("1 second" if left == 1 else f"{left:.6g} seconds")
    return " ".join(parts)


def _describe_rule(late: Late, slip_days: int) -> str:
    limit = f", at most {_counted(late.days, 'day')}" if late.days else ""
    if late.per_day is not None:
        return f"{_percent(late.per_day)} off for each day late{limit}"
    if late.per_hour is not None:
        return f"{_percent(late.per_hour)} off for each hour late{limit}"
    if late.steps:
        return ", ".join(_describe_steps(late)) + limit
    if late.days:
        return f"No penalty for being late{limit}"
    return "Late work is accepted only with slip days" if slip_days else "No late work is accepted"


def _describe_steps(late: Late) -> Iterator[str]:
    for step in late.steps:
        since = (
            f"from {format_span(step.after_s)} late" if step.after_s else "as soon as it is late"
        )
        yield f"{_percent(step.share)} off {since}"


def _percent(share: float) -> str:
    return f"{(100 * exact(share)).normalize():f} %"


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
