"""`grader token` on the server: shown once, kept as a digest, revoked at once."""

from __future__ import annotations

import json

import pytest

from grader.credentials import digest_token
from grader.settings import load_settings
from grader.store import Database, people
from tests.queue.scene import now


@pytest.fixture
def owner(call):
    """A function that tells whose token this is, by the database."""
    call("user", "add", "ada", "--name", "Ada")

    def owner(token: str) -> str | None:
        database = Database.from_settings(load_settings())
        with database.read() as session:
            found = people.find_token(session, digest_token(token), now())
            name = found.person.name if found else None
        database.dispose()
        return name

    return owner


def test_a_new_token_is_alone_on_stdout_and_opens_until_it_is_revoked(call, owner):
    token = call("token", "new", "ada", "--label", "laptop", "--days", 30).stdout.strip()
    assert "Ada" == owner(token)
    [told] = json.loads(call("token", "list", "ada", "--json").stdout)
    assert "laptop" == told["label"]
    assert told["expires_at"] > told["created_at"]
    assert token not in call("token", "list", "ada").stdout
    call("token", "revoke", "ada", told["number"])
    assert owner(token) is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("new", "nobody", "--label", "x"), "nobody signs in as"),
        (("new", "ada", "--label", "  "), "a label has from 1 to 100 characters"),
        (("new", "ada", "--label", "x", "--days", 10**9), "there is no date"),
        (("new", "ada"), "Missing option"),
        (("revoke", "ada", 99), "there is no such token"),
        (("list", "nobody"), "nobody signs in as"),
    ],
)
@pytest.mark.usefixtures("owner")
def test_a_mistake_is_one_line(call, refused, arguments, said):
    refused(call("token", *arguments, status=None), said)


def test_nobody_revokes_a_token_of_somebody_else(call, owner, refused):
    call("user", "add", "blaise")
    token = call("token", "new", "ada", "--label", "laptop").stdout.strip()
    [told] = json.loads(call("token", "list", "ada", "--json").stdout)
    refused(call("token", "revoke", "blaise", told["number"], status=None), "no such token")
    assert "Ada" == owner(token)
