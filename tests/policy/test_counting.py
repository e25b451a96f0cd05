"""Which submission counts, and how slip days are spent over a course."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.policy import Account, HandIn, Terms, adjust, counting, final_points, penalty, settle
from tests.policy.strategies import DAY, DUE, HOUR, all_terms, hand_ins, lateness, policy, terms

TEN_A_DAY = {"per_day": 0.1, "days": 20}
ADA, BLAISE, CARL = 1, 2, 3


def handed_in(id_: int, late_by: timedelta, earned: str | None = "10", **keys: object) -> HandIn:
    points = None if earned is None else Decimal(earned)
    return HandIn(id_, DUE + late_by, points, **keys)  # type: ignore[arg-type]


def count(counts: str, *given_in: HandIn) -> int | None:
    counted = counting(terms(counts=counts, late=TEN_A_DAY), given_in)
    return counted.id if counted else None


@pytest.mark.parametrize("counts", ["best", "last", "chosen"])
def test_nothing_counts_where_nothing_was_handed_in(counts) -> None:
    assert count(counts) is None


def test_best_compares_after_the_penalty() -> None:
    assert 1 == count("best", handed_in(1, -HOUR, "9.5"), handed_in(2, HOUR, "10"))
    assert 2 == count("best", handed_in(1, -HOUR, "8.9"), handed_in(2, HOUR, "10"))


def test_the_earlier_of_equals_is_the_best() -> None:
    assert 1 == count("best", handed_in(1, -HOUR, "9"), handed_in(2, HOUR, "10"))
    assert 1 == count("best", handed_in(2, HOUR, "10"), handed_in(1, -HOUR, "9"))


def test_what_is_not_graded_is_not_the_best_but_may_be_the_last() -> None:
    work = (handed_in(1, -HOUR, "3"), handed_in(2, -HOUR, None))

    assert (1, 2) == (count("best", *work), count("last", *work))


def test_a_score_that_a_person_has_set_is_final() -> None:
    late = handed_in(2, 3 * DAY, "2", override=Decimal("9.9"))

    assert Decimal("9.9") == final_points(terms(late=TEN_A_DAY), late)
    assert 2 == count("best", handed_in(1, -HOUR, "9"), late)


def test_last_goes_by_the_order_of_submissions_even_if_the_clock_stepped_back() -> None:
    assert 2 == count("last", handed_in(1, -HOUR), handed_in(2, -2 * HOUR, "0"))


def test_chosen_is_the_last_until_the_student_chooses() -> None:
    first, second, third = (handed_in(n, -HOUR) for n in (1, 2, 3))

    assert 3 == count("chosen", first, second, third)
    assert 1 == count("chosen", replace(first, chosen_at=DUE), second, third)
    assert 2 == count(
        "chosen", replace(first, chosen_at=DUE), replace(second, chosen_at=DUE + HOUR), third
    )


@given(all_terms, hand_ins())
def test_the_best_is_worth_at_least_as_much_as_any_and_more_than_any_earlier(terms, work) -> None:
    best = counting(terms, work)
    worth = {one.id: final_points(terms, one) for one in work}
    known = {id_: points for id_, points in worth.items() if points is not None}

    assert (best is None) == (not known)
    if best is not None:
        assert max(known.values()) == known[best.id]
        assert all(points < known[best.id] for id_, points in known.items() if id_ < best.id)


def account(id_: int, due_in_days: int, *work: HandIn, members=frozenset({ADA}), **keys) -> Account:
    due_at = DUE + due_in_days * DAY
    mine = adjust(policy(**{"late": TEN_A_DAY, "due_at": due_at, **keys}))
    moved = (replace(one, received_at=one.received_at + due_in_days * DAY) for one in work)
    return Account(id_, members, mine, tuple(moved))


def summary(settlements) -> list[tuple[int, int, int, str | None]]:
    """Return account, slip days left when its turn came, spent, and penalty of what counts."""
    return [
        (
            one.account.id,
            one.account.terms.slip_days_left,
            one.slip_days,
            str(one.penalties[one.counting.id].normalize()) if one.counting else None,
        )
        for one in settlements
    ]


def test_slip_days_are_spent_in_order_of_due_date() -> None:
    third = account(3, 14, handed_in(5, DAY + HOUR))
    first = account(1, 0, handed_in(1, DAY + HOUR))
    second = account(2, 7, handed_in(2, -HOUR))
    fourth = account(4, 21, handed_in(6, DAY + HOUR))

    settled = settle([third, fourth, first, second], slip_days=3)

    assert [(1, 3, 2, "0"), (2, 1, 0, "0"), (3, 1, 1, "1"), (4, 0, 0, "2")] == summary(settled)


def test_only_what_counts_spends_slip_days() -> None:
    late = account(1, 0, handed_in(1, -HOUR, "9"), handed_in(2, HOUR, "5"))
    later = account(2, 7, handed_in(3, HOUR, "10"))

    settled = settle([late, later], slip_days=1)

    assert [(1, 1, 0, "0"), (2, 1, 1, "0")] == summary(settled)


def test_an_extension_that_makes_work_punctual_gives_its_slip_days_back() -> None:
    late = account(1, 0, handed_in(1, DAY))
    extended = replace(late, terms=adjust(late.terms.policy, [DUE + DAY]))
    later = account(2, 7, handed_in(2, HOUR))

    assert 0 == settle([late, later], slip_days=1)[1].slip_days
    assert 1 == settle([extended, later], slip_days=1)[1].slip_days


def test_a_team_has_as_many_slip_days_as_the_member_with_the_fewest() -> None:
    alone = account(1, 0, handed_in(1, DAY + HOUR))
    team = account(2, 7, handed_in(2, 2 * DAY), members=frozenset({ADA, BLAISE}))
    other = account(3, 14, handed_in(3, 5 * DAY), members=frozenset({BLAISE}))
    apart = account(4, 14, handed_in(4, 5 * DAY), members=frozenset({CARL}))

    settled = settle([alone, team, other, apart], slip_days=3)

    assert [(1, 3, 2, "0"), (2, 1, 1, "1"), (3, 2, 2, "3"), (4, 3, 3, "2")] == summary(settled)


def test_every_graded_submission_has_its_penalty() -> None:
    work = account(1, 0, handed_in(1, HOUR, "10"), handed_in(2, HOUR, None), handed_in(3, DAY, "2"))

    (settled,) = settle([work], slip_days=0)

    assert {1: Decimal(1), 3: Decimal("0.2")} == settled.penalties


def test_what_is_never_due_comes_last_and_spends_nothing() -> None:
    never = Account(9, frozenset({ADA}), adjust(policy(due_at=None)), (handed_in(1, 99 * DAY),))
    late = account(1, 0, handed_in(2, HOUR))

    assert [(1, 1, 1, "0"), (9, 0, 0, "0")] == summary(settle([never, late], slip_days=1))


accounts = st.lists(st.tuples(all_terms, hand_ins(), st.integers(-40, 40)), max_size=5).map(
    lambda drawn: [
        Account(
            number,
            frozenset({1 + number % 2, 2}),
            Terms(
                terms.policy.model_copy(
                    update={"due_at": DUE + days * DAY + number * timedelta(minutes=1)}
                )
            ),
            tuple(work),
        )
        for number, (terms, work, days) in enumerate(drawn)
    ]
)


@given(accounts, st.integers(0, 6))
def test_nobody_spends_more_slip_days_than_the_course_grants(accounts, granted) -> None:
    spent = dict.fromkeys((1, 2), 0)
    for settled in settle(accounts, granted):
        for person in settled.account.members:
            spent[person] += settled.slip_days

    assert all(0 <= days <= granted for days in spent.values())


@given(accounts, st.integers(0, 6), st.randoms())
def test_the_order_in_which_accounts_are_given_changes_nothing(accounts, granted, random) -> None:
    shuffled = random.sample(accounts, len(accounts))

    assert settle(accounts, granted) == settle(shuffled, granted)


@given(accounts, st.integers(0, 6))
def test_a_settled_penalty_is_the_penalty_under_the_settled_terms(accounts, granted) -> None:
    for settled in settle(accounts, granted):
        terms = settled.account.terms
        for one in settled.account.hand_ins:
            if one.earned is not None:
                assert penalty(terms, one.earned, one.received_at) == settled.penalties[one.id]
        assert counting(terms, settled.account.hand_ins) == settled.counting


@given(lateness)
def test_settling_alone_needs_no_other_account(late_by) -> None:
    (settled,) = settle([account(1, 0, handed_in(1, late_by))], slip_days=2)

    assert penalty(terms(2, late=TEN_A_DAY), Decimal(10), DUE + late_by) == settled.penalties[1]
