"""An uploaded folder is read as it is on disk, or everything wrong with it is told."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from grader.spec import load_assignment
from grader.spec.archive import pack_folder
from grader.web.author.folders import InvalidSlug, check_slug, read_folder

PACK = Path(__file__).parents[2] / "assignments" / "mlp-backprop"
TOML = 'title = "Sum"\n[[checks]]\nid = "a"\nkind = "output"\nrun = "a = f()"\ncompare = ["a"]\n'
FILES = {"assignment.toml": TOML, "solution.py": "def f():\n    return 1\n"}


def pack(files=FILES, folder=""):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in files.items():
            archive.writestr(folder + name, text)
    return stream.getvalue()


def find_errors(files, zone="America/New_York", name="hw1.zip"):
    with pytest.raises(ExceptionGroup) as caught:
        read_folder(pack(files), name, time_zone=zone)
    return caught.value.exceptions


def test_a_folder_is_read_and_packed_as_it_is_on_disk():
    uploaded = read_folder(pack_folder(PACK), "mlp-backprop.zip", time_zone="UTC")
    assert load_assignment(PACK).digest == uploaded.assignment.digest
    assert pack_folder(PACK) == uploaded.archive
    assert "mlp-backprop" == uploaded.assignment.slug


@pytest.mark.parametrize(
    ("folder", "name", "typed", "slug"),
    [
        ("hw1/", "download.zip", "", "hw1"),
        ("", "hw2.zip", "", "hw2"),
        ("", "hw2.tar.zip", "", "hw2.tar"),
        ("hw1/", "hw2.zip", "hw3", "hw3"),
        ("", "C:\\fakepath\\hw2.zip", "hw2", "hw2"),
    ],
)
def test_the_short_name_is_what_was_typed_or_the_folders_or_the_archives(folder, name, typed, slug):
    uploaded = read_folder(pack(folder=folder), name, slug=typed, time_zone="UTC")
    assert slug == uploaded.assignment.slug


@pytest.mark.parametrize(
    "slug", ["author", "people", "a b", "../x", "-x", ".x", "é", "x" * 65, "<b>", "a/b"]
)
def test_a_short_name_that_cannot_stand_in_an_address_is_refused(slug):
    with pytest.raises(InvalidSlug):
        check_slug(slug)


def test_what_is_no_archive_is_told_with_its_name():
    (error,) = find_errors({}, name="hw1.zip")
    assert "hw1.zip: holds no files; pack the assignment's folder" == str(error)


def test_all_errors_of_the_folder_are_told_with_file_line_key_and_remedy():
    broken = TOML.replace("title", "titel").replace('"output"', '"ouput"')
    errors = find_errors({**FILES, "assignment.toml": broken})
    told = [(str(error.file), error.line, error.key) for error in errors]
    assert [("assignment.toml", 1, "titel"), ("assignment.toml", 4, "checks.a.kind")] == told
    assert all(error.remedy for error in errors)


def test_a_toml_that_does_not_parse_is_told_with_its_line():
    (error,) = find_errors({**FILES, "assignment.toml": 'title = "Sum"\nfiles = [\n'})
    assert ("assignment.toml", 3) == (str(error.file), error.line)


@pytest.mark.parametrize(
    ("name", "text", "file"),
    [
        ("solution.py", None, "solution.py"),
        ("assignment.toml", None, "assignment.toml"),
        ("submissions/wrong.py", "def f():\n    return 2\n", "submissions/wrong.py"),
        ("submissions/passed/right.py", "# fails: a\n", "submissions/passed/right.py"),
    ],
)
def test_no_error_names_a_folder_of_this_machine(name, text, file):
    files = {key: value for key, value in {**FILES, name: text}.items() if value is not None}
    (error,) = find_errors(files)
    assert file == str(error.file)


def test_a_date_that_is_not_in_the_courses_time_zone_is_told():
    dated = TOML.replace("[[", "[policy]\ndue_at = 2026-10-14T23:59:00+02:00\n[[", 1)
    (error,) = find_errors({**FILES, "assignment.toml": dated})
    assert ("assignment.toml", 3, "policy.due_at") == (str(error.file), error.line, error.key)
    read_folder(pack({**FILES, "assignment.toml": dated}), "hw.zip", time_zone="Europe/Berlin")


def test_nothing_of_an_upload_stays_on_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    read_folder(pack(), "hw1.zip", time_zone="UTC")
    find_errors({**FILES, "assignment.toml": ""})
    assert [] == list(tmp_path.iterdir())
