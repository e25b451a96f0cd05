"""The bucket of attempts and the cooldown, by hand and against a simulation with fractions."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import TooMany
from grader.policy import Allowance, Terms, attempts_left, decide
from tests.policy.strategies import DAY, DUE, INSTANT, SECOND, terms

START = DUE - 30 * DAY

limits = st.builds(
    lambda size, cooldown_s: terms(attempts={"per_day": size, "cooldown": f"{cooldown_s}s"}),
    st.integers(1, 25),
    st.one_of(st.just(0), st.integers(0, 7200)),
)
gaps = st.lists(
    st.one_of(
        st.timedeltas(timedelta(0), timedelta(hours=2)),
        st.timedeltas(timedelta(0), timedelta(days=2)),
    ),
    max_size=40,
)


def moments(gaps: list[timedelta]):
    at = START
    for gap in gaps:
        at += gap
        yield at


def test_a_bucket_is_full_at_first_and_refills_evenly_over_24_hours() -> None:
    four = terms(attempts={"per_day": 4})
    spent = [START] * 4

    assert Allowance(4, None) == attempts_left(four, [], START)
    assert Allowance(1, None) == attempts_left(four, spent[:3], START)
    assert Allowance(0, START + DAY / 4) == attempts_left(four, spent, START)
    assert 0 == attempts_left(four, spent, START + DAY / 4 - INSTANT).left
    assert Allowance(1, None) == attempts_left(four, spent, START + DAY / 4)
    assert 3 == attempts_left(four, spent, START + DAY - INSTANT).left
    assert 4 == attempts_left(four, spent, START + DAY).left
    assert 4 == attempts_left(four, spent, START + 9 * DAY).left


def test_a_cooldown_lies_between_two_attempts() -> None:
    mine = terms(attempts={"cooldown": "30s"})

    assert Allowance(None, None) == attempts_left(mine, [], START)
    assert Allowance(None, START + 30 * SECOND, True) == attempts_left(
        mine, [START], START + 29 * SECOND
    )
    assert Allowance(None, None) == attempts_left(mine, [START], START + 30 * SECOND)


def test_a_limit_that_is_lowered_leaves_nobody_in_debt() -> None:
    spent = [START + n * SECOND for n in range(20)]

    left = attempts_left(terms(attempts={"per_day": 2}), spent, START + 20 * SECOND)

    assert START + 19 * SECOND + DAY / 2 == left.next_at


def test_a_clock_that_stepped_back_locks_nobody_out_for_as_long() -> None:
    mine = terms(attempts={"per_day": 1, "cooldown": "30s"})

    left = attempts_left(mine, [START + 5 * DAY], START)

    assert Allowance(0, START + DAY) == left


def test_too_many_names_the_seconds_to_wait() -> None:
    mine = terms(attempts={"per_day": 1, "cooldown": "30s"})

    with pytest.raises(TooMany) as soon:
        decide(mine, [START], START + 10 * SECOND)
    with pytest.raises(TooMany) as often:
        decide(terms(attempts={"per_day": 20, "cooldown": "30s"}), [START], START + 0.5 * SECOND)

    assert (
        "all attempts are used: 1 in 24 hours, refilled evenly; try again in 86,390 s"
        == str(soon.value)
    )  # fmt: skip
    assert 86390 == soon.value.retry_after_s
    assert "there must be 30 seconds between two attempts; try again in 30 s" == str(often.value)


@given(limits, gaps, st.timedeltas(timedelta(0), timedelta(days=2)))
def test_the_bucket_is_what_exact_fractions_make_of_it(
    terms: Terms, gaps: list[timedelta], after: timedelta
) -> None:
    size = terms.policy.attempts.per_day or 0
    level = Fraction(size)
    for gap in gaps:
        level = min(Fraction(size), level + Fraction(gap // INSTANT, DAY // INSTANT) * size)
        level = max(Fraction(0), level - 1)
    level = min(Fraction(size), level + Fraction(after // INSTANT, DAY // INSTANT) * size)
    spent = list(moments(gaps))
    now = (spent[-1] if spent else START) + after
    if not spent:
        level = Fraction(size)

    assert int(level) == attempts_left(terms, spent, now).left


@given(limits, gaps)
def test_the_next_attempt_is_allowed_when_it_is_said_and_not_before(terms, gaps) -> None:
    spent = list(moments(gaps))
    now = spent[-1] if spent else START

    next_at = attempts_left(terms, spent, now).next_at

    if next_at is not None:
        assert attempts_left(terms, spent, next_at).next_at is None
        assert attempts_left(terms, spent, next_at - INSTANT).next_at == next_at


@given(limits, gaps)
def test_who_waits_as_long_as_the_error_says_is_taken(terms, gaps) -> None:
    spent = list(moments(gaps))
    now = spent[-1] if spent else START
    try:
        decide(terms, spent, now)
    except TooMany as error:
        decide(terms, spent, now + timedelta(seconds=error.retry_after_s))


@given(limits, gaps)
def test_24_hours_hold_at_most_a_full_bucket_and_what_flows_in(terms, gaps) -> None:
    taken: list[datetime] = []
    for now in moments(gaps):
        if attempts_left(terms, taken, now).next_at is None:
            taken.append(now)
    for start in taken:
        within = [moment for moment in taken if start <= moment < start + DAY]
        assert len(within) < 2 * terms.policy.attempts.per_day + 1


@given(limits, gaps, st.randoms())
def test_the_order_in_which_attempts_are_listed_changes_nothing(terms, gaps, random) -> None:
    spent = list(moments(gaps))
    now = START + 3 * DAY
    shuffled = random.sample(spent, len(spent))

    assert attempts_left(terms, spent, now) == attempts_left(terms, shuffled, now)


def test_an_attempt_comes_back_when_all_of_it_has_flowed_in() -> None:
    # A seventh of a day is no whole number of microseconds: the instant before is too early.
    seven = terms(attempts={"per_day": 7})
    spent = [START] * 7

    next_at = attempts_left(seven, spent, START).next_at

    assert START + DAY // 7 + INSTANT == next_at
    assert 0 == attempts_left(seven, spent, START + DAY // 7).left
    assert 1 == attempts_left(seven, spent, START + DAY // 7 + INSTANT).left
