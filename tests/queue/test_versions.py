"""Versions come out of the database once, whole or not at all."""

from __future__ import annotations

import hashlib
import multiprocessing
from pathlib import Path

import pytest

from grader.errors import OperationError
from grader.queue.versions import Versions
from grader.spec import Assignment, load_assignment
from grader.spec.archive import pack_folder
from tests.queue.scene import write_folder


class Archive:
    """An archive that counts how often it was fetched."""

    def __init__(self, folder: Path) -> None:
        self.assignment: Assignment = load_assignment(write_folder(folder / "doubling"))
        self.content = pack_folder(folder / "doubling")
        self.digest = hashlib.sha256(self.content).hexdigest()
        self.n_fetched = 0

    def fetch(self, digest: str) -> bytes:
        assert digest == self.digest
        self.n_fetched += 1
        return self.content


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "author")


def _load(archive: Archive, folder: Path) -> Assignment:
    versions = Versions(folder, archive.fetch)
    return versions.load("doubling", archive.assignment.digest, archive.digest)


def test_a_version_is_fetched_once_and_loaded_as_it_was(archive: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "versions"
    versions = Versions(folder, archive.fetch)
    first = versions.load("doubling", archive.assignment.digest, archive.digest)
    assert (archive.assignment.digest, "doubling") == (first.digest, first.slug)
    assert archive.assignment.solution == first.solution
    assert first is versions.load("doubling", archive.assignment.digest, archive.digest)
    _load(archive, folder)
    assert 1 == archive.n_fetched
    assert [archive.digest] == [path.name for path in folder.iterdir()]


def test_what_was_cut_off_or_altered_is_fetched_again(archive: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "versions"
    _load(archive, folder)
    solution = folder / archive.digest / "doubling" / "solution.py"
    for damage in ("def double(x): return x\n", ""):
        solution.write_text(damage)
        assert archive.assignment.solution == _load(archive, folder).solution
    (folder / archive.digest / "doubling" / "assignment.toml").unlink()
    assert archive.assignment.digest == _load(archive, folder).digest
    assert 4 == archive.n_fetched


def test_an_archive_of_something_else_is_our_failure(archive: Archive, tmp_path: Path) -> None:
    versions = Versions(tmp_path / "versions", archive.fetch)
    with pytest.raises(OperationError, match="is not the version"):
        versions.load("doubling", "0" * 64, archive.digest)


def test_a_folder_that_cannot_be_made_is_our_failure(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OperationError, match="GRADER_DATA_DIR"):
        _load(archive, tmp_path / "file" / "versions")


def _load_in_child(folder: Path, content: bytes, digest: str, archive_digest: str) -> None:
    Versions(folder, lambda _: content).load("doubling", digest, archive_digest)


def test_two_processes_may_unpack_one_version_at_once(archive: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "versions"
    context = multiprocessing.get_context("spawn")
    arguments = (folder, archive.content, archive.assignment.digest, archive.digest)
    children = [context.Process(target=_load_in_child, args=arguments) for _ in range(3)]
    for child in children:
        child.start()
    for child in children:
        child.join(60)
    assert [0, 0, 0] == [child.exitcode for child in children]
    assert [archive.digest] == [path.name for path in folder.iterdir()]


def test_an_unpacked_folder_is_gone_after_its_block(archive: Archive, tmp_path: Path) -> None:
    versions = Versions(tmp_path / "versions", archive.fetch)
    with versions.unpacked("doubling", archive.digest) as folder:
        assert "doubling" == folder.name
        assert (folder / "solution.py").exists()
    assert [] == list((tmp_path / "versions").iterdir())
