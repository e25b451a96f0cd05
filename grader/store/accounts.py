"""What policy asks of the database: each team's terms, what it handed in, what that is worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from grader import policy
from grader.errors import NotFound
from grader.policy import Account, HandIn, Settlement, Terms
from grader.report import Audience
from grader.spec import Policy, read_policy
from grader.store.scores import CurrentScore, scores_of
from grader.store.tables import Adjustment, Course, Enrolment, Offering, Submission, TeamMember


@dataclass(frozen=True, slots=True)
class _Rules:
    """What holds in a course: each offering's policy, and who has other dates."""

    course: Course
    policies: Mapping[int, Policy]
    adjustments: Mapping[int, list[Adjustment]]
    sections: Mapping[int, int | None]
    """By person."""

    def terms(self, offering_id: int, team_id: int, members: Iterable[int]) -> Terms:
        """Return a team's terms; what is granted to any member is granted to all."""
        people = set(members)
        sections = {self.sections.get(person) for person in people} - {None}
        due_dates = [
            one.due_at
            for one in self.adjustments.get(offering_id, [])
            if one.team_id == team_id or one.person_id in people or one.section_id in sections
        ]
        return self.adjusted(offering_id, due_dates)

    def adjusted(self, offering_id: int, due_dates: Iterable[datetime] = ()) -> Terms:
        """Return the terms with these due dates, and all slip days of the course."""
        return policy.adjust(
            self.policies[offering_id],
            due_dates,
            slip_days_left=self.course.slip_days,
            time_zone=ZoneInfo(self.course.time_zone),
        )


def _load_rules(session: Session, course_id: int) -> _Rules:
    # Read again: what this session knows may be older than the lock it holds.
    course = session.get(Course, course_id, populate_existing=True)
    if course is None:
        raise NotFound("there is no such course")
    written = session.execute(
        select(Offering.id, Offering.policy).where(Offering.course_id == course_id)
    )
    adjustments: defaultdict[int, list[Adjustment]] = defaultdict(list)
    for one in session.scalars(
        select(Adjustment)
        .join(Offering, Adjustment.offering_id == Offering.id)
        .where(Offering.course_id == course_id, Adjustment.revoked_at.is_(None))
        .execution_options(populate_existing=True)
    ):
        adjustments[one.offering_id].append(one)
    sections = session.execute(
        select(Enrolment.person_id, Enrolment.section_id).where(Enrolment.course_id == course_id)
    )
    return _Rules(
        course,
        {offering_id: read_policy(table) for offering_id, table in written},
        adjustments,
        {row.person_id: row.section_id for row in sections},
    )


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of accounts, and the scores that it was computed from."""

    by_team: Mapping[int, Settlement]
    scores: Mapping[int, CurrentScore]
    """By submission."""


def settle_accounts(
    session: Session,
    course_id: int,
    people: Iterable[int] | None = None,
    *,
    asked: tuple[Offering, int] | None = None,
) -> Settled:
    """Spend the slip days of a course's people; return what became of each account.

    Parameters
    ----------
    people
        Whose; all of the course by default. Whoever was in a team with them comes along.
    asked
        An offering and a person whose account is wanted even if there is no team yet: it is the
        one with the id 0.
    """
    rules = _load_rules(session, course_id)
    teams = _load_teams(session, course_id, people)
    hand_ins, scores = _load_hand_ins(session, course_id, None if people is None else teams)
    accounts = [
        Account(
            team_id,
            frozenset(members),
            rules.terms(offering_id, team_id, members),
            tuple(hand_ins.get(team_id, ())),
        )
        for team_id, (offering_id, members) in teams.items()
    ]
    if asked is not None:
        offering, person = asked
        has_team = any(
            offering_id == offering.id and person in members
            for offering_id, members in teams.values()
        )
        if not has_team:
            alone = frozenset({person})
            accounts.append(Account(0, alone, rules.terms(offering.id, 0, alone)))
    settled = policy.settle(accounts, rules.course.slip_days)
    return Settled({one.account.id: one for one in settled}, scores)


def _load_teams(
    session: Session, course_id: int, people: Iterable[int] | None
) -> dict[int, tuple[int, set[int]]]:
    """Return offering and members by team, in order of id."""
    query = (
        select(TeamMember.team_id, TeamMember.offering_id, TeamMember.person_id)
        .join(Offering, TeamMember.offering_id == Offering.id)
        .where(Offering.course_id == course_id)
        .order_by(TeamMember.team_id)
    )
    known = None if people is None else set(people)
    while True:
        teams: dict[int, tuple[int, set[int]]] = {}
        rows = query
        if known is not None:
            own = select(TeamMember.team_id).where(TeamMember.person_id.in_(sorted(known)))
            rows = query.where(TeamMember.team_id.in_(own))
        for team_id, offering_id, person_id in session.execute(rows):
            teams.setdefault(team_id, (offering_id, set()))[1].add(person_id)
        found = {person for _, members in teams.values() for person in members}
        if known is None or found <= known:
            return teams
        known |= found


def _load_hand_ins(
    session: Session, course_id: int, teams: Iterable[int] | None
) -> tuple[dict[int, list[HandIn]], Mapping[int, CurrentScore]]:
    of_course = select(Offering.id).where(Offering.course_id == course_id)
    condition: ColumnElement[bool] = Submission.offering_id.in_(of_course)
    if teams is not None:
        condition = Submission.team_id.in_(sorted(teams))
    rows = session.execute(
        select(
            Submission.id, Submission.team_id, Submission.received_at, Submission.chosen_at
        ).where(condition)
    ).all()
    scores = scores_of(session, [row.id for row in rows])
    hand_ins: defaultdict[int, list[HandIn]] = defaultdict(list)
    for row in rows:
        score = scores.get(row.id)
        hand_ins[row.team_id].append(
            HandIn(
                row.id,
                row.received_at,
                earned=score.earned if score else None,
                override=score.final if score and score.is_overridden else None,
                chosen_at=row.chosen_at,
            )
        )
    return hand_ins, scores


def find_settlement(session: Session, offering: Offering, person_id: int) -> Settlement:
    """Return the account of a person's team in an offering, or of the team it would be."""
    settled = settle_accounts(session, offering.course_id, [person_id], asked=(offering, person_id))
    team_id = session.scalars(
        select(TeamMember.team_id).where(
            TeamMember.offering_id == offering.id, TeamMember.person_id == person_id
        )
    ).one_or_none()
    return settled.by_team[team_id or 0]


def terms_for(session: Session, offering: Offering, person_id: int) -> Terms:
    """Return the terms of a person's team: dates after all that was granted, slip days left."""
    return find_settlement(session, offering, person_id).account.terms


def audience_for(session: Session, offering: Offering, now: datetime) -> Audience:
    """Return what students may see of an offering now; it is the same for all of them."""
    published_at = session.scalars(
        select(Offering.scores_published_at).where(Offering.id == offering.id)
    ).one()
    return Audience(
        is_after_due=policy.is_after_due(_everybody(session, offering), now),
        is_published=published_at is not None and published_at <= now,
    )


def after_due_opens_at(session: Session, offering: Offering) -> datetime | None:
    """Return when checks with `visible = "after_due"` open to all; None where they never do."""
    return policy.opens_after_due(_everybody(session, offering))


def _everybody(session: Session, offering: Offering) -> list[Terms]:
    """Return the terms of all who may hand in, those with other dates among them."""
    rules = _load_rules(session, offering.course_id)
    dates = [one.due_at for one in rules.adjustments.get(offering.id, [])]
    return [rules.adjusted(offering.id), *(rules.adjusted(offering.id, [date]) for date in dates)]
