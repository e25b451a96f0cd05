"""Policies, moments and submissions that Hypothesis draws, and the moments of worked examples."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

from hypothesis import strategies as st

from grader.policy import HandIn, Terms, adjust
from grader.spec import Policy, read_policy

DAY = timedelta(hours=24)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
INSTANT = timedelta(microseconds=1)
DUE = datetime(2026, 10, 14, 23, 59, tzinfo=timezone(timedelta(hours=-4)))
"""The due date of worked examples."""


def policy(**keys: object) -> Policy:
    """Return a policy with the due date of worked examples, unless another is given."""
    return read_policy({"due_at": DUE, **keys})


def terms(slip_days_left: int = 0, **keys: object) -> Terms:
    """Return the terms of a policy with the due date of worked examples."""
    return adjust(policy(**keys), slip_days_left=slip_days_left)


shares = st.integers(1, 1000).map(lambda thousandths: thousandths / 1000)
spans = st.integers(0, 60 * 24 * 10).map(lambda minutes: f"{minutes}m")
points = st.integers(0, 10**9).map(lambda millionths: Decimal(millionths).scaleb(-6))
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
lateness = st.one_of(
    st.timedeltas(min_value=timedelta(days=-2), max_value=timedelta(days=40)),
    # On both sides of where a day or an hour begins.
    st.builds(
        lambda hours, instants: hours * HOUR + instants * INSTANT,
        st.integers(-24, 24 * 40),
        st.integers(-1, 1),
    ),
)


@st.composite
def steps(draw: st.DrawFn) -> list[list[object]]:
    minutes = sorted(draw(st.sets(st.integers(0, 10_000), min_size=1, max_size=4)))
    taken = sorted(draw(st.lists(shares, min_size=len(minutes), max_size=len(minutes))))
    return [[f"{minute}m", share] for minute, share in zip(minutes, taken, strict=True)]


late_rules = st.builds(
    lambda rule, grace, days: {**rule, "grace": grace, **({"days": days} if days else {})},
    st.one_of(
        st.just({}),
        shares.map(lambda share: {"per_day": share}),
        shares.map(lambda share: {"per_hour": share}),
        steps().map(lambda drawn: {"steps": drawn}),
    ),
    st.one_of(st.just("0s"), st.just("15m"), spans),
    st.one_of(st.none(), st.integers(1, 20)),
)

all_terms = st.builds(lambda late, slip: terms(slip, late=late), late_rules, st.integers(0, 5))


@st.composite
def hand_ins(draw: st.DrawFn) -> list[HandIn]:
    """Return submissions with ids in order; clocks may step back."""
    moments = draw(st.lists(lateness, max_size=6))
    return [
        HandIn(
            id_,
            (DUE + late).astimezone(UTC),
            earned=draw(st.one_of(st.none(), points)),
            override=draw(st.one_of(st.none(), st.none(), points)),
            chosen_at=draw(st.one_of(st.none(), st.just(DUE + late))),
        )
        for id_, late in enumerate(moments, 1)
    ]
