"""Whether a submission is taken, and the one line that says why not."""

from __future__ import annotations

from datetime import UTC, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import Refused
from grader.policy import (
    Acceptance,
    adjust,
    decide,
    is_after_due,
    last_accepted_at,
    opens_after_due,
)
from tests.policy.strategies import DAY, DUE, HOUR, INSTANT, all_terms, lateness, policy, terms

EXTENSION = "ask the course staff for an extension if you have a reason"


def refusal(terms, received_at):
    with pytest.raises(Refused) as raised:
        decide(terms, [], received_at)
    return str(raised.value)


def in_new_york(**keys):
    return adjust(policy(**keys), time_zone=ZoneInfo("America/New_York"))


def test_work_is_taken_with_what_its_lateness_means() -> None:
    mine = terms(1, late={"per_day": 0.1, "days": 5})

    assert Acceptance(0, 0, Decimal(0)) == decide(mine, [], DUE)
    assert Acceptance(3, 1, Decimal("0.2")) == decide(mine, [], DUE + 2.5 * DAY)


def test_before_it_opens_the_date_is_named_in_the_zone_of_the_course() -> None:
    early = in_new_york(opens_at="2026-10-01T09:00:00-04:00")

    assert (
        "this assignment opens on Thu 1 Oct 2026, 09:00 EDT; hand in after that"
        == refusal(early, DUE - 20 * DAY)
    )  # fmt: skip
    assert early.opens_at is not None
    assert Acceptance(0, 0, Decimal(0)) == decide(early, [], early.opens_at)


def test_after_the_due_date_it_is_named() -> None:
    expected = f"this assignment was due on Wed 14 Oct 2026, 23:59 EDT; {EXTENSION}"

    assert expected == refusal(in_new_york(), DUE + INSTANT)


def test_after_the_last_day_both_dates_are_named() -> None:
    strict = in_new_york(late={"per_day": 0.1, "days": 3})

    assert (
        "this assignment was due on Wed 14 Oct 2026, 23:59 EDT, and the last work was accepted "
        f"on Sat 17 Oct 2026, 23:59 EDT; {EXTENSION}"
    ) == refusal(strict, DUE + 3 * DAY + INSTANT)


@given(all_terms, lateness, st.one_of(st.none(), lateness))
def test_work_is_taken_from_the_opening_to_the_last_moment_and_at_no_other(
    terms, late_by, opening
) -> None:
    if opening is not None and opening < timedelta(0):
        changed = terms.policy.model_copy(update={"opens_at": DUE + opening})
        terms = adjust(changed, slip_days_left=terms.slip_days_left)
    last_at = last_accepted_at(terms)
    received_at = DUE + late_by
    is_open = (terms.opens_at is None or terms.opens_at <= received_at) and (
        last_at is None or received_at <= last_at
    )
    try:
        decide(terms, [], received_at)
    except Refused:
        assert not is_open
    else:
        assert is_open


def test_hidden_checks_open_when_nobody_may_hand_in_any_more() -> None:
    late = {"per_day": 0.1, "days": 3}
    own = policy(late=late)
    everybody = [adjust(own), adjust(own, [DUE + 7 * DAY]), adjust(own, [DUE + HOUR])]

    assert (DUE + 10 * DAY).astimezone(UTC) == opens_after_due(everybody)
    assert not is_after_due(everybody, DUE + 10 * DAY)
    assert is_after_due(everybody, DUE + 10 * DAY + INSTANT)


def test_hidden_checks_never_open_where_somebody_has_no_end() -> None:
    endless = terms(late={"steps": [["1h", 0.1]]})

    assert opens_after_due([terms(), endless]) is None
    assert not is_after_due([terms(), endless], DUE + 9999 * DAY)
    assert not is_after_due([], DUE)


@given(st.lists(all_terms, min_size=1, max_size=4), lateness)
def test_nobody_is_taken_once_hidden_checks_are_open(everybody, late_by) -> None:
    now = DUE + late_by
    if is_after_due(everybody, now):
        for terms in everybody:
            with pytest.raises(Refused):
                decide(terms, [], now)
