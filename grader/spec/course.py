"""course.toml: a course in one term, and the folders of its assignments."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, Field, ValidationError

from grader.errors import SpecError
from grader.spec.folder import SPEC_FILE, decode_utf8
from grader.spec.loader import find_spec_errors, parse_toml
from grader.spec.names import Distinct, Text
from grader.spec.problems import Locator, Problem, list_problems
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
