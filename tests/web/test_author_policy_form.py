"""Dates and rules go through their form unharmed; what is typed wrong is told at its field."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.spec import Policy, read_policy
from grader.web.author.policy_form import WrongFields, fill_policy_form, read_policy_form

ZONE = ZoneInfo("America/New_York")
EMPTY = Policy()


def read(now_set=EMPTY, **typed):
    return read_policy_form({**fill_policy_form(now_set, ZONE), **typed}, ZONE, now_set)


def find_wrong(**typed):
    with pytest.raises(WrongFields) as caught:
        read(**typed)
    assert all("\n" not in line for line in caught.value.lines.values())
    return caught.value.lines


moments = st.datetimes(
    datetime.datetime(2020, 1, 1),
    datetime.datetime(2040, 1, 1),
    timezones=st.sampled_from([datetime.UTC, ZONE, ZoneInfo("Asia/Kolkata")]),
)
shares = st.integers(1, 1000).map(lambda thousandths: thousandths / 1000)
spans = st.integers(1, 10**6).map(lambda seconds: f"{seconds}s")
lates = st.one_of(
    st.just({}),
    st.builds(lambda share, days: {"per_day": share, "days": days}, shares, st.integers(1, 99)),
    st.builds(lambda share, grace: {"per_hour": share, "grace": grace}, shares, spans),
    st.just({"steps": [["1h", 0.05], ["24h", 0.2], ["2d", 1.0]]}),
    st.builds(lambda days: {"days": days}, st.integers(1, 99)),
)


@given(
    moments,
    lates,
    st.fixed_dictionaries({}, optional={"per_day": st.integers(1, 999), "cooldown": spans}),
    st.sampled_from(["best", "last", "chosen"]),
)
def test_a_form_that_is_sent_back_as_it_came_changes_nothing(due_at, late, attempts, counts):
    policy = read_policy(
        {"due_at": due_at.isoformat(), "late": late, "attempts": attempts, "counts": counts}
    )
    assert policy == read(policy)


def test_dates_are_typed_in_the_courses_time_and_keep_its_offset():
    policy = read(opens_at="2026-10-01T09:00", due_at="2026-11-02T23:59:30")
    assert "2026-10-01T09:00:00-04:00" == policy.opens_at.isoformat()
    assert "2026-11-02T23:59:30-05:00" == policy.due_at.isoformat()


def test_a_date_that_is_taken_away_is_away():
    assert read(read_policy({"due_at": "2026-10-14T23:59:00-04:00"}), due_at="").due_at is None


def test_an_ambiguous_hour_that_was_not_touched_stays():
    policy = read_policy({"due_at": "2026-11-01T01:30:00-05:00"})
    assert policy == read(policy)


def test_rules_are_typed_in_percent():
    late = read(late_rule="per_day", share="12.5", grace="15m", days="3").late
    assert (0.125, 900, 3) == (late.per_day, late.grace_s, late.days)
    steps = read(late_rule="steps", steps="1h 5%\r\n\r\n24h 20 %\n").late.steps
    assert [(3600, 0.05), (86400, 0.2)] == [(step.after_s, step.share) for step in steps]


def test_a_share_without_its_rule_is_left_out():
    assert EMPTY == read(late_rule="none", share="10")


@pytest.mark.parametrize(
    ("typed", "field", "line"),
    [
        ({"due_at": "tomorrow"}, "due_at", "write a day and a time"),
        ({"due_at": "2026-03-08T02:30"}, "due_at", "does not exist"),
        ({"due_at": "2026-11-01T01:30"}, "due_at", "comes twice"),
        ({"due_at": "0001-01-01T00:00"}, "due_at", "year"),
        ({"due_at": "9999-12-31T23:59"}, "due_at", "year"),
        (
            {"opens_at": "2026-10-14T09:00", "due_at": "2026-10-13T09:00"},
            "due_at",
            "is not after `opens_at`",
        ),
        ({"late_rule": "per_day", "share": ""}, "share", "in percent"),
        ({"late_rule": "per_day", "share": "NaN"}, "share", "at most 100"),
        ({"late_rule": "per_hour", "share": "-1"}, "share", "at most 100"),
        ({"late_rule": "per_day", "share": "1e99"}, "share", "at most 100"),
        ({"late_rule": "steps", "steps": ""}, "steps", "one step a line"),
        ({"late_rule": "steps", "steps": "1h"}, "steps", "one step a line"),
        ({"late_rule": "steps", "steps": "24h 5%\n1h 6%"}, "steps", "order the steps"),
        ({"late_rule": "steps", "steps": "soon 5%"}, "steps", "not a duration"),
        ({"late_rule": "<b>"}, "late_rule", "choose"),
        ({"grace": "15 minutes"}, "grace", "not a duration"),
        ({"days": "three"}, "days", "whole number"),
        ({"days": "0"}, "days", "at least 1"),
        ({"per_day": "²"}, "per_day", "whole number"),
        ({"cooldown": "-5s"}, "cooldown", "not a duration"),
        ({"counts": "worst"}, "counts", "best"),
    ],
)
def test_what_is_typed_wrong_is_told_at_its_field(typed, field, line):
    wrong = find_wrong(**typed)
    assert [field] == list(wrong)
    assert line in wrong[field]


def test_all_wrong_fields_are_told_at_once():
    assert {"due_at", "days"} == set(find_wrong(due_at="x", days="x"))
