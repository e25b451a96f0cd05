"""course.toml: a course in one term, and the folders of its assignments."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, Field, ValidationError, field_validator

from grader.errors import SpecError
from grader.spec.folder import SPEC_FILE, decode_utf8
from grader.spec.loader import find_spec_errors, parse_toml
from grader.spec.names import Distinct, Text
from grader.spec.policy import Policy
from grader.spec.problems import Locator, Problem, list_problems
from grader.spec.schedule import TermDates, check_start
from grader.spec.schema import Sequence, SpecModel, fault, suggest
from grader.spec.zones import check_time_zone

COURSE_FILE = "course.toml"
MOST_SLIP_DAYS = 366
LONGEST_SLUG = 64
LONGEST_TERM = 64
LONGEST_TITLE = 200

_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def _check_slug(slug: str) -> str:
    if len(slug) > LONGEST_SLUG or not _SLUG.fullmatch(slug):
        raise fault(
            f"{slug[:LONGEST_SLUG]!r} cannot be part of an address",
            f"use at most {LONGEST_SLUG} letters, digits, dots, hyphens, underscores",
        )
    return slug


def _check_folder(name: str) -> str:
    if not _SLUG.fullmatch(name):
        raise fault(
            f"{name!r} is not the name of a folder beside {COURSE_FILE}",
            "name it without folders around it",
        )
    return _check_slug(name)


Slug: TypeAlias = Annotated[str, AfterValidator(_check_slug)]


class CourseSpec(SpecModel):
    """A course as its instructor describes it."""

    slug: Slug
    """The course's name in addresses: at most 64 letters, digits, dots, hyphens, underscores."""
    title: Annotated[Text, Field(max_length=LONGEST_TITLE)]
    """Name of the course."""
    term: Annotated[str, Field(max_length=LONGEST_TERM)] = ""
    """When it is held.

    Default: none
    """
    time_zone: Annotated[str, AfterValidator(check_time_zone)] = Field(validation_alias="timezone")
    """IANA name of the time zone in which dates are written and shown."""
    slip_days: Annotated[int, Field(ge=0, le=MOST_SLIP_DAYS)] = 0
    """Whole days that a student may be late without a penalty, in the whole course."""
    assignments: Annotated[Sequence[Annotated[str, AfterValidator(_check_folder)]], Distinct] = ()
    """Folders beside this file; without the key all that hold assignment.toml.

    Default: all
    """
    starts_on: Annotated[date, AfterValidator(check_start)] | None = None
    """The Monday of week 1: a date without quotes. `grader course publish --starts-on` moves it.

    Default: none
    """
    policy: Policy = Policy()
    """Keys of [`[policy]`](#policy) but dates, for the assignments that say nothing of them.

    Default: none
    """
    schedule: dict[Slug, TermDates] = {}  # noqa: RUF012 - pydantic copies a default
    """`svm = {opens = "week 7 Mon 09:00", due = "week 7 Sun 23:59"}`; dates here go before those
    of the assignment's own file.

    Default: none
    """

    @field_validator("policy")
    @classmethod
    def refuse_dates(cls, policy: Policy) -> Policy:
        """Refuse one date for all assignments."""
        for key in ("opens_at", "due_at"):
            if key in policy.model_fields_set:
                raise fault("is one date for all assignments", "use [schedule]", at=(key,))
        return policy

    def policy_of(self, slug: str, own: Policy, starts_on: date | None = None) -> Policy:
        """Return the policy of an assignment in this course.

        Parameters
        ----------
        slug
            The assignment.
        own
            What its own file says: it goes before what the course says, but for the dates.
        starts_on
            The Monday of week 1, where it is another than the file's.
        """
        common = {name: getattr(self.policy, name) for name in self.policy.model_fields_set}
        stated = {name: getattr(own, name) for name in own.model_fields_set}
        policy = own.model_copy(update={**common, **stated})
        starts_on = starts_on or self.starts_on
        dates = self.schedule.get(slug)
        if dates is None or starts_on is None:
            return policy
        return dates.date_policy(policy, starts_on, self.time_zone)


def load_course(path: Path) -> CourseSpec:
    """Return the course of a course.toml, or of the folder that holds one.

    Its assignments are read too: they must be there and be right, and their dates must have the
    offsets of the course's time zone.

    Raises
    ------
    SpecError
        The first thing that is wrong; `find_course_errors` lists all.
    """
    try:
        return _read_course(path)
    except ExceptionGroup as group:
        raise group.exceptions[0] from None


def find_course_errors(path: Path) -> tuple[SpecError, ...]:
    """Return all that is wrong with a course and its assignments, file by file."""
    try:
        _read_course(path)
    except ExceptionGroup as group:
        return tuple(error for error in group.exceptions if isinstance(error, SpecError))
    return ()


def _read_course(path: Path) -> CourseSpec:
    """Return the course, or raise all that is wrong with it as one group."""
    file = path / COURSE_FILE if path.is_dir() else path
    try:
        table, locator = parse_toml(_read_text(file), file)
    except SpecError as error:
        raise ExceptionGroup("the course is wrong", [error]) from None
    found = _list_folders(file.parent)
    table.setdefault("assignments", found)
    try:
        course = CourseSpec.model_validate(table)
    except ValidationError as error:
        problems = locator.locate(list_problems(error))
        raise ExceptionGroup("the course is wrong", problems) from None
    errors = list(_find_missing(course, found, locator))
    errors += locator.locate(_find_schedule_problems(course))
    for name in course.assignments:
        if name in found:
            errors += find_spec_errors(file.parent / name, time_zone=course.time_zone)
    if errors:
        raise ExceptionGroup("the course is wrong", errors)
    return course


def _read_text(file: Path) -> str:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise SpecError(
            f"cannot be read: {error.strerror}",
            file=file,
            remedy=f"name a folder with {COURSE_FILE}",
        ) from error
    # Newlines as tomllib counts them.
    return decode_utf8(content, file).replace("\r\n", "\n")


def _list_folders(folder: Path) -> list[str]:
    return sorted(spec.parent.name for spec in folder.glob(f"*/{SPEC_FILE}"))


def _find_schedule_problems(course: CourseSpec) -> Iterator[Problem]:
    for slug in course.schedule:
        if slug not in course.assignments:
            yield Problem(
                ("schedule", slug),
                f"the course has no assignment {slug!r}",
                suggest(slug, course.assignments) if course.assignments else "add the folder",
            )
    if course.schedule and course.starts_on is None:
        yield Problem(
            ("schedule",), "weeks are counted from a Monday", "add `starts_on = 2027-01-11`"
        )


def _find_missing(course: CourseSpec, found: list[str], locator: Locator) -> Iterator[SpecError]:
    missing = [
        Problem(
            ("assignments", index),
            f"there is no {name}/{SPEC_FILE} beside this file",
            suggest(name, found) if found else "add the folder",
        )
        for index, name in enumerate(course.assignments)
        if name not in found
    ]
    yield from locator.locate(missing)
