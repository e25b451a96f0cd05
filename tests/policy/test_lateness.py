"""What lateness costs and until when work is accepted, by hand and by properties."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.policy import (
    Terms,
    adjust,
    days_late,
    last_accepted_at,
    late_share,
    penalty,
    slip_days_for,
)
from tests.policy.strategies import (
    DAY,
    DUE,
    HOUR,
    INSTANT,
    all_terms,
    lateness,
    offsets,
    points,
    policy,
    terms,
)

TEN_A_DAY = {"grace": "15m", "per_day": 0.10, "days": 3}
NINE = Decimal("9")


@pytest.mark.parametrize(
    ("late_by", "expected"),
    [
        (-HOUR, "0"),
        (timedelta(0), "0"),
        (timedelta(minutes=15), "0"),
        (timedelta(minutes=15) + INSTANT, "0.9"),
        (DAY, "0.9"),
        # The second day begins 24 hours after the due date, not after the grace.
        (DAY + INSTANT, "1.8"),
        (2 * DAY, "1.8"),
        (3 * DAY, "2.7"),
    ],
)
def test_each_started_day_after_the_due_date_takes_its_share(late_by, expected) -> None:
    assert Decimal(expected) == penalty(terms(late=TEN_A_DAY), NINE, DUE + late_by)


@pytest.mark.parametrize(
    ("late_by", "expected"),
    [(INSTANT, "0.01"), (HOUR, "0.01"), (HOUR + INSTANT, "0.02"), (99.5 * HOUR, "1"),
     (1000 * HOUR, "1")],
)  # fmt: skip
def test_each_started_hour_takes_its_share_and_never_more_than_all(late_by, expected) -> None:
    assert Decimal(expected) == late_share(terms(late={"per_hour": 0.01}), DUE + late_by)


@pytest.mark.parametrize(
    ("late_by", "expected"),
    [
        (HOUR - INSTANT, "0"),
        (HOUR, "0.05"),
        (DAY - INSTANT, "0.05"),
        (DAY, "0.2"),
        (300 * DAY, "0.2"),
    ],
)
def test_a_step_takes_its_share_from_its_moment_on(late_by, expected) -> None:
    late = {"steps": [["1h", 0.05], ["24h", 0.20]]}

    assert Decimal(expected) == late_share(terms(late=late), DUE + late_by)


def test_points_are_rounded_to_six_places_half_to_even() -> None:
    half = terms(late={"per_day": 0.5, "days": 1})

    assert Decimal("0.000002") == penalty(half, Decimal("0.000003"), DUE + HOUR)
    assert Decimal("0.000002") == penalty(half, Decimal("0.000005"), DUE + HOUR)


def test_a_penalty_does_not_round_up_over_the_earned_score() -> None:
    everything = terms(late={"per_day": 1.0, "days": 1})

    assert Decimal("0.000001") == penalty(everything, Decimal("0.0000019"), DUE + HOUR)


@given(all_terms, points, lateness)
def test_a_penalty_has_six_places_and_lies_between_nothing_and_everything(
    terms: Terms, earned: Decimal, late_by: timedelta
) -> None:
    taken = penalty(terms, earned, DUE + late_by)

    assert 0 <= taken <= earned
    assert taken.as_tuple().exponent == -6


@given(all_terms, points, lateness, lateness)
def test_later_work_never_costs_less(terms: Terms, earned: Decimal, one: timedelta, other) -> None:
    earlier, later = sorted((one, other))

    assert penalty(terms, earned, DUE + earlier) <= penalty(terms, earned, DUE + later)


@given(all_terms, points, lateness)
def test_work_within_the_grace_costs_nothing_and_spends_nothing(
    terms: Terms, earned: Decimal, late_by: timedelta
) -> None:
    grace = timedelta(seconds=terms.policy.late.grace_s)
    received_at = DUE + min(late_by, grace)

    assert (Decimal(0), 0, 0) == (
        penalty(terms, earned, received_at),
        slip_days_for(terms, received_at),
        days_late(terms, received_at),
    )


@given(all_terms, points, lateness, offsets)
def test_the_offset_in_which_a_moment_is_written_changes_nothing(
    terms: Terms, earned: Decimal, late_by: timedelta, offset
) -> None:
    received_at = (DUE + late_by).astimezone(UTC)

    assert penalty(terms, earned, received_at) == penalty(
        terms, earned, received_at.astimezone(offset)
    )


def test_a_day_has_24_hours_on_the_day_on_which_the_clock_is_put_back() -> None:
    # In New York 1 November 2026 has 25 hours.
    new_york = ZoneInfo("America/New_York")
    due_at = datetime(2026, 10, 31, 23, 59, tzinfo=new_york)
    mine = Terms(policy(due_at=due_at, late={"per_day": 0.1, "days": 1}), time_zone=new_york)

    assert datetime(2026, 11, 1, 22, 59, tzinfo=new_york) == last_accepted_at(mine)
    assert 1 == days_late(mine, datetime(2026, 11, 1, 22, 59, tzinfo=new_york))
    assert 2 == days_late(mine, datetime(2026, 11, 1, 23, 0, tzinfo=new_york))


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        penalty(terms(), NINE, datetime(2026, 10, 14, 12))


SLIP = {"per_day": 0.10, "days": 5}


@pytest.mark.parametrize(
    ("left", "late_by", "spent", "share"),
    [
        (4, HOUR, 1, "0"),
        (4, DAY, 1, "0"),
        (4, DAY + HOUR, 2, "0"),
        (1, 2 * DAY + HOUR, 1, "0.2"),
        (0, HOUR, 0, "0.1"),
    ],
)
def test_slip_days_are_whole_days_spent_before_any_penalty(left, late_by, spent, share) -> None:
    mine = terms(left, late=SLIP)

    assert (spent, Decimal(share)) == (
        slip_days_for(mine, DUE + late_by),
        late_share(mine, DUE + late_by),
    )


def test_a_slip_day_takes_24_of_the_hours_late() -> None:
    mine = terms(1, late={"per_hour": 0.01})

    assert Decimal("0.02") == late_share(mine, DUE + 25.5 * HOUR)


def test_a_slip_day_that_spares_nothing_is_kept() -> None:
    late = {"steps": [["1h", 0.05], ["24h", 0.20]], "days": 20}

    # Half an hour late costs nothing; ten days late cost 20 % with one slip day and without.
    assert 0 == slip_days_for(terms(3, late=late), DUE + 0.5 * HOUR)
    assert 0 == slip_days_for(terms(1, late=late), DUE + 10 * DAY)
    assert 1 == slip_days_for(terms(3, late=late), DUE + DAY + 0.5 * HOUR)


def test_lateness_that_costs_nothing_spends_no_slip_day() -> None:
    assert 0 == slip_days_for(terms(3, late={"days": 3}), DUE + DAY)


def test_without_a_late_rule_each_day_late_takes_a_slip_day() -> None:
    mine = terms(3)

    assert 2 == slip_days_for(mine, DUE + 1.5 * DAY)
    assert DUE + 3 * DAY == last_accepted_at(mine)
    assert 0 == penalty(mine, NINE, DUE + 1.5 * DAY)


@given(all_terms, points, lateness)
def test_a_slip_day_more_never_costs_points(terms: Terms, earned, late_by) -> None:
    richer = Terms(terms.policy, terms.slip_days_left + 1)

    assert penalty(richer, earned, DUE + late_by) <= penalty(terms, earned, DUE + late_by)


@given(all_terms, lateness)
def test_no_more_slip_days_are_spent_than_are_left_or_late(terms: Terms, late_by) -> None:
    most = min(terms.slip_days_left, days_late(terms, DUE + late_by))

    assert 0 <= slip_days_for(terms, DUE + late_by) <= most


@given(all_terms, lateness)
def test_one_slip_day_less_would_cost_more(terms: Terms, late_by) -> None:
    spent = slip_days_for(terms, DUE + late_by)
    has_rule = terms.policy.late.per_day or terms.policy.late.per_hour or terms.policy.late.steps
    if spent and has_rule:
        poorer = Terms(terms.policy, spent - 1)

        assert late_share(poorer, DUE + late_by) > late_share(terms, DUE + late_by)


@pytest.mark.parametrize(
    ("late", "slip", "window"),
    [
        ({}, 0, timedelta(0)),
        ({"grace": "15m"}, 0, timedelta(minutes=15)),
        ({"grace": "15m"}, 2, 2 * DAY),
        ({"grace": "50h"}, 2, 50 * HOUR),
        ({"days": 3}, 0, 3 * DAY),
        ({"days": 3}, 4, 3 * DAY),
        ({"days": 1, "grace": "36h"}, 0, 36 * HOUR),
        ({"per_day": 0.1, "days": 3}, 4, 3 * DAY),
        # Nine days leave something, the tenth nothing.
        ({"per_day": 0.1}, 0, 9 * DAY),
        ({"per_day": 0.1}, 2, 11 * DAY),
        ({"per_day": 0.3}, 0, 3 * DAY),
        ({"per_day": 1.0}, 0, timedelta(0)),
        ({"per_hour": 0.01}, 0, 99 * HOUR),
        ({"per_hour": 0.01}, 1, 123 * HOUR),
        ({"steps": [["1h", 0.05], ["48h", 1.0]]}, 0, 48 * HOUR),
        ({"steps": [["1h", 0.05], ["48h", 1.0]]}, 1, 72 * HOUR),
    ],
)
def test_the_last_moment_at_which_work_is_accepted(late, slip, window) -> None:
    assert DUE + window == last_accepted_at(terms(slip, late=late))


def test_steps_that_never_take_all_have_no_end() -> None:
    assert last_accepted_at(terms(late={"steps": [["1h", 0.05]]})) is None


def test_a_tiny_share_that_reaches_past_the_calendar_has_no_end() -> None:
    assert last_accepted_at(terms(late={"per_day": 1e-9})) is None


def test_what_is_never_due_is_never_late() -> None:
    never = adjust(policy(due_at=None, late=TEN_A_DAY), [DUE])

    assert (None, None) == (never.due_at, last_accepted_at(never))
    assert 0 == penalty(never, NINE, DUE + 999 * DAY)


@given(all_terms)
def test_without_days_work_is_accepted_exactly_as_long_as_it_can_earn_something(terms) -> None:
    late = terms.policy.late
    last_at = last_accepted_at(terms)
    if last_at is None or late.days or not (late.per_day or late.per_hour or late.steps):
        return
    if last_at > DUE + timedelta(seconds=late.grace_s):
        # A step takes hold at its moment, a day after its end.
        assert late_share(terms, last_at - INSTANT) < 1
    assert 1 == late_share(terms, last_at + INSTANT)


@given(all_terms, st.lists(lateness, max_size=4))
def test_the_latest_date_of_all_adjustments_holds_and_never_an_earlier_one(terms, moved) -> None:
    adjusted = adjust(terms.policy, [DUE + by for by in moved])

    assert max([DUE, *(DUE + by for by in moved)]) == adjusted.due_at


@given(all_terms, points, lateness, st.timedeltas(timedelta(0), timedelta(days=30)))
def test_an_extension_moves_everything_by_as_much(terms, earned, late_by, by) -> None:
    extended = adjust(terms.policy, [DUE + by], slip_days_left=terms.slip_days_left)

    assert penalty(terms, earned, DUE + late_by) == penalty(extended, earned, DUE + late_by + by)
    last_at = last_accepted_at(terms)
    assert (last_at + by if last_at else None) == last_accepted_at(extended)
