"""A policy in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from grader.policy import describe_attempts, describe_lateness, format_moment
from grader.policy.sentences import format_span
from tests.policy.strategies import DUE, policy

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("late", "expected"),
    [
        ({}, "No late work is accepted. Nothing is accepted after Wed 14 Oct 2026, 23:59 EDT."),
        (
            {"grace": "15m"},
            "No late work is accepted. Up to 15 minutes late is forgiven. "
            "Nothing is accepted after Thu 15 Oct 2026, 00:14 EDT.",
        ),
        (
            {"per_day": 0.10, "days": 3},
            "10 % off for each day late, at most 3 days. "
            "Nothing is accepted after Sat 17 Oct 2026, 23:59 EDT.",
        ),
        (
            {"per_hour": 0.025, "days": 1, "grace": "1h"},
            "2.5 % off for each hour late, at most 1 day. Up to 1 hour late is forgiven. "
            "Nothing is accepted after Thu 15 Oct 2026, 23:59 EDT.",
        ),
        (
            {"steps": [["0s", 0.05], ["36h", 0.20]]},
            "5 % off as soon as it is late, 20 % off from 1 day 12 hours late.",
        ),
        (
            {"days": 2},
            "No penalty for being late, at most 2 days. "
            "Nothing is accepted after Fri 16 Oct 2026, 23:59 EDT.",
        ),
    ],
)
def test_lateness_in_words(late, expected) -> None:
    assert expected == describe_lateness(policy(late=late), NEW_YORK)


def test_slip_days_move_the_last_date_where_the_policy_sets_none() -> None:
    assert (
        "Late work is accepted only with slip days. "
        "Nothing is accepted after Fri 16 Oct 2026, 23:59 EDT."
    ) == describe_lateness(policy(), NEW_YORK, slip_days=2)


def test_what_is_never_due_needs_no_words() -> None:
    assert "" == describe_lateness(policy(due_at=None), NEW_YORK)


@pytest.mark.parametrize(
    ("attempts", "expected"),
    [
        ({}, "As many attempts as you like."),
        ({"per_day": 1}, "1 attempt in 24 hours, refilled evenly."),
        (
            {"per_day": 20, "cooldown": "1m30s"},
            "20 attempts in 24 hours, refilled evenly, 1 minute 30 seconds between two of them.",
        ),
        ({"cooldown": "1s"}, "As many attempts as you like, 1 second between two of them."),
    ],
)
def test_attempts_in_words(attempts, expected) -> None:
    assert expected == describe_attempts(policy(attempts=attempts))


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        (NEW_YORK, "Wed 14 Oct 2026, 23:59 EDT"),
        (UTC, "Thu 15 Oct 2026, 03:59 UTC"),
        (ZoneInfo("America/Sao_Paulo"), "Thu 15 Oct 2026, 00:59 UTC-03"),
        (timezone(timedelta(hours=5, minutes=30)), "Thu 15 Oct 2026, 09:29 UTC+05:30"),
    ],
)
def test_a_moment_is_written_in_its_zone(zone, expected) -> None:
    assert expected == format_moment(DUE, zone)


def test_seconds_are_written_where_there_are_any() -> None:
    assert "Thu 1 Oct 2026, 09:00:05 UTC" == format_moment(
        datetime(2026, 10, 1, 9, 0, 5, tzinfo=UTC), UTC
    )


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "0 seconds"),
        (0.5, "0.5 seconds"),
        (1, "1 second"),
        (59.75, "59.75 seconds"),
        (3600, "1 hour"),
        (2 * 86400 + 61, "2 days 1 minute 1 second"),
    ],
)
def test_a_span_in_words(seconds, expected) -> None:
    assert expected == format_span(seconds)
