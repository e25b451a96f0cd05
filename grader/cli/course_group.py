"""`grader course`: courses and who is in them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grader.cli.options import AsJson, CourseSlug, TierName

course_app = typer.Typer(
    help="Courses: add them, list them, enrol people.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

UserName = Annotated[str, typer.Argument(metavar="USER", help="A sign-in name.")]


@course_app.command("add")
def add_course(
    slug: Annotated[
        str, typer.Argument(metavar="[SLUG]", help="Its name in addresses, such as ml-2026.")
    ] = "",
    title: Annotated[str, typer.Option(metavar="TEXT", help="Its title.")] = "",
    term: Annotated[str, typer.Option(metavar="TEXT", help="Such as `Fall 2026`.")] = "",
    time_zone: Annotated[
        str, typer.Option("--timezone", metavar="ZONE", help="Such as America/New_York.")
    ] = "",
    slip_days: Annotated[
        int | None, typer.Option(metavar="N", min=0, help="Days of grace a student may spend.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="Read all of it from course.toml.")
    ] = None,
) -> int:
    """Add a course; what an option says wins over the file.

    Example: grader course add ml-2026 --title "Machine learning" --timezone Europe/Berlin
    """
    from grader.cli.course import run_add

    return run_add(
        slug, title=title, term=term, time_zone=time_zone, slip_days=slip_days, file=file
    )


@course_app.command("publish")
def publish_course(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="course.toml; else that of the course pack."),
    ] = None,
    starts_on: Annotated[
        str, typer.Option(metavar="DATE", help="The Monday of week 1, such as 2027-01-11.")
    ] = "",
    seed: Annotated[int, typer.Option(metavar="N", min=0, help="Draw the numbers.")] = 0,
    tier: TierName = "",
) -> int:
    """Publish all assignments of a course file with the dates of a term, each proved first.

    The course is added where it is not there yet. Run again, it publishes what has changed and
    moves dates; the penalties of what was handed in follow them.

    Exit status: 0 all are published, 1 some do not hold, 2 the file is wrong, 3 our failure.

    Example: grader course publish --starts-on 2027-01-11
    """
    from grader.cli.course_publish import run_publish_course

    return run_publish_course(file, starts_on=starts_on, seed=seed, tier=tier)


@course_app.command("list")
def list_courses(is_json: AsJson = False) -> int:
    """List the courses."""
    from grader.cli.course import run_list

    return run_list(is_json=is_json)


@course_app.command("enrol")
def enrol(
    course: CourseSlug,
    user: UserName,
    role: Annotated[
        str, typer.Option(metavar="ROLE", help="student, observer, ta or instructor.")
    ] = "student",
    section: Annotated[str, typer.Option(metavar="NAME", help="A part of the course.")] = "",
) -> int:
    """Enrol a person in a course, or change the role of one who is.

    Example: grader course enrol ml-2026 ada --role student --section A
    """
    from grader.cli.course import run_enrol

    return run_enrol(course, user, role=role, section=section)


@course_app.command("unenrol")
def unenrol(course: CourseSlug, user: UserName) -> int:
    """Take a person out of a course. What was handed in stays."""
    from grader.cli.course import run_unenrol

    return run_unenrol(course, user)


@course_app.command("roster")
def show_roster(
    course: CourseSlug,
    table: Annotated[
        Path | None,
        typer.Option("--csv", metavar="FILE", help="First enrol everybody in this table."),
    ] = None,
    is_json: AsJson = False,
) -> int:
    """List who is in a course; with `--csv`, enrol a whole class first.

    The table's first line names its columns: `username` is needed; `name`, `email`, `role` (student
    where it is empty) and `section` may be there; others are ignored. Who is not known yet is
    added, and the password printed once. A table with a mistake changes nothing.
    """
    from grader.cli.roster import run_roster

    return run_roster(course, table, is_json=is_json)
