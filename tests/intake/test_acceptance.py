"""Which of the given files are taken for the wanted ones."""

from __future__ import annotations

import hashlib
import unicodedata

import pytest

from grader.errors import SubmissionRejected
from grader.intake import IntakeLimits, Upload, accept_uploads

CODE = b"x = 1\n"


def reject(uploads, wanted=("solution.py",), limits=None):
    with pytest.raises(SubmissionRejected) as caught:
        accept_uploads(uploads, wanted, limits)
    message = str(caught.value)
    assert "\n" not in message
    assert message.isprintable()
    return message


def test_a_python_file_is_one_chunk_without_label():
    taken = accept_uploads([Upload("solution.py", CODE)], ["solution.py"])
    [file] = taken.files
    assert ("solution.py", "x = 1\n") == (file.name, file.text)
    assert [""] == [chunk.label for chunk in file.chunks]
    assert hashlib.sha256(CODE).hexdigest() == file.digest
    assert () == taken.notes


@pytest.mark.parametrize("name", ["my homework.py", "Solution.PY", "answer.txt", "noext"])
def test_the_one_given_file_may_bear_any_name(name):
    taken = accept_uploads([Upload(name, CODE)], ["solution.py"])
    assert ["solution.py"] == [file.name for file in taken.files]


def test_the_folders_of_a_browsers_path_do_not_count():
    taken = accept_uploads([Upload("C:\\fakepath\\solution.py", CODE)], ["solution.py"])
    assert () == taken.notes


def test_the_only_source_in_an_archive_may_bear_any_name(pack):
    taken = accept_uploads([pack([("mine.py", CODE), ("notes.txt", b"hi")])], ["solution.py"])
    assert "x = 1\n" == taken.files[0].text
    assert any("mine.py is taken as solution.py" in note for note in taken.notes)


def test_files_come_in_the_assignments_order(pack):
    taken = accept_uploads([pack([("b.py", b"b"), ("a.py", b"a")])], ["a.py", "b.py"])
    assert [("a.py", "a"), ("b.py", "b")] == [(file.name, file.text) for file in taken.files]


def test_several_uploads_make_one_submission(pack):
    taken = accept_uploads([pack([("a.py", b"a")]), Upload("b.py", b"b")], ["a.py", "b.py"])
    assert ["a", "b"] == [file.text for file in taken.files]


def test_one_folder_around_everything_is_taken_off_with_a_note(pack):
    taken = accept_uploads(
        [pack([("hw1/solution.py", CODE), ("hw1/x/y.txt", b"")])], ["solution.py"]
    )
    assert any("folder hw1/" in note for note in taken.notes)
    assert any("ignored" in note and "x/y.txt" in note for note in taken.notes)


def test_clutter_is_ignored_without_a_note(pack):
    upload = pack(
        [
            ("solution.py", CODE),
            ("__MACOSX/._solution.py", b"\0\5"),
            (".DS_Store", b"\0"),
            (".ipynb_checkpoints/solution.py", b"old"),
        ]
    )
    taken = accept_uploads([upload], ["solution.py"])
    assert ("x = 1\n", ()) == (taken.files[0].text, taken.notes)


def test_clutter_does_not_count_as_members(pack):
    clutter = [(f".git/objects/{number}", b"") for number in range(300)]
    taken = accept_uploads([pack([("solution.py", CODE), *clutter])], ["solution.py"])
    assert "x = 1\n" == taken.files[0].text


def test_a_file_in_a_folder_with_its_own_name_is_found(pack):
    upload = pack([("a/model.py", b"1"), ("model.py", b"2")])
    taken = accept_uploads([upload], ["model.py", "a/model.py"])
    assert ["2", "1"] == [file.text for file in taken.files]


def test_two_candidates_are_refused(pack):
    message = reject([pack([("solution.py", CODE), ("old/solution.py", CODE)])])
    assert "2 candidates" in message
    assert "old/solution.py" in message


def test_a_file_and_its_notebook_are_two_candidates(make_notebook):
    assert "2 candidates" in reject([Upload("solution.py", CODE), make_notebook("x = 1")])


def test_the_same_name_twice_is_two_candidates():
    assert "2 candidates" in reject([Upload("solution.py", CODE), Upload("solution.py", CODE)])


def test_missing_files_are_all_named(pack):
    message = reject([pack([("b.py", CODE), ("z.py", CODE)])], ["a.py", "b.py", "c.py"])
    assert "a.py, c.py are missing" in message
    assert "z.py" in message


def test_nothing_at_all_is_refused():
    assert "no file" in reject([])


def test_an_empty_archive_is_refused(pack):
    assert "missing (found: no files)" in reject([pack([])])


@pytest.mark.parametrize("inner", ["solution.zip", "work.tar", "solution.7z"])
def test_an_archive_in_place_of_the_file_is_refused(pack, inner):
    assert f"only another archive, {inner}" in reject([pack([(inner, b"PK")])])


@pytest.mark.parametrize("name", ["hw.rar", "hw.tar.xz", "hw.7z", "hw.tar"])
def test_an_archive_of_another_kind_is_refused(name):
    assert "archive" in reject([Upload(name, b"x = 1")])


def test_too_much_is_refused():
    limits = IntakeLimits(source_bytes=10, packed_bytes=30)
    assert "larger than 10 bytes" in reject([Upload("solution.py", b"x" * 11)], limits=limits)
    two = [Upload("solution.py", b"x" * 9), Upload("extra.bin", b"x" * 22)]
    assert "larger than 30 bytes" in reject(two, limits=limits)


def test_a_source_of_exactly_the_limit_is_taken():
    taken = accept_uploads(
        [Upload("solution.py", b"x" * 10)], ["solution.py"], IntakeLimits(source_bytes=10)
    )
    assert "x" * 10 == taken.files[0].text


def test_a_file_that_does_not_parse_is_taken():
    taken = accept_uploads([Upload("solution.py", b"def f(:\n")], ["solution.py"])
    assert "def f(:\n" == taken.files[0].text


def test_the_digest_follows_the_code_and_not_the_packing(pack):
    plain = accept_uploads([Upload("solution.py", CODE)], ["solution.py"])
    packed = accept_uploads([pack([("hw/solution.py", CODE)])], ["solution.py"])
    other = accept_uploads([Upload("solution.py", b"x = 2\n")], ["solution.py"])
    assert plain.digest == packed.digest
    assert plain.digest != other.digest


def test_names_are_shown_without_control_characters():
    message = reject([Upload("a\x1b[31m\n.rar", b"")])
    assert "\x1b" not in message


def test_a_long_name_of_combining_characters_costs_no_time():
    name = "a" + "\u0323\u0301" * 200_000
    taken = accept_uploads([Upload(name, CODE)], ["solution.py"])
    assert all(len(note) < 200 for note in taken.notes)


def test_a_name_in_decomposed_form_is_the_same_name():
    taken = accept_uploads(
        [Upload(unicodedata.normalize("NFD", "lösung.py"), CODE), Upload("b.py", CODE)],
        ["lösung.py", "b.py"],
    )
    assert ["lösung.py", "b.py"] == [file.name for file in taken.files]
