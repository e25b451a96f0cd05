"""Ports that are taken, addresses that are not ours, and a data folder that somebody has."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from grader.errors import ConfigurationError, Conflict, UsageError
from grader.service import find_port
from grader.service.lock import hold
from grader.service.ports import listen
from grader.service.preparation import make_data_dir
from grader.settings import Settings


@pytest.fixture
def taken():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_free_port_is_found_after_a_taken_one(taken):
    found = find_port("127.0.0.1", taken)
    assert found > taken
    with listen("127.0.0.1", found) as listening:
        assert found == listening.getsockname()[1]


def test_a_free_port_is_itself(taken):
    free = find_port("127.0.0.1", taken + 1)
    assert free == find_port("127.0.0.1", free)


def test_a_taken_port_is_one_line_that_names_a_free_one(taken):
    with pytest.raises(UsageError, match=rf"port {taken} on 127.0.0.1 is in use; .*--port \d+$"):
        listen("127.0.0.1", taken)


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("203.0.113.7", "not an address of this machine"),
        ("no.such.host.invalid", "is no address"),
        ("a" * 300, "is no address"),
    ],
)
def test_an_address_that_is_not_ours_is_a_mistake_of_the_callers(host, said):
    with pytest.raises(UsageError, match=said):
        listen(host, 0)
    with pytest.raises(UsageError, match=said):
        find_port(host, 8000)


def test_a_folder_is_held_once_and_the_refusal_says_by_whom(tmp_path):
    with hold(tmp_path) as note_address:
        note_address("http://127.0.0.1:8000")
        with pytest.raises(Conflict) as refusal, hold(tmp_path):
            pass
        assert f"process {os.getpid()}, http://127.0.0.1:8000" in str(refusal.value)
    with hold(tmp_path):
        pass


def test_what_a_killed_process_left_behind_holds_nobody_up(tmp_path):
    code = (
        "import os, pathlib, signal, sys\n"
        "from grader.service.lock import hold\n"
        "with hold(pathlib.Path(sys.argv[1])) as note_address:\n"
        "    note_address('http://127.0.0.1:8000')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert -9 == killed.returncode
    assert "127.0.0.1:8000" in (tmp_path / "service.lock").read_text()
    with hold(tmp_path) as note_address:
        assert "" == (tmp_path / "service.lock").read_text()
        note_address("http://127.0.0.1:8001")
        assert "127.0.0.1:8001" in (tmp_path / "service.lock").read_text()


def test_the_data_folder_is_made_for_its_user_alone(tmp_path):
    settings, folder = make_data_dir(Settings(data_dir=tmp_path / "some" / "where"))
    assert 0o700 == folder.stat().st_mode & 0o777
    assert folder == settings.data_dir


def test_a_data_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match="Not a directory; set GRADER_DATA_DIR"):
        make_data_dir(Settings(data_dir=tmp_path / "file" / "folder"))
    with pytest.raises(ConfigurationError, match="set GRADER_DATA_DIR"):
        make_data_dir(Settings(data_dir=None))
