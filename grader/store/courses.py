"""Courses, their sections, who is enrolled, and what a role lets them do."""

from __future__ import annotations

import re
import zoneinfo
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from grader.errors import NotFound, UsageError
from grader.permissions import Permission
from grader.store import audit, ledger
from grader.store.failures import conflicting
from grader.store.tables import (
    Course,
    Enrolment,
    Offering,
    Person,
    Role,
    Section,
    TeamMember,
)

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


def add_course(
    session: Session,
    *,
    slug: str,
    title: str,
    term: str = "",
    time_zone: str = "UTC",
    slip_days: int = 0,
    now: datetime,
) -> Course:
    """Add a course.

    Raises
    ------
    UsageError
        Where a value is none.
    Conflict
        Where another course has this slug.
    """
    if not _SLUG.fullmatch(slug):
        raise UsageError(
            f"{slug[:80]!r} is not a course's short name",
            remedy="use lower-case letters, digits and hyphens, such as ml-2026",
        )
    course = Course(slug=slug, created_at=now)
    _describe(course, title=title, term=term, time_zone=time_zone, slip_days=slip_days)
    with conflicting(session, f"there is a course {slug}", remedy="choose another short name"):
        session.add(course)
    audit.record(
        session, person_id=None, action="added", subject="course", subject_id=course.id, now=now
    )
    return course


def update_course(
    session: Session,
    course_id: int,
    *,
    title: str | None = None,
    term: str | None = None,
    time_zone: str | None = None,
    slip_days: int | None = None,
    person_id: int | None,
    now: datetime,
) -> Course:
    """Change what is given; other slip days change penalties, which are settled again."""
    course = get_course(session, course_id)
    before = course.slip_days
    _describe(
        course,
        title=course.title if title is None else title,
        term=course.term if term is None else term,
        time_zone=course.time_zone if time_zone is None else time_zone,
        slip_days=course.slip_days if slip_days is None else slip_days,
    )
    session.flush()
    audit.record(
        session,
        person_id=person_id,
        action="changed",
        subject="course",
        subject_id=course.id,
        now=now,
        slip_days=course.slip_days,
        time_zone=course.time_zone,
    )
    if course.slip_days != before:
        ledger.settle(session, course.id, now=now)
    return course


def _describe(course: Course, *, title: str, term: str, time_zone: str, slip_days: int) -> None:
    title, term = " ".join(title.split()), " ".join(term.split())
    if not 0 < len(title) <= 200 or not title.isprintable():
        raise UsageError(f"{title[:50]!r} is not a title", remedy="use 1 to 200 characters")
    if len(term) > 64 or not term.isprintable():
        raise UsageError(f"{term[:50]!r} is not a term", remedy="use at most 64 characters")
    if time_zone not in zoneinfo.available_timezones():
        raise UsageError(
            f"{time_zone[:50]!r} is not a time zone", remedy="write for example Europe/Berlin"
        )
    if not 0 <= slip_days <= 1000:
        raise UsageError(f"{slip_days} slip days cannot be", remedy="give 0 to 1000")
    course.title, course.term = title, term
    course.time_zone, course.slip_days = time_zone, slip_days


def find_course(session: Session, slug: str) -> Course | None:
    """Return a course by its short name."""
    return session.scalars(select(Course).where(Course.slug == slug)).one_or_none()


def get_course(session: Session, course_id: int) -> Course:
    """Return a course by id.

    Raises
    ------
    NotFound
        Where there is none.
    """
    course = session.get(Course, course_id)
    if course is None:
        raise NotFound("there is no such course", remedy="see `grader course list`")
    return course


def list_courses(session: Session, person_id: int | None = None) -> list[Course]:
    """Return the courses somebody is enrolled in, or all for whom a site-wide role makes free.

    Without a person: all courses.
    """
    query = select(Course).order_by(Course.slug)
    if person_id is not None:
        own = select(Enrolment.course_id).where(
            Enrolment.person_id == person_id, Enrolment.course_id.is_not(None)
        )
        site_wide = select(Enrolment.id).where(
            Enrolment.person_id == person_id, Enrolment.course_id.is_(None)
        )
        query = query.where(or_(Course.id.in_(own), site_wide.exists()))
    return list(session.scalars(query))


