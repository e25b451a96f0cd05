"""Which submission counts, and how slip days are spent over the offerings of a course."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

from grader.policy.lateness import penalty, slip_days_for
from grader.policy.terms import Terms
from grader.spec import Counts


@dataclass(frozen=True, slots=True)
class HandIn:
    """What is known of a submission that was accepted."""

    id: int
    """Of the submission; a later one has a greater id, whatever the clock did."""
    received_at: datetime
    earned: Decimal | None = None
    """Points before any penalty; None while it is not graded, or where we failed."""
    override: Decimal | None = None
    """Final points that a person has set; no penalty applies to them."""
    chosen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """What one team, or a student alone, handed in to one offering."""

    id: int
    """Of the team."""
    members: frozenset[int]
    """Ids of the people whose slip days are spent."""
    terms: Terms
    """With any number of slip days: `settle` puts in those that are left."""
    hand_ins: tuple[HandIn, ...] = ()


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of an account once the slip days of all before it were spent."""

    account: Account
    """Its terms have the slip days that were left to it."""
    counting: HandIn | None
    slip_days: int
    """What the submission that counts has spent, of each member."""
    penalties: Mapping[int, Decimal]
    """Points that lateness takes, by submission, of those that are graded."""


def final_points(terms: Terms, hand_in: HandIn) -> Decimal | None:
    """Return what a submission is worth after the penalty; None while it is not graded."""
    if hand_in.override is not None:
        return hand_in.override
    if hand_in.earned is None:
        return None
    return hand_in.earned - penalty(terms, hand_in.earned, hand_in.received_at)


def counting(terms: Terms, hand_ins: Iterable[HandIn]) -> HandIn | None:
    """Return the submission that counts; None where there is none yet.

    `best` compares what is graded, after the penalty; the earlier wins a tie. `last` and `chosen`
    may fall on one that is still to be graded.
    """
    ordered = sorted(hand_ins, key=lambda hand_in: hand_in.id)
    if terms.policy.counts is Counts.BEST:
        graded = [(final_points(terms, one), one) for one in ordered]
        worth = [(points, one) for points, one in graded if points is not None]
        # max() keeps the first of equals.
        return max(worth, key=lambda pair: pair[0])[1] if worth else None
    if terms.policy.counts is Counts.CHOSEN:
        chosen = [one for one in ordered if one.chosen_at is not None]
        if chosen:
            return max(chosen, key=lambda one: (one.chosen_at or one.received_at, one.id))
    return ordered[-1] if ordered else None


def settle(accounts: Iterable[Account], slip_days: int) -> tuple[Settlement, ...]:
    """Spend slip days over the offerings of a course, in order of due date.

    Each person has `slip_days` for the whole course; of a team the member with the fewest left
    limits all. Only the submission that counts spends days. Accounts that are due at the same
    moment keep the order in which they are given.

    Parameters
    ----------
    accounts
        All accounts of these people in the course, and, where they were in teams, of the other
        members too.
    slip_days
        What the course grants each person.

    Returns
    -------
    tuple
        A settlement an account, in order of due date.
    """
    never = datetime.max.replace(tzinfo=UTC)
    left: dict[int, int] = {}
    settlements = []
    for account in sorted(accounts, key=lambda account: account.terms.due_at or never):
        budget = min((left.get(person, slip_days) for person in account.members), default=0)
        terms = replace(account.terms, slip_days_left=budget)
        counted = counting(terms, account.hand_ins)
        spent = slip_days_for(terms, counted.received_at) if counted else 0
        for person in account.members:
            left[person] = left.get(person, slip_days) - spent
        penalties = {
            one.id: penalty(terms, one.earned, one.received_at)
            for one in account.hand_ins
            if one.earned is not None
        }
        settlements.append(Settlement(replace(account, terms=terms), counted, spent, penalties))
    return tuple(settlements)
