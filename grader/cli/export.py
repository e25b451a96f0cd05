"""`grader export`: an assignment's scores, on stdout or in files."""

from __future__ import annotations

import contextlib
import datetime
import os
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from grader.cli.installation import open_database
from grader.cli.people import require_course
from grader.errors import NotFound, OperationError, UsageError
from grader.text import printable

FORMS = ("csv", "json", "results.json")


def run_export(
    course_slug: str, slug: str, *, form: str, out: Path | None, is_visible_only: bool
) -> int:
    """Write what was asked for, and say on stderr how much it was."""
    from grader.export import list_results, list_scores, write_csv, write_json
    from grader.report import STAFF
    from grader.store import offerings

    if form not in FORMS:
        raise UsageError(
            f"there is no format {printable(form, 80)!r}", remedy=f"choose from {', '.join(FORMS)}"
        )
    if form == "results.json" and out is None:
        raise UsageError(
            "results.json are many files", remedy="give -o FOLDER, or -o FILE.zip for an archive"
        )
    now = datetime.datetime.now(datetime.UTC)
    with open_database() as database, database.read() as session:
        course = require_course(session, course_slug)
        offering = offerings.find_offering(session, course.id, slug)
        if offering is None:
            names = ", ".join(
                one.slug
                for one in offerings.list_offerings(session, course.id, published_only=False)
            )
            raise NotFound(
                f"{course_slug} has no assignment {printable(slug, 80)!r}",
                remedy=f"it has {names or 'none yet'}",
            )
        audience = offerings.audience_for(session, offering, now) if is_visible_only else STAFF
        if form == "results.json":
            assert out is not None
            count = _write_files(out, list_results(session, offering, audience))
            sys.stderr.write(f"{count} submissions written to {printable(str(out))}\n")
            return 0
        lines = list_scores(session, offering, audience)
    text = write_csv(lines) if form == "csv" else write_json(lines)
    if out is None:
        sys.stdout.write(text)
        return 0
    with _open_private(out) as file:
        file.write(text.encode())
    sys.stderr.write(f"{len(lines)} students written to {printable(str(out))}\n")
    return 0


def _write_files(out: Path, files: Iterable[tuple[str, str]]) -> int:
    count = 0
    if out.suffix == ".zip":
        with (
            _open_private(out) as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            for count, (name, text) in enumerate(files, 1):  # noqa: B007 - the last one is returned
                archive.writestr(name, text)
        return count
    with _explained(out):
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
    for count, (name, text) in enumerate(files, 1):  # noqa: B007
        with _open_private(out / name) as file:
            file.write(text.encode())
    return count


@contextlib.contextmanager
def _open_private(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that, where it is new, its user alone can read: it holds people's scores."""
    with _explained(path):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            yield file


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        raise UsageError(f"{path}: {error.strerror}", remedy="choose another with -o") from error
    except PermissionError as error:
        raise OperationError(
            f"{path}: {error.strerror}", remedy="choose another with -o"
        ) from error
