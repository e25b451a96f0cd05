"""`grader course roster`: who is in a course, and a whole class enrolled from a table."""

from __future__ import annotations

import csv
import datetime
import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.course import check_role
from grader.cli.installation import open_database
from grader.cli.people import require_course, sign_in_name
from grader.cli.render import print_line, print_table
from grader.errors import GraderError, UsageError

if TYPE_CHECKING:
    from grader.store import Database, Session

MOST_TABLE_BYTES = 10 << 20
_COLUMNS = ("username", "name", "email", "role", "section")


@dataclass(frozen=True, slots=True)
class Row:
    """One person of a table."""

    place: str
    """File and line, for a message."""
    username: str
    name: str
    email: str | None
    role: str
    section: str | None


def run_roster(course_slug: str, table: Path | None, *, is_json: bool) -> int:
    """Print the roster, after enrolling a table where one is given."""
    rows = [] if table is None else read_rows(table)
    with open_database() as database:
        made = _enrol_all(database, course_slug, rows)
        with database.read() as session:
            entries = _list_entries(session, course_slug)
    if is_json:
        for entry in entries:
            if password := made.get(str(entry["user"])):
                entry["password"] = password
        sys.stdout.write(json.dumps(entries, indent=2) + "\n")
        return 0
    columns = ("user", "name", "e-mail", "role", "section")
    shown = [(None, tuple(str(entry[key] or "-") for key in entry)) for entry in entries]
    print_table(columns, shown)
    if not shown:
        print_line(f"Nobody is in it yet: grader course enrol {course_slug} USER")
    if made:
        print_line("")
        print_line("New here, with a password shown this once:")
        print_table(("user", "password"), [(None, pair) for pair in made.items()])
    return 0


def _list_entries(session: Session, course_slug: str) -> list[dict[str, object]]:
    from grader.store import courses

    course = require_course(session, course_slug)
    entries: list[dict[str, object]] = [
        {
            "user": sign_in_name(one.person),
            "name": one.person.name,
            "email": one.person.email,
            "role": one.role_name,
            "section": one.section.name if one.section else None,
        }
        for one in courses.list_enrolments(session, course.id)
    ]
    return entries


def _enrol_all(database: Database, course_slug: str, rows: list[Row]) -> dict[str, str]:
    """Add who is not known, enrol everybody, all or nobody; return the passwords made."""
    from grader.credentials import hash_password, make_password
    from grader.store import people

    if not rows:
        return {}
    now = datetime.datetime.now(datetime.UTC)
    with database.read() as session:
        require_course(session, course_slug)
        unknown = [
            row.username for row in rows if not people.find_local_identity(session, row.username)
        ]
    # A hash takes a tenth of a second on purpose: not while the database waits.
    made = {username: make_password() for username in unknown}
    hashes = {username: hash_password(password) for username, password in made.items()}
    with database.begin() as session:
        course = require_course(session, course_slug)
        for row in rows:
            try:
                if _enrol(session, row, course.id, hashes, now):
                    continue
            except GraderError as error:
                raise UsageError(f"{row.place}: {error.problem}", remedy=error.remedy) from error
            made.pop(row.username, None)
    return made


def _enrol(
    session: Session, row: Row, course_id: int, hashes: dict[str, str], now: datetime.datetime
) -> bool:
    """Enrol the person of a row; True where that added somebody new to the site."""
    from grader.store import courses, people

    identity = people.find_local_identity(session, row.username)
    if identity is None:
        person = people.add_person(session, name=row.name, email=row.email, now=now)
        people.add_local_identity(
            session, person.id, username=row.username, secret_hash=hashes[row.username], now=now
        )
    person_id = person.id if identity is None else identity.person_id
    courses.enrol(
        session, person_id, course_id=course_id, role=row.role, section=row.section, now=now
    )
    return identity is None


def read_rows(table: Path) -> list[Row]:
    """Return the people of a table; refuse it with the line that is wrong.

    A spreadsheet's semicolons and byte order mark are taken as they come.
    """
    try:
        with table.open("rb") as file:
            content = file.read(MOST_TABLE_BYTES + 1)
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{table}: {error.strerror}", remedy="name a CSV file") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{table} is not in UTF-8", remedy="save it as CSV UTF-8") from error
    if len(content) > MOST_TABLE_BYTES:
        raise UsageError(f"{table} is larger than {MOST_TABLE_BYTES >> 20} MiB")
    header = text.partition("\n")[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        names = [name.strip().lower() for name in reader.fieldnames or []]
        if "username" not in names:
            raise UsageError(
                f"{table}:1: there is no column `username`",
                remedy=f"its first line names the columns: {','.join(_COLUMNS)}",
            )
        reader.fieldnames = names
        rows = [_read_row(cells, f"{table}:{reader.line_num}") for cells in reader]
    except csv.Error as error:
        raise UsageError(f"{table}:{reader.line_num}: {error}", remedy="save it as CSV") from error
    _refuse_twice(rows, table)
    return rows


def _read_row(cells: dict[str, str | None], place: str) -> Row:
    cell = {name: (cells.get(name) or "").strip() for name in _COLUMNS}
    try:
        role = check_role(cell["role"].lower() or "student")
    except UsageError as error:
        raise UsageError(f"{place}: {error.problem}", remedy=error.remedy) from error
    if not cell["username"]:
        raise UsageError(f"{place}: there is no username", remedy="every line needs one")
    return Row(
        place=place,
        username=cell["username"],
        name=cell["name"] or cell["username"],
        email=cell["email"] or None,
        role=role,
        section=cell["section"] or None,
    )


def _refuse_twice(rows: list[Row], table: Path) -> None:
    seen: set[str] = set()
    for row in rows:
        folded = row.username.casefold()
        if folded in seen:
            raise UsageError(f"{table}: {row.username} stands in it twice", remedy="keep one line")
        seen.add(folded)
