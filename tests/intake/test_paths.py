"""The command line's files."""

from __future__ import annotations

import errno
import os
import socket
from pathlib import Path

import pytest

from grader.errors import SubmissionRejected
from grader.intake import IntakeLimits, Upload, read_paths


def reject(path, limits=None):
    with pytest.raises(SubmissionRejected) as caught:
        read_paths([path], limits)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_regular_files_are_read_under_their_last_name(tmp_path):
    (tmp_path / "a.py").write_bytes(b"x\r\n")
    assert (Upload("a.py", b"x\r\n"),) == read_paths([tmp_path / "a.py"])


def test_a_link_of_the_users_own_is_followed(tmp_path):
    (tmp_path / "a.py").write_bytes(b"x")
    (tmp_path / "b.py").symlink_to("a.py")
    assert (Upload("b.py", b"x"),) == read_paths([tmp_path / "b.py"])


def test_a_missing_file_is_named(tmp_path):
    message = reject(tmp_path / "nowhere.py")
    assert "nowhere.py: there is no such file" in message


def test_a_folder_is_refused(tmp_path):
    assert "this is a folder" in reject(tmp_path)


def test_a_pipe_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.py")
    assert "not a regular file" in reject(tmp_path / "pipe.py")


def test_a_device_is_refused():
    assert "not a regular file" in reject(Path("/dev/zero"))


def test_a_socket_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("s.py")
        assert "cannot be read" in reject(Path("s.py"))


def test_a_name_that_no_file_can_have_is_refused():
    assert "cannot be read" in reject(Path("a\0b"))
    assert "cannot be read" in reject(Path("a" * 5000))


def test_a_circle_of_links_is_refused(tmp_path):
    (tmp_path / "a.py").symlink_to("a.py")
    assert "cannot be read" in reject(tmp_path / "a.py")


def test_an_unreadable_file_is_refused(tmp_path, monkeypatch):
    def refuse_open(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "open", refuse_open)  # file modes do not stop root
    assert "Permission denied" in reject(tmp_path / "a.py")


def test_a_large_file_is_refused_before_it_is_read(tmp_path):
    with (tmp_path / "a.py").open("wb") as stream:
        stream.truncate(10**12)
    assert "larger than 5,242,880 bytes" in reject(tmp_path / "a.py")
    (tmp_path / "b.py").write_bytes(b"x" * 11)
    assert "larger than 10 bytes" in reject(tmp_path / "b.py", IntakeLimits(packed_bytes=10))
