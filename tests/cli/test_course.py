"""`grader course`: courses from options and files, and who is in them."""

from __future__ import annotations

import json

import pytest

TOML = """\
slug = "ml-2026"
title = "Machine learning"
term = "Fall 2026"
timezone = "America/New_York"
slip_days = 4
"""


@pytest.fixture
def course(call):
    """The slug of a course in which ada is."""
    call("course", "add", "ml-2026", "--title", "Machine learning", "--timezone", "Europe/Berlin")
    call("user", "add", "ada", "--name", "Ada")
    call("course", "enrol", "ml-2026", "ada", "--section", "A")
    return "ml-2026"


def roster(call, *arguments: object):
    return json.loads(call("course", "roster", "ml-2026", *arguments, "--json").stdout)


def test_a_course_comes_from_a_file_and_an_option_wins_over_it(call, tmp_path):
    (tmp_path / "course.toml").write_text(TOML)
    call("course", "add", "--from", tmp_path / "course.toml", "--term", "Spring 2027")
    assert [
        {
            "course": "ml-2026",
            "title": "Machine learning",
            "term": "Spring 2027",
            "timezone": "America/New_York",
            "slip_days": 4,
            "people": 0,
        }
    ] == json.loads(call("course", "list", "--json").stdout)


@pytest.mark.usefixtures("small")
def test_a_file_that_names_assignments_brings_the_command_to_publish_them(call, tmp_path):
    (tmp_path / "course.toml").write_text(TOML)
    shown = call("course", "add", "--from", tmp_path).stdout
    assert f"not published yet: grader course publish {tmp_path}\n" in shown


def test_enrolling_again_changes_the_role_and_unenrolling_takes_out(call, course):
    assert [("ada", "student", "A")] == [(x["user"], x["role"], x["section"]) for x in roster(call)]
    call("course", "enrol", course, "ada", "--role", "ta")
    assert ["ta"] == [one["role"] for one in roster(call)]
    call("course", "unenrol", course, "ada")
    assert [] == roster(call)


@pytest.mark.usefixtures("course")
def test_a_table_enrols_a_class_and_tells_new_passwords_once(call, tmp_path):
    table = tmp_path / "class.csv"
    table.write_bytes(
        "\ufeffUsername;Name;Email;Role;Section;Team\r\n"
        "ada;;;ta;\r\n"
        "blaise;Blaise;blaise@example.org;;B;x\r\n".encode()
    )
    told = {one["user"]: one for one in roster(call, "--csv", table)}
    assert ("ta", "A") == (told["ada"]["role"], told["ada"]["section"])
    assert "password" not in told["ada"]
    blaise = told["blaise"]
    assert len(blaise.pop("password")) >= 12
    assert {
        "user": "blaise",
        "name": "Blaise",
        "email": "blaise@example.org",
        "role": "student",
        "section": "B",
    } == blaise
    assert all("password" not in one for one in roster(call, "--csv", table))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,email\nAda,\n", "class.csv:1: there is no column `username`"),
        ("", "there is no column `username`"),
        ("username,role\nblaise,\ncarl,wizard\n", "class.csv:3: there is no role 'wizard'"),
        ("username,role\nblaise,admin\n", "class.csv:2: nobody is an administrator of one course"),
        ("username,name\nblaise,\n,Carl\n", "class.csv:3: there is no username"),
        ("username,email\nblaise,\ncarl,nowhere\n", "class.csv:3: 'nowhere' is not an e-mail"),
        ("username\nblaise\nBlaise\n", "Blaise stands in it twice"),
        ("username\nblaise\ncarl x\n", "class.csv:3: 'carl x' is not a sign-in name"),
        (b"username\n\xff\n", "is not in UTF-8"),
    ],
)
def test_a_table_with_a_mistake_names_the_line_and_enrols_nobody(
    call, course, refused, tmp_path, text, said
):
    table = tmp_path / "class.csv"
    table.write_bytes(text if isinstance(text, bytes) else text.encode())
    refused(call("course", "roster", course, "--csv", table, status=None), said)
    assert ["ada"] == [one["user"] for one in roster(call)]
    assert ["ada"] == [one["user"] for one in json.loads(call("user", "list", "--json").stdout)]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "ml-2026"), "there is a course ml-2026"),
        (("add",), "a course needs a slug"),
        (("add", "x", "--timezone", "Mars/Olympus"), "is not a time zone"),
        (("add", "a/b"), "cannot be part of an address"),
        (("add", "--from", "/nowhere/course.toml"), "No such file"),
        (("enrol", "ml-2026", "nobody"), "nobody signs in as 'nobody'"),
        (("enrol", "nowhere", "ada"), "there is no course 'nowhere'"),
        (("enrol", "ml-2026", "ada", "--role", "wizard"), "there is no role 'wizard'"),
        (("enrol", "ml-2026", "ada", "--role", "admin"), "grader user add NAME --admin"),
        (("unenrol", "ml-2026", "grace"), "not enrolled"),
        (("roster", "nowhere"), "there is no course"),
        (("roster", "ml-2026", "--csv", "/nowhere.csv"), "No such file"),
    ],
)
@pytest.mark.usefixtures("course")
def test_a_mistake_is_one_line_and_changes_nothing(call, refused, arguments, said):
    call("user", "add", "grace")
    before = roster(call)
    refused(call("course", *arguments, status=None), said)
    assert before == roster(call)
    assert 1 == len(json.loads(call("course", "list", "--json").stdout))
