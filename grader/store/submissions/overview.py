"""All submissions to an offering at a glance: whose, how far, worth what, and which count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grader import policy
from grader.policy import HandIn, Terms
from grader.report import RunStatus
from grader.spec import read_policy
from grader.store.runs.queries import JUDGING
from grader.store.scores import CurrentScore, current_scores
from grader.store.tables import Offering, Person, Run, Submission, TeamMember


@dataclass(frozen=True, slots=True)
class Line:
    """A submission in few words."""

    submission_id: int
    team_id: int
    number: int
    received_at: datetime
    chosen_at: datetime | None
    status: RunStatus
    """Of the newest run: a rerun that waits or failed, else of the one that is shown."""
    score: CurrentScore | None
    is_counting: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """All submissions to an offering, the newest first."""

    lines: tuple[Line, ...]
    members: Mapping[int, tuple[Person, ...]]
    """The people of each team, by name."""


def overview(session: Session, offering: Offering) -> Overview:
    """Return all submissions to an offering; no files, no results, no source is read."""
    newest = (
        select(func.max(Run.id))
        .where(Run.submission_id == Submission.id, Run.purpose.in_(JUDGING))
        .correlate(Submission)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Submission.id,
            Submission.team_id,
            Submission.number,
            Submission.received_at,
            Submission.chosen_at,
            Run.status,
        )
        .join(Run, Run.id == newest)
        .where(Submission.offering_id == offering.id)
        .order_by(Submission.id.desc())
    ).all()
    scores = current_scores(session, offering.id)
    hand_ins: defaultdict[int, list[HandIn]] = defaultdict(list)
    for row in rows:
        score = scores.get(row.id)
        # What the ledger says is final: slip days are settled in it.
        final = score.final if score else None
        hand_ins[row.team_id].append(
            HandIn(row.id, row.received_at, override=final, chosen_at=row.chosen_at)
        )
    counting = set(_find_counting(offering, hand_ins))
    return Overview(
        tuple(Line(*row, score=scores.get(row.id), is_counting=row.id in counting) for row in rows),
        _load_members(session, offering.id),
    )


def _find_counting(offering: Offering, hand_ins: Mapping[int, list[HandIn]]) -> Iterator[int]:
    terms = Terms(read_policy(offering.policy))
    for of_team in hand_ins.values():
        counted = policy.counting(terms, of_team)
        if counted is not None:
            yield counted.id


def _load_members(session: Session, offering_id: int) -> dict[int, tuple[Person, ...]]:
    members: defaultdict[int, list[Person]] = defaultdict(list)
    for team_id, person in session.execute(
        select(TeamMember.team_id, Person)
        .join(Person, TeamMember.person_id == Person.id)
        .where(TeamMember.offering_id == offering_id)
        .order_by(Person.name, Person.id)
    ):
        members[team_id].append(person)
    return {team_id: tuple(people) for team_id, people in members.items()}
