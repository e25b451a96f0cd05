"""`grader token` on the server: new, list, revoke."""

from __future__ import annotations

import datetime
import json
import sys

from grader.cli.installation import open_database
from grader.cli.people import require_person, show_moment
from grader.cli.render import print_line, print_table
from grader.errors import UsageError

LONGEST_LABEL = 100


def run_new(user: str, *, label: str, days: int | None) -> int:
    """Make a token and print it; nothing else goes to stdout."""
    from grader.credentials import digest_token, make_token
    from grader.store import people

    if not label.strip() or len(label) > LONGEST_LABEL:
        raise UsageError(
            f"a label has from 1 to {LONGEST_LABEL} characters", remedy="say what the token is for"
        )
    now = datetime.datetime.now(datetime.UTC)
    try:
        expires_at = None if days is None else now + datetime.timedelta(days=days)
    except OverflowError as error:
        raise UsageError(f"{days} days from now there is no date") from error
    token = make_token()
    with open_database() as database, database.begin() as session:
        people.add_token(
            session,
            require_person(session, user).id,
            digest=digest_token(token),
            label=label.strip(),
            now=now,
            expires_at=expires_at,
        )
    sys.stdout.write(token + "\n")
    sys.stderr.write("Shown this once. Whoever has it can hand in under this name.\n")
    return 0


def run_list(user: str, *, is_json: bool) -> int:
    """Print a person's tokens that still work."""
    from grader.store import people

    with open_database() as database, database.read() as session:
        tokens = people.list_tokens(session, require_person(session, user).id)
    if is_json:
        entries = [
            {
                "number": one.id,
                "label": one.label,
                "created_at": one.created_at.isoformat(),
                "last_used_at": one.last_used_at and one.last_used_at.isoformat(),
                "expires_at": one.expires_at and one.expires_at.isoformat(),
            }
            for one in tokens
        ]
        sys.stdout.write(json.dumps(entries, indent=2) + "\n")
        return 0
    rows = [
        (
            None,
            (
                str(one.id),
                one.label,
                show_moment(one.created_at),
                show_moment(one.last_used_at) or "never",
                show_moment(one.expires_at) or "never",
            ),
        )
        for one in tokens
    ]
    print_table(("number", "label", "made", "last used", "ends"), rows)
    if not rows:
        print_line(f"{user} has no token.")
    return 0


def run_revoke(user: str, number: int) -> int:
    """End one token."""
    from grader.store import people

    now = datetime.datetime.now(datetime.UTC)
    with open_database() as database, database.begin() as session:
        people.revoke_token(session, require_person(session, user).id, number, now)
    print_line(f"token {number} of {user} is revoked.")
    return 0
