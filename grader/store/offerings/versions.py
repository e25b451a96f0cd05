"""Assignment versions: immutable, one a digest."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from grader.errors import Conflict, SpecError
from grader.spec import Assignment
from grader.store.blobs import keep_blobs
from grader.store.failures import conflicting
from grader.store.tables import AssignmentVersion
from grader.store.tables.base import DECIMAL_PLACES

MOST_POINTS = Decimal(10) ** 9


def keep_version(
    session: Session,
    assignment: Assignment,
    archive: bytes,
    *,
    person_id: int | None,
    now: datetime,
) -> AssignmentVersion:
    """Return the version of this digest; it is added with its archive where it is new.

    Raises
    ------
    SpecError
        Where points are so fine or so many that no exact sum of them can be kept.
    """
    _check_points(assignment)
    query = select(AssignmentVersion).where(AssignmentVersion.digest == assignment.digest)
    known = session.scalars(query).one_or_none()
    if known is not None:
        return known
    spec = assignment.spec
    [archive_digest] = keep_blobs(session, [archive], now)
    version = AssignmentVersion(
        digest=assignment.digest,
        slug=assignment.slug,
        title=spec.title,
        archive_digest=archive_digest,
        files=list(spec.files),
        team_max=spec.team.max,
        n_checks=len(spec.checks),
        max_score=spec.points,
        created_at=now,
        created_by=person_id,
    )
    try:
        with conflicting(session, "the same version was added at the same moment"):
            session.add(version)
    except Conflict:
        return session.scalars(query).one()
    return version


def _check_points(assignment: Assignment) -> None:
    named = [(f"checks.{check.id}.points", check.points) for check in assignment.spec.checks]
    named += [(f"rubric.{item.id}.points", item.points) for item in assignment.spec.rubric]
    for key, points in named:
        if points >= MOST_POINTS or points != round(points, DECIMAL_PLACES):
            raise SpecError(
                f"{points} cannot be kept exactly",
                file="assignment.toml",
                key=key,
                remedy=f"use at most {DECIMAL_PLACES} decimal places, and less than a billion",
            )
