"""Finds people and courses by what is typed, and makes people's passwords."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING

from grader.errors import NotFound, UsageError
from grader.text import printable

if TYPE_CHECKING:
    from grader.store import Session
    from grader.store.tables import Course, Identity, Person

_SHOWN = 80
"""Characters of what was typed, in a message about it."""


def require_identity(session: Session, name: str) -> Identity:
    """Return how a person signs in here; NotFound where nobody does, or may, by that name."""
    from grader.store import people

    identity = people.find_local_identity(session, name)
    if identity is None:
        raise NotFound(
            f"nobody signs in as {printable(name, _SHOWN)!r}",
            remedy="`grader user list` shows who does",
        )
    return identity


def require_person(session: Session, name: str) -> Person:
    """Return a person by the sign-in name."""
    return require_identity(session, name).person


def require_course(session: Session, slug: str) -> Course:
    """Return a course by its slug; NotFound where there is none."""
    from grader.store import courses

    course = courses.find_course(session, slug)
    if course is None:
        raise NotFound(
            f"there is no course {printable(slug, _SHOWN)!r}",
            remedy="`grader course list` shows all",
        )
    return course


def sign_in_name(person: Person) -> str:
    """Return what a person signs in with; empty where that is not a name and a password."""
    return next((one.subject for one in person.identities if one.kind == "local"), "")


def read_or_make_password(*, is_from_stdin: bool) -> tuple[str, bool]:
    """Return a password, and whether it was made here and must be shown."""
    from grader.credentials import MIN_PASSWORD_CHARACTERS, make_password

    if not is_from_stdin:
        return make_password(), True
    password = sys.stdin.readline().rstrip("\r\n")
    if len(password) < MIN_PASSWORD_CHARACTERS:
        raise UsageError(
            f"the password on stdin has fewer than {MIN_PASSWORD_CHARACTERS} characters",
            remedy="give a longer one, in one line",
        )
    return password, False


def show_moment(moment: datetime | None) -> str:
    """Return a time as a table shows it, to the minute and in UTC; empty for none."""
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else ""
