"""What people may do, and the roles that ship: named sets of permissions."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Permission(StrEnum):
    """One thing that somebody may do in a course."""

    SEE_COURSE = "see_course"
    """Its published assignments and their dates."""
    SUBMIT = "submit"
    """Hand in work, and see one's own with what a student may see of it."""
    SEE_SUBMISSIONS = "see_submissions"
    """Everybody's work and results, hidden checks included."""
    RERUN = "rerun"
    SET_SCORES = "set_scores"
    """Override scores."""
    EXPORT = "export"
    AUTHOR = "author"
    """Upload, validate and publish assignments, and publish scores."""
    MANAGE_COURSE = "manage_course"
    """Enrol people, and grant other dates."""
    MANAGE_SITE = "manage_site"
    """People and courses of the whole site."""


_STAFF = (Permission.SEE_COURSE, Permission.SEE_SUBMISSIONS)
_TA = (*_STAFF, Permission.RERUN, Permission.SET_SCORES, Permission.EXPORT)
_INSTRUCTOR = (*_TA, Permission.AUTHOR, Permission.MANAGE_COURSE)

SHIPPED_ROLES: Mapping[str, tuple[Permission, ...]] = {
    "student": (Permission.SEE_COURSE, Permission.SUBMIT),
    "observer": _STAFF,
    "ta": _TA,
    "instructor": _INSTRUCTOR,
    "admin": (*_INSTRUCTOR, Permission.MANAGE_SITE),
}
"""An observer reads what staff read and changes nothing; an admin's enrolment names no course."""
