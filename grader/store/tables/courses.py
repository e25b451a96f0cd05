"""Courses, their sections, and who is enrolled in which role."""

from __future__ import annotations

import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grader.store.tables.base import Base, Id, Json, UtcDateTime
from grader.store.tables.people import Person


class Course(Base):
    """A course in one term."""

    __tablename__ = "courses"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    term: Mapped[str] = mapped_column(String(64), default="")
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    slip_days: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime.datetime] = mapped_column(UtcDateTime)
    archived_at: Mapped[datetime.datetime | None] = mapped_column(UtcDateTime)


class Section(Base):
    """A part of a course's people, such as a recitation."""

    __tablename__ = "sections"
    __table_args__ = (UniqueConstraint("course_id", "name"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    name: Mapped[str] = mapped_column(String(100))


class Role(Base):
    """A named set of permissions (grader/permissions.py); five ship, a site may add its own."""

    __tablename__ = "roles"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    permissions: Mapped[list[str]] = mapped_column(Json)


class Enrolment(Base):
    """A person's role in a course; without a course, in all of them."""

    __tablename__ = "enrolments"
    __table_args__ = (
        UniqueConstraint("person_id", "course_id"),
        Index(
            "uq_enrolments_person_id_site",
            "person_id",
            unique=True,
            sqlite_where=text("course_id IS NULL"),
            postgresql_where=text("course_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("courses.id"), index=True)
    section_id: Mapped[int | None] = mapped_column(ForeignKey("sections.id"))
    role_name: Mapped[str] = mapped_column(ForeignKey("roles.name"))
    created_at: Mapped[datetime.datetime] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    course: Mapped[Course | None] = relationship(lazy="joined")
    section: Mapped[Section | None] = relationship(lazy="joined")
    role: Mapped[Role] = relationship()
