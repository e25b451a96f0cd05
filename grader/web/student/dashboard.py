"""Where everybody comes in: one's courses, what is due next in them, and what waits for staff."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from flask import g, render_template, url_for
from flask.typing import ResponseReturnValue

from grader.permissions import Permission
from grader.report import RunStatus
from grader.store import Session, courses, offerings, submissions
from grader.store.tables import Course, Offering
from grader.web import access
from grader.web.site import current_site
from grader.web.student.blueprint import room
from grader.web.student.work import Work, look_at, read_work, title_of

NEXT_DUE = 3
"""Assignments of each course on the first page."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that waits for staff, and where to do it."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class CourseCard:
    """A course on somebody's first page."""

    course: Course
    is_staff: bool
    work: tuple[Work, ...]
    duties: tuple[Duty, ...]


@room.get("/")
@access.allow(access.SIGNED_IN)
def show_courses() -> ResponseReturnValue:
    """Show all courses of a person, and in each what is due next or what waits for staff."""
    with current_site().database.read() as session:
        found = courses.list_courses(session, g.person.id)
        cards = [_read_card(session, course, g.person.id, g.now) for course in found]
    return render_template("student/courses.html", courses=cards)


@room.get("/courses/<course>")
@access.allow(access.course(Permission.SEE_COURSE))
def show_course() -> ResponseReturnValue:
    """Show a course's assignments, in order of due date, with one's own dates and state."""
    is_staff = _is_staff(g.permissions)
    with current_site().database.read() as session:
        found = offerings.list_offerings(session, g.course.id, published_only=not is_staff)
        if Permission.SUBMIT in g.permissions:
            work = [read_work(session, one, g.person.id, g.now) for one in found]
        else:
            work = [look_at(one) for one in found]
    return render_template(
        "student/course.html",
        assignments=sorted(work, key=_order),
        slip_days=g.course.slip_days if Permission.SUBMIT in g.permissions else 0,
    )


def _read_card(
    session: Session, course: Course, person_id: int, now: datetime.datetime
) -> CourseCard:
    permissions = courses.permissions_in(session, person_id, course.id)
    is_staff = _is_staff(permissions)
    found = offerings.list_offerings(session, course.id, published_only=not is_staff)
    work: list[Work] = []
    if Permission.SUBMIT in permissions:
        all_work = [read_work(session, one, person_id, now) for one in found]
        work = sorted((one for one in all_work if not one.is_closed), key=_order)
    duties = _find_duties(session, found, permissions, now) if is_staff else ()
    return CourseCard(course, is_staff, tuple(work[:NEXT_DUE]), tuple(duties))


def _find_duties(
    session: Session,
    found: list[Offering],
    permissions: frozenset[Permission],
    now: datetime.datetime,
) -> Iterator[Duty]:
    is_author = Permission.AUTHOR in permissions
    for offering in found:
        title = title_of(offering)
        page_of_author = _address("author.show_assignment", offering)
        if offering.published_at is None:
            if is_author:
                yield Duty(f"{title}: a draft to publish", page_of_author)
            continue
        if Permission.RERUN in permissions and (count := _count_failed(session, offering)):
            yield Duty(
                f"{title}: {count} on which the grader failed",
                _address("review.list_submissions", offering, status=RunStatus.FAILED.value),
            )
        is_over = offerings.audience_for(session, offering, now).is_after_due
        if is_author and is_over and offering.scores_published_at is None:
            yield Duty(f"{title}: scores to publish", page_of_author)


def _count_failed(session: Session, offering: Offering) -> int:
    failed = submissions.list_of_offering(session, offering.id, status=RunStatus.FAILED, limit=1)
    return failed.n_total


def _address(endpoint: str, offering: Offering, status: str | None = None) -> str:
    return url_for(endpoint, course=offering.course.slug, slug=offering.slug, status=status)


def _is_staff(permissions: frozenset[Permission]) -> bool:
    return not permissions.isdisjoint({Permission.SEE_SUBMISSIONS, Permission.AUTHOR})


def _order(work: Work) -> tuple[bool, datetime.datetime, str]:
    """By due date; what is never due comes last."""
    never = datetime.datetime.max.replace(tzinfo=datetime.UTC)
    return (work.is_closed, work.due_at or never, work.title)