def enrol(
    session: Session,
    person_id: int,
    *,
    course_id: int | None,
    role: str,
    section: str | None = None,
    by: int | None = None,
    now: datetime,
) -> Enrolment:
    """Enrol somebody, or change the role and section; without a course, for the whole site.

    Raises
    ------
    UsageError
        For a role that there is not.
    """
    if session.get(Role, role) is None:
        names = ", ".join(session.scalars(select(Role.name).order_by(Role.name)))
        raise UsageError(f"there is no role {role[:50]!r}", remedy=f"choose from {names}")
    section_id = None
    if section is not None and course_id is not None:
        section_id = _find_or_add_section(session, course_id, section).id
    enrolment = _find_enrolment(session, person_id, course_id)
    before = enrolment.section_id if enrolment else None
    if enrolment is None:
        enrolment = Enrolment(person_id=person_id, course_id=course_id, created_at=now)
        enrolment.role_name, enrolment.section_id = role, section_id
        with conflicting(session, "this person was enrolled at the same moment"):
            session.add(enrolment)
    else:
        enrolment.role_name = role
        enrolment.section_id = section_id if section is not None else enrolment.section_id
        session.flush()
    audit.record(
        session,
        person_id=by,
        action="enrolled",
        subject="course",
        subject_id=course_id,
        now=now,
        person=person_id,
        role=role,
    )
    if enrolment.section_id != before:
        _settle(session, person_id, course_id, now)
    return enrolment


def _settle(session: Session, person_id: int, course_id: int | None, now: datetime) -> None:
    """Settle penalties anew: what is granted to a section holds for whoever is in it."""
    own = (
        select(TeamMember.team_id)
        .join(Offering, TeamMember.offering_id == Offering.id)
        .where(Offering.course_id == course_id, TeamMember.person_id == person_id)
    )
    # Most have handed in nothing yet: of a whole roster each would cost a look at all of it.
    if course_id is not None and session.scalars(own).first() is not None:
        ledger.settle(session, course_id, [person_id], now=now)


def unenrol(
    session: Session,
    person_id: int,
    *,
    course_id: int | None,
    by: int | None = None,
    now: datetime,
) -> None:
    """Take somebody out of a course; what they handed in stays.

    Raises
    ------
    NotFound
        Where they are not in it.
    """
    enrolment = _find_enrolment(session, person_id, course_id)
    if enrolment is None:
        raise NotFound("this person is not enrolled here", remedy="look at the list again")
    section_id = enrolment.section_id
    session.delete(enrolment)
    session.flush()
    audit.record(
        session,
        person_id=by,
        action="unenrolled",
        subject="course",
        subject_id=course_id,
        now=now,
        person=person_id,
    )
    if section_id is not None:
        _settle(session, person_id, course_id, now)


def _find_enrolment(session: Session, person_id: int, course_id: int | None) -> Enrolment | None:
    return session.scalars(
        select(Enrolment).where(
            Enrolment.person_id == person_id,
            Enrolment.course_id.is_(None)
            if course_id is None
            else Enrolment.course_id == course_id,
        )
    ).one_or_none()


def _find_or_add_section(session: Session, course_id: int, name: str) -> Section:
    name = " ".join(name.split())
    if not 0 < len(name) <= 100 or not name.isprintable():
        raise UsageError(f"{name[:50]!r} is not a section", remedy="use 1 to 100 characters")
    found = session.scalars(
        select(Section).where(Section.course_id == course_id, Section.name == name)
    ).one_or_none()
    if found is None:
        found = Section(course_id=course_id, name=name)
        with conflicting(session, f"the section {name} was made at the same moment"):
            session.add(found)
    return found


def list_sections(session: Session, course_id: int) -> list[Section]:
    """Return the sections of a course, by name."""
    return list(
        session.scalars(
            select(Section).where(Section.course_id == course_id).order_by(Section.name)
        )
    )


def list_enrolments(session: Session, course_id: int | None) -> list[Enrolment]:
    """Return who is in a course, people and sections loaded, by name."""
    return list(
        session.scalars(
            select(Enrolment)
            .join(Enrolment.person)
            .where(
                Enrolment.course_id.is_(None)
                if course_id is None
                else Enrolment.course_id == course_id
            )
            .order_by(Person.name, Person.id)
        )
    )


def permissions_in(
    session: Session, person_id: int, course_id: int | None
) -> frozenset[Permission]:
    """Return what somebody may do in a course: by the role there and by a site-wide one."""
    granted = session.scalars(
        select(Role.permissions)
        .join(Enrolment, Enrolment.role_name == Role.name)
        .where(
            Enrolment.person_id == person_id,
            or_(Enrolment.course_id.is_(None), Enrolment.course_id == course_id),
        )
    )
    known = set(Permission)
    return frozenset(Permission(name) for names in granted for name in names if name in known)
