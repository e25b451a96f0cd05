"""`grader user`: people are added, listed, given other passwords, and let in no more."""

from __future__ import annotations

import json
import shutil

import pytest

from grader.credentials import check_password
from grader.settings import load_settings
from grader.store import Database, people


@pytest.fixture
def find(call):
    """A function that returns how somebody signs in, from the database."""
    del call  # sets the environment that the settings are read from

    def find(name: str):
        database = Database.from_settings(load_settings())
        with database.read() as session:
            identity = people.find_local_identity(session, name)
        database.dispose()
        return identity

    return find


def password_in(stdout: str) -> str:
    return stdout.rpartition(": ")[2].strip()


def test_the_password_that_is_printed_once_is_the_one_that_signs_in(call, find):
    shown = call("user", "add", "Ada", "--name", "Ada", "--email", "ada@example.org").stdout
    assert "Ada is added.\n" in shown
    assert check_password(find("ada").secret_hash, password_in(shown))
    assert password_in(shown) not in call("user", "list", "--json").stdout


def test_a_password_on_stdin_is_taken_and_not_printed(call, find):
    shown = call("user", "add", "ada", "--password-stdin", stdin="correct horse\n")
    assert check_password(find("ada").secret_hash, "correct horse")
    assert "correct horse" not in shown.stdout + shown.stderr


def test_a_list_shows_roles_and_who_is_disabled(call):
    call("user", "add", "grace", "--name", "Grace", "--admin")
    call("user", "add", "ada", "--email", "ada@example.org")
    call("user", "disable", "ada")
    told = {one["user"]: one for one in json.loads(call("user", "list", "--json").stdout)}
    assert ("admin", None) == (told["grace"]["role"], told["grace"]["disabled_at"])
    assert ("ada@example.org", None) == (told["ada"]["email"], told["ada"]["role"])
    assert told["ada"]["disabled_at"]
    lines = call("user", "list").stdout.splitlines()
    assert ["ada    ada    ada@example.org  -      disabled"] == [x for x in lines if "ada" in x]


def test_another_password_takes_the_place_of_the_old_one(call, find):
    old = password_in(call("user", "add", "ada").stdout)
    new = password_in(call("user", "password", "ada").stdout)
    assert old != new
    assert check_password(find("ada").secret_hash, new)
    assert not check_password(find("ada").secret_hash, old)


def test_who_is_disabled_cannot_sign_in_until_enabled(call, find):
    call("user", "add", "ada")
    call("user", "disable", "ada")
    assert find("ada") is None
    call("user", "enable", "ADA")
    assert find("ada") is not None


@pytest.mark.parametrize(
    ("arguments", "stdin", "said"),
    [
        (("add", "ada"), "", "the sign-in name ada is taken"),
        (("add", "a b"), "", "is not a sign-in name"),
        (("add", "carl", "--email", "nowhere"), "", "is not an e-mail address"),
        (("add", "carl", "--password-stdin"), "short\n", "fewer than 8 characters"),
        (("add", "carl", "--password-stdin"), "", "fewer than 8 characters"),
        (("add", "carl", "--name", "x" * 300), "", "is not a name"),
        (("password", "nobody"), "", "nobody signs in as 'nobody'"),
        (("disable", "nobody"), "", "nobody signs in as 'nobody'"),
        (("enable", "nobody"), "", "nobody"),
        (("disable", "\x1b[2Jada"), "", "\u241b[2Jada"),
    ],
)
def test_a_mistake_is_one_line_and_changes_nothing(call, refused, arguments, stdin, said):
    call("user", "add", "ada")
    before = call("user", "list", "--json").stdout
    refused(call("user", *arguments, stdin=stdin, status=None), said)
    assert before == call("user", "list", "--json").stdout


def test_a_data_folder_that_cannot_be_made_is_status_3(call, refused, data_dir):
    shutil.rmtree(data_dir)
    data_dir.write_text("a file, not a folder")
    refused(call("user", "list", status=None), "set GRADER_DATA_DIR", status=3)


def test_a_database_that_is_newer_is_status_3(call, refused, data_dir):
    import sqlite3

    call("user", "add", "ada")
    connection = sqlite3.connect(data_dir / "grader.db")
    with connection:
        connection.execute("UPDATE alembic_version SET version_num = 'from the future'")
    connection.close()
    refused(call("user", "list", status=None), "install a newer grader", status=3)
    refused(call("db", "upgrade", status=None), "install a newer grader", status=3)


def test_the_first_command_makes_the_database_for_its_user_alone(call, data_dir):
    shutil.rmtree(data_dir)
    call("user", "add", "ada")
    assert "ada" in call("user", "list").stdout
    assert 0o700 == data_dir.stat().st_mode & 0o777


def test_db_upgrade_makes_the_tables_and_may_be_repeated(call, data_dir):
    shutil.rmtree(data_dir)
    assert "schema of this version" in call("db", "upgrade").stdout
    assert (data_dir / "grader.db").exists()
    call("db", "upgrade")
