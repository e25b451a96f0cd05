"""A policy written as a table of JSON is the same when it is read again."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.errors import SpecError
from grader.spec import Policy, read_policy, write_policy
from grader.spec.quantities import LONGEST_DURATION_S, format_duration, parse_duration

shares = st.floats(0, 1, exclude_min=True)
seconds = st.floats(0, LONGEST_DURATION_S)
moments = st.datetimes(
    datetime(1971, 1, 1),
    datetime(2998, 12, 31),
    timezones=st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    table: dict[str, object] = {}
    opens_at, due_at = draw(st.one_of(st.none(), moments)), draw(st.one_of(st.none(), moments))
    if opens_at and due_at and due_at <= opens_at:
        opens_at, due_at = due_at, opens_at
        if opens_at == due_at:
            opens_at = None
    late = draw(
        st.one_of(
            st.just({}),
            shares.map(lambda share: {"per_day": share}),
            shares.map(lambda share: {"per_hour": share}),
            st.tuples(seconds, shares).map(lambda s: {"steps": [[format_duration(s[0]), s[1]]]}),
        )
    )
    late |= draw(st.one_of(st.just({}), st.integers(1, 366).map(lambda days: {"days": days})))
    table["late"] = {**late, "grace": format_duration(draw(seconds))}
    table["attempts"] = {
        "per_day": draw(st.one_of(st.none(), st.integers(1, 10**6))),
        "cooldown": format_duration(draw(seconds)),
    }
    table["counts"] = draw(st.sampled_from(["best", "last", "chosen"]))
    return read_policy({**table, "opens_at": opens_at, "due_at": due_at})


@settings(deadline=None)
@given(policies())
def test_a_policy_survives_json(policy: Policy) -> None:
    again = read_policy(json.loads(json.dumps(write_policy(policy), allow_nan=False)))

    assert policy == again
    for before, after in ((policy.opens_at, again.opens_at), (policy.due_at, again.due_at)):
        assert (before and before.utcoffset()) == (after and after.utcoffset())


@settings(deadline=None)
@given(seconds)
def test_a_duration_survives_being_written(length_s: float) -> None:
    assert length_s == parse_duration(format_duration(length_s))


@pytest.mark.parametrize(
    ("length_s", "expected"),
    [(0.0, "0s"), (900.0, "15m"), (5400.0, "1h30m"), (86400.0, "1d"), (0.5, "0.5s"),
     (90061.25, "1d1h1m1.25s")],
)  # fmt: skip
def test_a_duration_is_written_as_an_author_would(length_s, expected) -> None:
    assert expected == format_duration(length_s)


def test_a_policy_is_written_without_its_defaults() -> None:
    assert {"counts": "best"} == write_policy(Policy())
    assert {
        "due_at": "2026-10-14T23:59:00-04:00",
        "late": {"grace": "15m", "per_day": 0.1, "days": 3},
        "attempts": {"per_day": 20, "cooldown": "30s"},
        "counts": "last",
    } == write_policy(
        read_policy(
            {
                "due_at": "2026-10-14T23:59:00-04:00",
                "late": {"grace": "900s", "per_day": 0.10, "days": 3},
                "attempts": {"per_day": 20, "cooldown": "0.5m"},
                "counts": "last",
            }
        )
    )


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ({"due": "x"}, "policy: due: unknown key; did you mean `due_at`?"),
        (
            {"late": {"per_day": 2}},
            "policy: late.per_day: must be at most 1, not 2; write another number",
        ),
        ({"late": {"days": 400}}, "policy: late.days: must be at most 366, not 400; "),
        ({"due_at": "2026-10-14T23:59"}, "policy: due_at: has no offset from UTC; add one: "),
        ({"due_at": "soon"}, "policy: due_at: must be a date with a time, not the string "),
        (
            {"due_at": "9999-12-31T23:59:00-04:00"},
            "policy: due_at: the year 9999 is not between 1970 and 2999; mend the year",
        ),
        (
            {"opens_at": "2026-10-14T23:59:00Z", "due_at": "2026-10-14T23:59:00Z"},
            "policy: due_at: is not after `opens_at`; move one of the two dates",
        ),
    ],
)
def test_a_wrong_policy_is_told_in_one_line(table, expected) -> None:
    with pytest.raises(SpecError) as raised:
        read_policy(table)
    assert str(raised.value).startswith(expected)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-12-14T23:59:00-04:00", "2026-12-14T23:59:00-05:00"),
        # The clock skips 02:00 to 03:00 on this day.
        ("2026-03-08T02:30:00-04:00", "2026-03-08T01:30:00-05:00"),
    ],
)
def test_an_offset_that_the_course_does_not_have_on_that_day_is_told(written, meant) -> None:
    with pytest.raises(SpecError) as raised:
        read_policy({"due_at": written}, time_zone="America/New_York")

    expected = "policy: due_at: its offset is not that of America/New_York on that day; write "
    assert expected + meant == str(raised.value)
    assert read_policy({"due_at": meant}, time_zone="America/New_York").due_at is not None


def test_both_offsets_of_an_hour_that_comes_twice_are_fine() -> None:
    for offset in ("-04:00", "-05:00"):
        read_policy({"due_at": f"2026-11-01T01:30:00{offset}"}, time_zone="America/New_York")
