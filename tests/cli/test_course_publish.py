"""`grader course publish`: a whole course in one command, and again where something has changed."""

from __future__ import annotations

import shutil

import pytest

from grader.settings import load_settings
from grader.store import Database, courses, offerings

TOML = """\
slug = "ml-2027"
title = "Machine learning"
timezone = "Europe/Berlin"
slip_days = 2
starts_on = 2027-01-11

[policy]
late = {per_day = 0.1, days = 3}

[schedule]
other = {opens = "week 2 Mon 09:00", due = "week 3 Sun 23:59"}
small = {opens = "week 1 Mon 09:00", due = "week 1 Sun 23:59"}
"""


@pytest.fixture
def pack(tmp_path, small, tier_or_reason, require):
    """A folder with two assignments and their course.toml."""
    require(not tier_or_reason.startswith("no tier"), tier_or_reason)
    folder = tmp_path / "pack"
    shutil.copytree(small, folder / "small")
    shutil.copytree(small, folder / "other")
    (folder / "course.toml").write_text(TOML)
    return folder


def published():
    """The policies and the digests of what is published, by the names of assignments."""
    database = Database.from_settings(load_settings())
    with database.read() as session:
        course = courses.find_course(session, "ml-2027")
        assert course is not None
        found = offerings.list_offerings(session, course.id, published_only=True)
        told = {
            one.slug: (
                one.due_at,
                one.policy,
                one.published_version and one.published_version.digest,
            )
            for one in found
        }
    database.dispose()
    return told


def test_a_course_is_published_with_the_dates_of_its_term(call, pack):
    shown = call("course", "publish", pack).stdout.splitlines()
    assert ["assignment", "opens", "due"] == shown[0].split()
    assert "small" in shown[1]
    assert "Mon 11 Jan 2027, 09:00 CET  Sun 17 Jan 2027, 23:59 CET" in shown[1]
    assert "Mon 18 Jan 2027, 09:00 CET  Sun 31 Jan 2027, 23:59 CET" in shown[2]
    assert "2 of 2 are published in ml-2027." == shown[3]
    assert all(
        {"per_day": 0.1, "days": 3} == policy["late"] for _, policy, _ in published().values()
    )


def test_again_it_moves_dates_and_proves_only_what_has_changed(call, pack):
    call("course", "publish", pack)
    before = published()
    text = (pack / "other" / "assignment.toml").read_text()
    (pack / "other" / "assignment.toml").write_text(text.replace("points = 2", "points = 5"))
    ran = call("course", "publish", pack / "course.toml", "--starts-on", "2027-09-06")
    assert "proving other, 1 of 2" in ran.stderr
    assert "proving small" not in ran.stderr
    after = published()
    assert before["small"][2] == after["small"][2]
    assert before["other"][2] != after["other"][2]
    assert "2027-09-12T21:59:00+00:00" == after["small"][0].isoformat()


def test_what_does_not_hold_is_told_and_keeps_nobody_else_from_being_published(call, pack):
    (pack / "other" / "starter.py").write_text((pack / "other" / "solution.py").read_text())
    shown = call("course", "publish", pack, status=1).stdout
    assert "other does not hold what it claims and is not published." in shown
    assert "1 of 2 are published in ml-2027." in shown
    assert ["small"] == list(published())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--starts-on", "2027-01-12"), "2027-01-12: is a Tuesday, and week 1 begins on a Monday"),
        (("--starts-on", "next week"), "'next week' is not a date; write for example 2027-01-11"),
        (("--starts-on", "0001-01-01"), "the year 1 is not between"),
    ],
)
def test_a_start_that_is_none_is_one_line_and_nothing_is_added(
    call, refused, pack, arguments, said
):
    refused(call("course", "publish", pack, *arguments, status=None), said)
    assert "There is no course yet" in call("course", "list").stdout


def test_a_term_without_a_schedule_cannot_be_moved(call, refused, pack):
    (pack / "course.toml").write_text(TOML.split("[schedule]")[0])
    refused(
        call("course", "publish", pack, "--starts-on", "2027-01-11", status=None),
        "this course has none",
    )


def test_a_course_of_another_time_zone_is_left_alone(call, refused, pack):
    call("course", "add", "ml-2027", "--timezone", "UTC")
    refused(call("course", "publish", pack, status=None), "its dates are in UTC")
