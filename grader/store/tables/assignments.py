"""Assignment versions, and what a course makes of them: offerings, adjustments, teams."""

from __future__ import annotations

import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grader.store.tables.base import Base, Digest, Id, Json, Points, UtcDateTime, choice
from grader.store.tables.courses import Course
from grader.store.tables.people import Person


class Blob(Base):
    """Bytes by their sha256: what was handed in, and packed assignment folders."""

    __tablename__ = "blobs"

    digest: Mapped[str] = mapped_column(Digest, primary_key=True)
    size_bytes: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    created_at: Mapped[datetime.datetime] = mapped_column(UtcDateTime)


class AssignmentVersion(Base):
    """An assignment as it is judged; immutable, named by the digest that leaves `[policy]` out.

    The handout and the known-wrong submissions change no verdict: they belong to the offering.
    """

    __tablename__ = "assignment_versions"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    digest: Mapped[str] = mapped_column(Digest, unique=True)
    slug: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(Text)
    archive_digest: Mapped[str] = mapped_column(ForeignKey("blobs.digest"))
    """The packed folder (grader/spec/archive.py) in which this version first came."""
    files: Mapped[list[str]] = mapped_column(Json)
    """What a student hands in."""
    team_max: Mapped[int] = mapped_column(default=1)
    n_checks: Mapped[int]
    max_score: Mapped[Decimal] = mapped_column(Points)
    created_at: Mapped[datetime.datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class Offering(Base):
    """An assignment in a course: when, on what terms, and in which version."""

    __tablename__ = "offerings"
    __table_args__ = (UniqueConstraint("course_id", "slug"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    slug: Mapped[str] = mapped_column(String(100))
    draft_version_id: Mapped[int | None] = mapped_column(ForeignKey("assignment_versions.id"))
    """What was uploaded last; students see nothing of a draft."""
    draft_archive_digest: Mapped[str | None] = mapped_column(ForeignKey("blobs.digest"))
    draft_policy: Mapped[dict[str, Any] | None] = mapped_column(Json)
    draft_handout: Mapped[str] = mapped_column(Text, default="")
    published_version_id: Mapped[int | None] = mapped_column(ForeignKey("assignment_versions.id"))
    handout: Mapped[str] = mapped_column(Text, default="")
    """README.md, Markdown."""
    policy: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """The table `[policy]` in force (`grader.spec.read_policy`)."""
    opens_at: Mapped[datetime.datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime.datetime | None] = mapped_column(UtcDateTime, index=True)
    published_at: Mapped[datetime.datetime | None] = mapped_column(UtcDateTime)
    scores_published_at: Mapped[datetime.datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime.datetime] = mapped_column(UtcDateTime)

    course: Mapped[Course] = relationship(lazy="joined", innerjoin=True)
    draft_version: Mapped[AssignmentVersion | None] = relationship(
        foreign_keys=[draft_version_id], lazy="joined"
    )
    published_version: Mapped[AssignmentVersion | None] = relationship(
        foreign_keys=[published_version_id], lazy="joined"
    )


class AdjustmentKind(StrEnum):
    """Why somebody's dates differ: once, or for good."""

    EXTENSION = "extension"
    ACCOMMODATION = "accommodation"


class Adjustment(Base):
    """Other dates for a person, a section or a team."""

    __tablename__ = "adjustments"
    __table_args__ = (
        CheckConstraint(
            " + ".join(
                f"CASE WHEN {target} IS NULL THEN 0 ELSE 1 END"
                for target in ("person_id", "section_id", "team_id")
            )
            + " = 1",
            name="one_target",
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    offering_id: Mapped[int] = mapped_column(ForeignKey("offerings.id"), index=True)
    kind: Mapped[AdjustmentKind] = mapped_column(choice(AdjustmentKind))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    section_id: Mapped[int | None] = mapped_column(ForeignKey("sections.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    due_at: Mapped[datetime.datetime] = mapped_column(UtcDateTime)
    """Replaces the offering's due date where it is later."""
    reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime.datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    revoked_at: Mapped[datetime.datetime | None] = mapped_column(UtcDateTime)


class Team(Base):
    """Who hands in together; a student alone is a team of one."""

    __tablename__ = "teams"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    offering_id: Mapped[int] = mapped_column(ForeignKey("offerings.id"), index=True)
    name: Mapped[str] = mapped_column(String(100), default="")
    created_at: Mapped[datetime.datetime] = mapped_column(UtcDateTime)

    members: Mapped[list[TeamMember]] = relationship(back_populates="team")


class TeamMember(Base):
    """A person is in one team of an offering."""

    __tablename__ = "team_members"
    __table_args__ = (UniqueConstraint("offering_id", "person_id"),)

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    offering_id: Mapped[int] = mapped_column(ForeignKey("offerings.id"))

    team: Mapped[Team] = relationship(back_populates="members")
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
