"""`grader assignment handout`: writes the zip, and says what is in it."""

from __future__ import annotations

import zipfile

import pytest


@pytest.fixture
def handout(call, tier_or_reason, require, tmp_path):
    """A function that writes a handout to a file of the test's."""
    require(not tier_or_reason.startswith("no tier"), tier_or_reason)
    place = tmp_path / "out.zip"

    def write(folder, *options, status=0):
        return place, call("assignment", "handout", folder, "-o", place, *options, status=status)

    return write


def test_it_says_what_students_get(handout, small):
    place, ended = handout(small)
    lines = ended.stdout.splitlines()
    assert lines[0].startswith(f"{place}: ")
    assert lines[0].endswith("check.py")
    assert lines[1].startswith("judged by check.py: ")
    with zipfile.ZipFile(place) as packed:
        assert "small/check.py" in packed.namelist()


def test_a_students_own_numbers_are_in_it(handout, small):
    toml = (small / "assignment.toml").read_text()
    (small / "assignment.toml").write_text(toml.replace("points = 2", 'points = 2\nseed="student"'))
    contents = []
    for student in ("17", "17", "18"):
        place, _ = handout(small, "--student", student)
        contents.append(place.read_bytes())
    assert contents[0] == contents[1]
    assert contents[0] != contents[2]


def test_a_folder_in_the_place_of_a_file_is_one_line(call, small, tmp_path, refused):
    ended = call("assignment", "handout", small, "-o", tmp_path, status=None)
    refused(ended, "is a folder", ".zip")


def test_a_file_with_a_name_of_the_checks_own_is_one_line(handout, small, refused):
    toml = (small / "assignment.toml").read_text()
    (small / "assignment.toml").write_text(f'support = ["check.py"]\n{toml}')
    (small / "check.py").write_text("x = 1\n")
    refused(handout(small, status=None)[1], "is the name of a file that every handout has")
