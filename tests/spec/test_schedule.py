"""A schedule tells dates in weeks of a term, and a term is moved by its first Monday."""

from __future__ import annotations

import datetime

import pytest

from grader.errors import SpecError
from grader.spec import find_course_errors, load_course
from grader.spec.policy import Policy

HEAD = """\
slug = "ml"
title = "Machine learning"
timezone = "America/New_York"
starts_on = 2027-03-08
"""
TAIL = """
[policy]
late = {per_day = 0.1, days = 3}
counts = "last"

[schedule]
svm = {opens = "week 1 Mon 09:00", due = "week 1 Sun 23:59"}
"""


@pytest.fixture
def write(tmp_path, smallest):
    """Write a course with one assignment, whose policy may say something itself."""

    def write(text=HEAD + TAIL, own=""):
        (tmp_path / "course.toml").write_text(text)
        folder = tmp_path / "svm"
        folder.mkdir(exist_ok=True)
        spec = smallest.replace("[[checks]]", f"{own}\n[[checks]]", 1)
        (folder / "assignment.toml").write_text(spec)
        (folder / "solution.py").write_text("def add(a, b):\n    return a + b\n")
        return tmp_path

    return write


def test_a_week_is_counted_from_the_first_monday_and_the_clock_is_the_courses(write):
    policy = load_course(write()).policy_of("svm", Policy())
    assert policy.opens_at is not None
    assert policy.due_at is not None
    assert "2027-03-08T09:00:00-05:00" == policy.opens_at.isoformat()
    # daylight-saving time has begun in the night before
    assert "2027-03-14T23:59:00-04:00" == policy.due_at.isoformat()


def test_another_monday_moves_the_whole_term(write):
    course = load_course(write())
    policy = course.policy_of("svm", Policy(), datetime.date(2027, 9, 6))
    assert policy.due_at is not None
    assert "2027-09-12T23:59:00-04:00" == policy.due_at.isoformat()


def test_what_an_assignment_says_of_its_policy_goes_before_what_the_course_says(write):
    course = load_course(write())
    own = Policy.model_validate({"counts": "best", "due_at": datetime.datetime.now(datetime.UTC)})
    policy = course.policy_of("svm", own)
    assert "best" == policy.counts
    assert 0.1 == policy.late.per_day
    assert policy.due_at is not None
    assert datetime.date(2027, 3, 14) == policy.due_at.date()
    assert "last" == course.policy_of("svm", Policy()).counts


def test_an_assignment_without_a_line_keeps_the_dates_of_its_own_file(write):
    text = (HEAD + TAIL).split("[schedule]")[0]
    due = datetime.datetime(2027, 5, 1, tzinfo=datetime.UTC)
    assert due == load_course(write(text)).policy_of("svm", Policy(due_at=due)).due_at


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2027-03-08", "2027-03-10", "4: starts_on: is a Wednesday, and week 1 begins on a Monday; "
         "write 2027-03-08"),
        ("starts_on = 2027-03-08\n", "", "schedule: weeks are counted from a Monday; add"),
        ('"week 1 Sun 23:59"', '"week 1 Mon 09:00"', "schedule.svm.due: is not after `opens`"),
        ('"week 1 Sun 23:59"', '"Sunday"', "schedule.svm.due: is not a moment of a term; write"),
        ('"week 1 Sun 23:59"', '"week 1 Sunday 23:59"', "'Sunday' is not a day; write one of Mon"),
        ('"week 1 Sun 23:59"', '"week 0 Sun 23:59"', "there is no week 0; weeks are counted from"),
        ('"week 1 Sun 23:59"', '"week 1 Sun 24:00"', "24:00 is no time of a day"),
        ('"week 1 Sun 23:59"', "7", "is not a moment of a term"),
        ("svm = {", "svn = {", "schedule.svn: the course has no assignment 'svn'; did you mean "
         "`svm`?"),
        ('counts = "last"', "due_at = 2027-03-14T23:59:00-04:00", "policy.due_at: is one date for "
         "all assignments; use [schedule]"),
        ('counts = "last"', 'count = "last"', "policy.count: unknown key; did you mean `counts`?"),
    ],
)  # fmt: skip
def test_a_wrong_schedule_is_told_with_its_line_and_key(write, old, new, said):
    text = HEAD + TAIL
    assert old in text
    folder = write(text.replace(old, new))
    errors = [str(error) for error in find_course_errors(folder)]
    assert any(said in error for error in errors), errors
    with pytest.raises(SpecError):
        load_course(folder)
