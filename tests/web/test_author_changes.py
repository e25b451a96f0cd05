"""Publishing says what changes: nothing is left out, and nothing is said that stays."""

from __future__ import annotations

import io
import zipfile
from zoneinfo import ZoneInfo

import pytest

from grader.spec import read_policy
from grader.web.author.changes import Change, compare_archives, compare_policies

TOML = """\
title = "Sum"
[policy]
due_at = 2026-10-14T23:59:00-04:00
[inputs.batch]
x = {normal = [3]}
[[checks]]
id = "total"
title = "adds"
kind = "output"
inputs = "batch"
run = "total = add(x)"
compare = ["total"]
points = 2
[[checks]]
id = "empty"
kind = "output"
run = "total = add([])"
compare = ["total"]
"""
FILES = {
    "assignment.toml": TOML,
    "solution.py": "a",
    "README.md": "Hello",
    "starter.py": "s",
    "submissions/a.py": "a",
}
ZONE = ZoneInfo("America/New_York")


def pack(**changed):
    files = {**FILES, **{name.replace("__", "."): text for name, text in changed.items()}}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in files.items():
            if text is not None:
                archive.writestr(name, text)
    return stream.getvalue()


def compare(**changed):
    return list(compare_archives(pack(), pack(**changed)))


def edit(before, after):
    assert before in TOML
    return compare(assignment__toml=TOML.replace(before, after, 1))


def test_the_same_folder_changes_nothing():
    assert [] == compare()


def test_dates_comments_and_known_submissions_change_no_version():
    assert [] == edit("2026-10-14", "2026-10-15")
    assert [] == edit("[policy]", "# moved\n[policy]")
    assert [] == compare(**{"submissions/a.py": "b", "submissions/b.py": "b"})
    assert [] == compare(README__md=None)  # it belongs to the offering, which compares it


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ('"Sum"', '"Total"', [Change("Title", "Sum", "Total")]),
        (
            "points = 2",
            "points = 2.5",
            [
                Change("Points in all", "3", "3.5"),
                Change("Check total", "2 points, visible always", "2.5 points, visible always"),
            ],
        ),
        (
            "points = 2",
            'points = 2\nvisible = "after_due"',
            [Change("Check total", "2 points, visible always", "2 points, visible after due")],
        ),
        ('title = "adds"\n', "", [Change("Check total: title", "adds", "total")]),
        (
            'run = "total = add(x)"',
            'run = "total = add(x, x)"',
            [Change("Check total", "as published", "judged in another way")],
        ),
        ("normal = [3]", "normal = [4]", [Change("Inputs", "—", "drawn in another way: batch")]),
        (
            'id = "empty"',
            'id = "nothing"',
            [
                Change("Check nothing", "—", "1 point, visible always"),
                Change("Check empty", "1 point, visible always", "—"),
            ],
        ),
        (
            'title = "Sum"',
            'title = "Sum"\nallow = ["*"]',
            [Change("Allow", "as published", "changed")],
        ),
    ],
)
def test_each_change_of_what_is_asked_is_named(before, after, changes):
    assert changes == edit(before, after)


@pytest.mark.parametrize(
    ("files", "change"),
    [
        ({"solution__py": "b"}, Change("File solution.py", "as published", "changed")),
        ({"cases__py": "b"}, Change("File cases.py", "—", "new")),
        ({"starter__py": None}, Change("File starter.py", "as published", "removed")),
    ],
)
def test_each_file_that_changes_is_named(files, change):
    assert [change] == compare(**files)


def test_policies_are_compared_in_the_courses_time():
    published = read_policy({"due_at": "2026-10-14T23:59:00-04:00", "late": {"per_day": 0.1}})
    draft = read_policy({"due_at": "2026-10-16T03:59:00Z", "late": {"per_day": 0.1}})
    due, late = compare_policies(published, draft, ZONE)
    assert Change("Due", "Wed 14 Oct 2026, 23:59 EDT", "Thu 15 Oct 2026, 23:59 EDT") == due
    assert "Late work" == late.what  # the last date that is accepted moves along
    same = read_policy({"due_at": "2026-10-15T03:59:00Z", "late": {"per_day": 0.1}})
    assert () == compare_policies(published, same, ZONE)
