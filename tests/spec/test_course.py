"""course.toml: what it says, and what is told of a wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import SpecError
from grader.spec import CourseSpec, find_course_errors, find_spec_errors, load_course

COURSE = """\
slug = "ml-2026"
title = "Machine Learning"
term = "Fall 2026"
timezone = "America/New_York"
slip_days = 4
assignments = ["svm", "backprop"]
"""

MINIMAL = 'slug = "ml"\ntitle = "ML"\ntimezone = "UTC"\n'


@pytest.fixture
def write_course(tmp_path: Path, smallest: str):
    """Write a course with two assignments, `policies` by their slugs."""

    def write(text: str = COURSE, **policies: str) -> Path:
        (tmp_path / "course.toml").write_text(text, encoding="utf-8")
        for slug in ("backprop", "svm"):
            folder = tmp_path / slug
            folder.mkdir()
            spec = smallest.replace("[[checks]]", policies.get(slug, "") + "\n[[checks]]", 1)
            (folder / "assignment.toml").write_text(spec, encoding="utf-8")
            (folder / "solution.py").write_text("def add(a, b):\n    return a + b\n")
        return tmp_path

    return write


def test_a_course_is_what_its_file_says(write_course) -> None:
    folder = write_course()

    expected = CourseSpec.model_validate(
        {
            "slug": "ml-2026",
            "title": "Machine Learning",
            "term": "Fall 2026",
            "timezone": "America/New_York",
            "slip_days": 4,
            "assignments": ("svm", "backprop"),
        }
    )
    assert expected == load_course(folder)
    assert expected == load_course(folder / "course.toml")


def test_a_course_that_names_no_assignments_has_all_beside_it(write_course) -> None:
    course = load_course(write_course(MINIMAL))

    assert ("backprop", "svm") == course.assignments
    assert ("", 0, "UTC") == (course.term, course.slip_days, course.time_zone)


def test_a_course_may_have_no_assignment_yet(tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text(MINIMAL)

    assert () == load_course(tmp_path).assignments


def changed(line: str) -> str:
    """Return the course with the line of the same key replaced, or with the line added."""
    key = line.partition(" ")[0]
    lines = COURSE.splitlines()
    kept = [line if known.startswith(f"{key} ") else known for known in lines]
    return "\n".join(kept if line in kept else [*kept, line])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('slug = "ml 2026"', "1: slug: 'ml 2026' cannot be part of an address; use at most 64"),
        ('slug = "' + "m" * 65 + '"', "1: slug: 'mmm"),
        ("title = 3", "2: title: must be a string, not the number 3; put it in quotes"),
        ('title = " "', "2: title: is empty; write a text"),
        ('title = "' + "x" * 201 + '"', "2: title: is longer than 200 characters; shorten it"),
        ('timezone = "new york"', "4: timezone: 'new york' is not a time zone; did you mean "
         "`America/New_York`?"),
        ('timezone = "Europe/Berlim"', "4: timezone: 'Europe/Berlim' is not a time zone; did you "
         "mean `Europe/Berlin`?"),
        ('timezone = "EDT"', "4: timezone: 'EDT' is not a time zone; "),
        ('timezone = "../../etc/passwd"', "4: timezone: '../../etc/passwd' is not a time zone; "),
        ('timezone = "localtime"', "4: timezone: 'localtime' is not a time zone; "),
        ("slip_days = -1", "5: slip_days: must be at least 0, not -1"),
        ("slip_days = true", "5: slip_days: must be a whole number, not the boolean true"),
        ('assignments = ["svm", "../svm"]', "6: assignments[1]: '../svm' is not the name of a "
         "folder beside course.toml"),
        ('assignments = ["svm", "backprob"]', "6: assignments[1]: there is no "
         "backprob/assignment.toml beside this file; did you mean `backprop`?"),
        ('assignments = ["svm", "svm"]', "6: assignments[1]: 'svm' stands here twice"),
        ("slipdays = 3", "7: slipdays: unknown key; did you mean `slip_days`?"),
        ('time_zone = "UTC"', "7: time_zone: unknown key; did you mean `timezone`?"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_told_with_its_line_and_key(write_course, line, expected) -> None:
    folder = write_course(changed(line))

    with pytest.raises(SpecError) as raised:
        load_course(folder)
    assert str(raised.value).startswith(f"{folder / 'course.toml'}:{expected}")
    assert "\n" not in str(raised.value)


def test_all_that_is_wrong_is_told_in_the_order_of_the_file(write_course) -> None:
    folder = write_course('slug = ""\ntitel = "x"\nslip_days = "4"\n')

    keys = [(error.line, error.key) for error in find_course_errors(folder)]

    assert [(1, "slug"), (1, "timezone"), (2, "titel"), (3, "slip_days")] == keys


def test_what_is_no_toml_or_not_there_is_told_in_one_line(write_course, tmp_path: Path) -> None:
    folder = write_course("slug = \n")

    assert [1] == [error.line for error in find_course_errors(folder)]
    (missing,) = find_course_errors(tmp_path / "svm")
    assert str(missing).endswith("name a folder with course.toml")
    (not_text,) = find_course_errors(_write(tmp_path / "course.toml", b"slug = '\xff'"))
    assert "is not UTF-8" in str(not_text)


def _write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_dates_must_have_the_offset_of_the_course_on_that_day(write_course) -> None:
    policy = "[policy]\nopens_at = 2026-10-26T09:00:00-04:00\ndue_at = 2026-11-02T23:59:00-04:00"
    folder = write_course(svm=policy)

    assert () == find_spec_errors(folder / "svm")
    (error,) = find_course_errors(folder)
    assert (
        f"{folder / 'svm' / 'assignment.toml'}:4: policy.due_at: its offset is not that of "
        "America/New_York on that day; write 2026-11-02T23:59:00-05:00"
    ) == str(error)
    assert [str(error)] == [
        str(each) for each in find_spec_errors(folder / "svm", time_zone="America/New_York")
    ]


def test_errors_of_assignments_are_told_with_their_files(write_course) -> None:
    folder = write_course(COURSE, svm="pakage = 'x'", backprop="[policy]\ndue = 3")

    files = [(error.file.parent.name, error.key) for error in find_course_errors(folder)]

    assert [("svm", "pakage"), ("backprop", "policy.due")] == files
