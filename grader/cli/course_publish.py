"""`grader course publish`: a whole course with the dates of a term, in one command."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from grader.cli.installation import open_database
from grader.cli.publish import Publisher, print_failure
from grader.cli.render import print_line, print_table, show_state
from grader.cli.slots import open_slot
from grader.errors import UsageError
from grader.settings import load_settings

if TYPE_CHECKING:
    from grader.spec import CourseSpec, Policy
    from grader.store import Database


def run_publish_course(file: Path | None, *, starts_on: str, seed: int, tier: str) -> int:
    """Add the course where it is not there yet, and publish its assignments one by one.

    What is published already and has not changed is not proved again; its dates are moved. So a
    run that was cut off goes on where it was.
    """
    from grader.assignment_packs import course_pack
    from grader.spec import load_course

    settings = load_settings()
    path = file if file is not None else course_pack()
    course = load_course(path)
    folder = path if path.is_dir() else path.parent
    monday = _read_start(starts_on, course)
    with open_database() as database:
        _add_course(database, course)
        failed = []
        with show_state("") as show, open_slot(settings, tier) as slot:
            publisher = Publisher(database, course.slug, course.time_zone, settings, slot, seed)
            for number, slug in enumerate(course.assignments, 1):

                def date(own: Policy, slug: str = slug) -> Policy:
                    return course.policy_of(slug, own, monday)

                if publisher.move_dates(folder / slug, date):
                    continue
                show(f"proving {slug}, {number} of {len(course.assignments)}")
                outcome = publisher.publish(folder / slug, date)
                if not outcome.holds:
                    failed.append((slug, outcome))
        for slug, outcome in failed:
            print_failure(slug, outcome)
            print_line("")
        _print_term(database, course)
    n_published = len(course.assignments) - len(failed)
    print_line(f"{n_published} of {len(course.assignments)} are published in {course.slug}.")
    return 1 if failed else 0


def _read_start(written: str, course: CourseSpec) -> datetime.date | None:
    """Return the Monday of week 1 that was asked for; None is the file's."""
    from grader.spec.schedule import read_start

    if not written:
        return None
    if not course.schedule:
        raise UsageError(
            "--starts-on moves a schedule, and this course has none",
            remedy="add [schedule] to course.toml, or leave the option out",
        )
    return read_start(written)


def _add_course(database: Database, spec: CourseSpec) -> None:
    from grader.store import courses

    now = datetime.datetime.now(datetime.UTC)
    with database.begin() as session:
        known = courses.find_course(session, spec.slug)
        if known is None:
            courses.add_course(
                session,
                slug=spec.slug,
                title=spec.title,
                term=spec.term,
                time_zone=spec.time_zone,
                slip_days=spec.slip_days,
                now=now,
            )
        elif known.time_zone != spec.time_zone:
            raise UsageError(
                f"{spec.slug} is there already, and its dates are in {known.time_zone}, not in "
                f"{spec.time_zone}",
                remedy="give the file another slug, or the course's time zone",
            )


def _print_term(database: Database, course: CourseSpec) -> None:
    from grader.policy import format_moment
    from grader.store import courses, offerings

    zone = ZoneInfo(course.time_zone)
    with database.read() as session:
        known = courses.find_course(session, course.slug)
        assert known is not None
        rows = [
            (
                None,
                (
                    one.slug,
                    format_moment(one.opens_at, zone) if one.opens_at else "open",
                    format_moment(one.due_at, zone) if one.due_at else "no due date",
                ),
            )
            for one in offerings.list_offerings(session, known.id, published_only=True)
        ]
    print_table(("assignment", "opens", "due"), rows, has_head=True)
