"""An uploaded assignment folder: unpacked, read, and packed again; or all that is wrong with it."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePath

from grader.errors import SpecError
from grader.spec import Assignment, find_spec_errors, list_submissions, load_assignment
from grader.spec.archive import pack_folder, unpack_archive
from grader.spec.course import LONGEST_SLUG
from grader.spec.folder import SPEC_FILE

RESERVED_SLUGS = frozenset({"author", "people"})
"""Addresses of a course's own pages."""

_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_ENDING = re.compile(r"\.(?:zip|tar\.gz|tgz)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class UploadedFolder:
    """An assignment folder that can be read."""

    assignment: Assignment
    """Its `folder` is gone: only what was read of it is there."""
    archive: bytes
    """The folder, packed anew: nothing but what the assignment consists of."""


class InvalidSlug(ValueError):
    """A short name that cannot stand in an address."""


def check_slug(slug: str) -> str:
    """Return the short name of an assignment as it stands in addresses, or raise `InvalidSlug`."""
    if len(slug) > LONGEST_SLUG or not _SLUG.fullmatch(slug):
        raise InvalidSlug(
            f"use at most {LONGEST_SLUG} letters, digits, dots, hyphens and underscores, such as "
            "hw1-softmax"
        )
    if slug in RESERVED_SLUGS:
        raise InvalidSlug(f"{slug} is the address of another page; choose another name")
    return slug


def read_folder(content: bytes, name: str, *, slug: str = "", time_zone: str) -> UploadedFolder:
    """Return the assignment in an archive.

    Parameters
    ----------
    content, name
        The archive and what it was called.
    slug
        The short name of the assignment; by default the folder's name, or the archive's.
    time_zone
        The course's: dates must have its offsets.

    Raises
    ------
    ExceptionGroup
        Of SpecError: all that is wrong, with files named as they are in the folder.
    InvalidSlug
        If the short name cannot stand in an address.
    """
    with tempfile.TemporaryDirectory(prefix="grader-upload-") as scratch:
        unpacked = Path(scratch, "unpacked")
        try:
            wrapping = unpack_archive(content, unpacked, name=name)
        except SpecError as error:
            raise ExceptionGroup("the archive is wrong", [error]) from None
        chosen = check_slug(slug or wrapping or _ENDING.sub("", PurePath(name).name))
        folder = Path(scratch, "named", chosen)
        folder.parent.mkdir()
        unpacked.rename(folder)
        errors = list(find_spec_errors(folder, time_zone=time_zone))
        try:
            list_submissions(folder)
        except SpecError as error:
            errors.append(error)
        if errors:
            raise ExceptionGroup("the folder is wrong", [_relative(e, folder) for e in errors])
        return UploadedFolder(load_assignment(folder, time_zone=time_zone), pack_folder(folder))


def _relative(error: SpecError, folder: Path) -> SpecError:
    """Return the error with a file that the author knows, not one of this machine's."""
    file = error.file if error.file != folder else folder / SPEC_FILE
    if file.is_relative_to(folder):
        file = file.relative_to(folder)
    return SpecError(error.problem, file=file, line=error.line, key=error.key, remedy=error.remedy)
