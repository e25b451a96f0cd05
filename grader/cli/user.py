"""`grader user`: add, list, password, disable."""

from __future__ import annotations

import datetime
import json
import sys

from grader.cli.installation import open_database
from grader.cli.people import (
    read_or_make_password,
    require_identity,
    require_person,
    sign_in_name,
)
from grader.cli.render import print_line, print_table
from grader.errors import NotFound


def run_add(name: str, full_name: str, email: str, *, is_admin: bool, is_from_stdin: bool) -> int:
    """Add a person, and print the password that was made."""
    from grader.credentials import hash_password
    from grader.store import courses, people

    password, is_made = read_or_make_password(is_from_stdin=is_from_stdin)
    now = datetime.datetime.now(datetime.UTC)
    with open_database() as database:
        secret_hash = hash_password(password)
        with database.begin() as session:
            person = people.add_person(
                session, name=full_name or name, email=email or None, now=now
            )
            people.add_local_identity(
                session, person.id, username=name, secret_hash=secret_hash, now=now
            )
            if is_admin:
                courses.enrol(session, person.id, course_id=None, role="admin", now=now)
    what = "an administrator" if is_admin else "added"
    print_line(f"{name} is {what}.")
    _tell_password(password, is_made=is_made)
    return 0


def run_list(*, is_json: bool) -> int:
    """Print all people."""
    from grader.store import courses, people

    with open_database() as database, database.read() as session:
        site_roles = {
            one.person_id: one.role_name for one in courses.list_enrolments(session, None)
        }
        entries = [
            {
                "user": sign_in_name(person),
                "name": person.name,
                "email": person.email,
                "role": site_roles.get(person.id),
                "disabled_at": person.disabled_at and person.disabled_at.isoformat(),
                "created_at": person.created_at.isoformat(),
            }
            for person in people.list_people(session)
        ]
    if is_json:
        sys.stdout.write(json.dumps(entries, indent=2) + "\n")
        return 0
    rows = [
        (
            None,
            (
                str(one["user"] or "-"),
                str(one["name"]),
                str(one["email"] or "-"),
                str(one["role"] or "-"),
                "disabled" if one["disabled_at"] else "",
            ),
        )
        for one in entries
    ]
    print_table(("user", "name", "e-mail", "role", "state"), rows)
    if not rows:
        print_line("There is nobody yet: grader user add NAME --admin")
    return 0


def run_password(name: str, *, is_from_stdin: bool) -> int:
    """Set another password; whoever is signed in with the old one no longer is."""
    from grader.credentials import hash_password
    from grader.store import people, sessions

    password, is_made = read_or_make_password(is_from_stdin=is_from_stdin)
    now = datetime.datetime.now(datetime.UTC)
    with open_database() as database:
        secret_hash = hash_password(password)
        with database.begin() as session:
            identity = require_identity(session, name)
            people.set_password(session, identity, secret_hash)
            sessions.revoke_all(session, identity.person_id, now)
    print_line(f"{name} has another password, and is signed out everywhere.")
    _tell_password(password, is_made=is_made)
    return 0


def run_disable(name: str) -> int:
    """Let a person in no more."""
    from grader.store import people

    now = datetime.datetime.now(datetime.UTC)
    with open_database() as database, database.begin() as session:
        people.disable_person(session, require_person(session, name).id, now)
    print_line(f"{name} can no longer sign in; sessions and tokens have ended.")
    return 0


def run_enable(name: str) -> int:
    """Let a person in again."""
    from grader.store import people

    now = datetime.datetime.now(datetime.UTC)
    with open_database() as database, database.begin() as session:
        subject = people.fold_username(name)
        found = [one for one in people.list_people(session) if sign_in_name(one) == subject]
        if not found:
            raise NotFound(f"there is nobody {name!r}", remedy="`grader user list` shows all")
        people.enable_person(session, found[0].id, now)
    print_line(f"{name} can sign in again; tokens stay revoked.")
    return 0


def _tell_password(password: str, *, is_made: bool) -> None:
    if is_made:
        print_line(f"Password, shown this once: {password}")
