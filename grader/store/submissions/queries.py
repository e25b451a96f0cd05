"""Finding submissions, with what they are worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from grader.intake import Upload
from grader.report import RunStatus
from grader.store.runs.queries import JUDGING
from grader.store.scores import CurrentScore, scores_of
from grader.store.tables import Person, Run, Submission, TeamMember
from grader.store.uploads import load_files


@dataclass(frozen=True, slots=True)
class SubmissionRow:
    """A submission in a list."""

    submission: Submission
    run: Run
    """The one whose results it shows."""
    latest: Run
    """The newest one: a rerun that waits or failed, else the same."""
    score: CurrentScore | None


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list, and how many it has."""

    rows: tuple[SubmissionRow, ...]
    n_total: int


def find_submission(session: Session, submission_id: int) -> Submission | None:
    """Return a submission by id, with its files, its offering and who handed it in."""
    return session.get(Submission, submission_id)


def load_uploads(session: Session, submission: Submission) -> tuple[Upload, ...]:
    """Return what was handed in, as it came."""
    return load_files(session, submission.id)


def count_of_offering(session: Session, offering_id: int) -> int:
    """Return how many submissions an offering has."""
    return session.scalars(
        select(func.count()).select_from(Submission).where(Submission.offering_id == offering_id)
    ).one()


def list_of_person(session: Session, offering_id: int, person_id: int) -> list[SubmissionRow]:
    """Return what a person's team handed in to an offering, the newest first."""
    own = select(TeamMember.team_id).where(
        TeamMember.offering_id == offering_id, TeamMember.person_id == person_id
    )
    query, _ = _select_rows()
    rows = query.where(Submission.team_id.in_(own)).order_by(Submission.id.desc())
    return _with_scores(session, session.execute(rows).all())


def list_of_offering(
    session: Session,
    offering_id: int,
    *,
    person: str | None = None,
    status: RunStatus | None = None,
    limit: int = 50,
    offset: int = 0,
) -> Page:
    """Return submissions to an offering, the newest first.

    Parameters
    ----------
    person
        A part of the name or address of whoever handed it in.
    status
        Of the newest run.
    """
    query, latest = _select_rows()
    query = query.where(Submission.offering_id == offering_id)
    if person:
        part = person.strip()
        query = query.join(Person, Submission.person_id == Person.id).where(
            or_(
                Person.name.icontains(part, autoescape=True),
                Person.email.icontains(part, autoescape=True),
            )
        )
    if status is not None:
        query = query.where(latest.status == status)
    n_total = session.scalars(
        select(func.count()).select_from(query.with_only_columns(Submission.id).subquery())
    ).one()
    rows = session.execute(query.order_by(Submission.id.desc()).limit(limit).offset(offset)).all()
    return Page(tuple(_with_scores(session, rows)), n_total)


def _select_rows() -> tuple[Select[Submission, Run, Run], type[Run]]:
    """Return the query of submissions with two of their runs, and the newest run's alias."""
    current, latest = aliased(Run), aliased(Run)
    newest = (
        select(func.max(Run.id))
        .where(Run.submission_id == Submission.id, Run.purpose.in_(JUDGING))
        .correlate(Submission)
        .scalar_subquery()
    )
    query = (
        select(Submission, current, latest)
        .join(current, (current.submission_id == Submission.id) & current.is_current)
        .join(latest, latest.id == newest)
    )
    return query, latest


def _with_scores(session: Session, rows: Sequence[Any]) -> list[SubmissionRow]:
    scores = scores_of(session, [submission.id for submission, _, _ in rows])
    return [
        SubmissionRow(submission, run, latest, scores.get(submission.id))
        for submission, run, latest in rows
    ]
