"""`grader course`: add, list, enrol, unenrol."""

from __future__ import annotations

import datetime
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.installation import open_database
from grader.cli.people import require_course, require_person
from grader.cli.render import print_line, print_table
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.spec import CourseSpec

SITE_ROLE = "admin"


def run_add(
    slug: str, *, title: str, term: str, time_zone: str, slip_days: int | None, file: Path | None
) -> int:
    """Add a course from options, from a file, or from both."""
    from grader.store import courses

    given = {"slug": slug, "title": title, "term": term, "timezone": time_zone}
    spec = _read_course(given, slip_days, file)
    now = datetime.datetime.now(datetime.UTC)
    with open_database() as database, database.begin() as session:
        courses.add_course(
            session,
            slug=spec.slug,
            title=spec.title,
            term=spec.term,
            time_zone=spec.time_zone,
            slip_days=spec.slip_days,
            now=now,
        )
    print_line(f"{spec.slug} is added: {spec.title}, dates in {spec.time_zone}.")
    if spec.assignments:
        print_line(f"Its assignments are not published yet: grader course publish {file}")
    return 0


def _read_course(given: dict[str, str], slip_days: int | None, file: Path | None) -> CourseSpec:
    """Return what the file says, with what the options say in its place."""
    from pydantic import ValidationError

    from grader.spec import CourseSpec, load_course
    from grader.spec.problems import list_problems

    table: dict[str, object] = {"timezone": "UTC", "assignments": []}
    if file is not None:
        written = load_course(file)
        table = {name: getattr(written, name) for name in written.model_fields_set}
        table["timezone"] = table.pop("time_zone")
    table |= {name: text for name, text in given.items() if text}
    if slip_days is not None:
        table["slip_days"] = slip_days
    if "slug" not in table:
        raise UsageError("a course needs a slug", remedy="give SLUG, or --from course.toml")
    table.setdefault("title", table["slug"])
    try:
        return CourseSpec.model_validate(table)
    except ValidationError as error:
        problem = next(list_problems(error))
        raise UsageError(
            f"{'.'.join(map(str, problem.path))}: {problem.problem}", remedy=problem.remedy
        ) from error


def run_list(*, is_json: bool) -> int:
    """Print all courses."""
    from grader.store import courses

    with open_database() as database, database.read() as session:
        entries = [
            {
                "course": one.slug,
                "title": one.title,
                "term": one.term,
                "timezone": one.time_zone,
                "slip_days": one.slip_days,
                "people": len(courses.list_enrolments(session, one.id)),
            }
            for one in courses.list_courses(session)
        ]
    if is_json:
        sys.stdout.write(json.dumps(entries, indent=2) + "\n")
        return 0
    rows = [(None, tuple(str(cell) or "-" for cell in one.values())) for one in entries]
    print_table(("course", "title", "term", "time zone", "slip days", "people"), rows)
    if not rows:
        print_line("There is no course yet: grader course add SLUG")
    return 0


def run_enrol(course_slug: str, user: str, *, role: str, section: str) -> int:
    """Enrol a person, or change the role of one who is."""
    from grader.store import courses

    check_role(role)
    now = datetime.datetime.now(datetime.UTC)
    with open_database() as database, database.begin() as session:
        course = require_course(session, course_slug)
        person = require_person(session, user)
        courses.enrol(
            session, person.id, course_id=course.id, role=role, section=section or None, now=now
        )
    where = f", section {section}" if section else ""
    print_line(f"{user} is {role} in {course_slug}{where}.")
    return 0


def run_unenrol(course_slug: str, user: str) -> int:
    """Take a person out of a course."""
    from grader.store import courses

    now = datetime.datetime.now(datetime.UTC)
    with open_database() as database, database.begin() as session:
        course = require_course(session, course_slug)
        person = require_person(session, user)
        courses.unenrol(session, person.id, course_id=course.id, now=now)
    print_line(f"{user} is no longer in {course_slug}; what was handed in stays.")
    return 0


def check_role(role: str) -> str:
    """Return a role that one can have in a course; administrators are so everywhere."""
    if role == SITE_ROLE:
        raise UsageError(
            "nobody is an administrator of one course", remedy="grader user add NAME --admin"
        )
    return role
