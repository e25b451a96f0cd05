from __future__ import annotations

import threading

import pytest

from grader.errors import ConfigurationError
from grader.secret_files import SECRET_BYTES, load_or_make_secret


def test_a_secret_is_made_once_and_only_its_user_can_read_it(tmp_path):
    path = tmp_path / "data" / "secret-key"
    made = load_or_make_secret(path)
    assert SECRET_BYTES == len(made)
    assert made == load_or_make_secret(path)
    assert 0o600 == path.stat().st_mode & 0o777
    assert 0o700 == path.parent.stat().st_mode & 0o777
    assert ["secret-key"] == [one.name for one in path.parent.iterdir()]


def test_of_many_that_start_at_once_all_read_the_same_secret(tmp_path):
    path = tmp_path / "secret-key"
    found: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: found.append(load_or_make_secret(path))) for _ in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 16 == len(found)
    assert 1 == len(set(found))


def test_a_secret_that_others_can_read_is_refused_with_the_cure(tmp_path):
    path = tmp_path / "secret-key"
    load_or_make_secret(path)
    path.chmod(0o644)
    with pytest.raises(ConfigurationError, match=r"chmod 600"):
        load_or_make_secret(path)


def test_a_secret_that_was_cut_short_is_refused(tmp_path):
    path = tmp_path / "secret-key"
    load_or_make_secret(path)
    path.write_bytes(b"short")
    with pytest.raises(ConfigurationError, match="32 bytes"):
        load_or_make_secret(path)


def test_a_folder_that_cannot_be_written_names_the_setting(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ConfigurationError, match="GRADER_DATA_DIR"):
        load_or_make_secret(tmp_path / "file" / "secret-key")
