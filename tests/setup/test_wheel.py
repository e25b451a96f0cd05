"""An installed wheel has everything that a clone has to run with, the assignments too."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from grader import assignment_packs
from grader.errors import ConfigurationError


@pytest.fixture(scope="module")
def wheel(repository, tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=repository,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("grader-*.whl")
    return built


@pytest.fixture(scope="module")
def unpacked(wheel, tmp_path_factory):
    folder = tmp_path_factory.mktemp("site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def test_the_wheel_holds_both_packages_and_no_more(unpacked):
    top = {path.name for path in unpacked.iterdir() if not path.name.endswith(".dist-info")}
    assert {"grader", "reference"} == top


def test_every_file_of_every_assignment_is_in_the_wheel(unpacked, repository):
    def files(folder):
        return {
            str(path.relative_to(folder)): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }

    expected = files(repository / "assignments")
    assert expected
    assert expected == files(unpacked / "grader" / "_assignments")


def test_an_installed_wheel_finds_its_assignments(unpacked, tmp_path, run_python):
    code = (
        f"import sys; sys.path.insert(0, {str(unpacked)!r})\n"
        "from grader.assignment_packs import course_pack; print(course_pack())"
    )
    found = run_python(code, cwd=tmp_path)
    assert unpacked / "grader" / "_assignments" == Path(found.strip())


def test_a_clone_finds_its_assignments(repository):
    assert repository / "assignments" == assignment_packs.course_pack()


def test_lost_assignments_are_an_error_of_the_installation(monkeypatch, tmp_path):
    monkeypatch.setattr(assignment_packs, "__file__", str(tmp_path / "grader" / "module.py"))
    with pytest.raises(ConfigurationError, match="install the grader again"):
        assignment_packs.course_pack()
