"""The lock files, pyproject.toml and the table in the bootstrap agree."""

import ast
import re
import sys
import tomllib

import pytest

from grader import __main__
from grader.bootstrap.requirements import RUN, TEST, installed_versions, shortcomings

LARGE = {"jax", "scikit-learn", "scipy", "torch"}


def project(repository):
    return tomllib.loads((repository / "pyproject.toml").read_text())["project"]


def minimums(requirements):
    """`celery[redis]>=5.7` as {"celery": (5, 7)}."""
    pairs = (requirement.split(">=") for requirement in requirements)
    return {
        name.partition("[")[0].replace("-", "_"): tuple(map(int, least.split(".")))
        for name, least in pairs
    }


def locked(repository, name):
    """Each locked package with its version and marker, and the number of its hashes."""
    text = (repository / name).read_text().replace("\\\n", " ")
    return {
        line.split("--hash")[0].strip(): line.count("--hash=sha256:") for line in text.splitlines()
    }


def names(repository, lock):
    return {entry.partition("==")[0] for entry in locked(repository, lock)}


LOCKS = pytest.mark.parametrize(
    "lock", ["requirements.lock", "requirements-test.lock", "requirements-uv.lock"]
)


def test_the_bootstrap_asks_for_what_pyproject_asks_for(repository):
    extras = project(repository)["optional-dependencies"]
    assert minimums(project(repository)["dependencies"]) == dict(RUN)
    assert minimums(extras["test"]) == {name: TEST[name] for name in TEST.keys() - RUN.keys()}


@LOCKS
def test_every_locked_package_has_one_version_and_hashes(repository, lock):
    entries = locked(repository, lock)
    assert entries
    assert [] == [entry for entry in entries if not re.match(r"[a-z0-9-]+==[0-9]", entry)]
    assert [] == [entry for entry, hashes in entries.items() if hashes == 0]


@LOCKS
def test_no_lock_file_names_an_index(repository, lock):
    text = (repository / lock).read_text()
    assert [] == re.findall(r"://|--(?:extra-)?index-url|--find-links", text)


def test_what_is_asked_for_is_locked_and_the_build_backend_with_it(repository):
    asked = {name.replace("_", "-") for name in RUN} | {"hatchling"}
    assert set() == asked - names(repository, "requirements.lock")
    tested = {name.replace("_", "-") for name in TEST}
    assert set() == tested - names(repository, "requirements-test.lock")


def test_the_test_lock_adds_to_the_other_and_changes_nothing_in_it(repository):
    entries = locked(repository, "requirements.lock").items()
    assert entries <= locked(repository, "requirements-test.lock").items()


@LOCKS
def test_large_packages_are_in_no_lock_file(repository, lock):
    assert set() == LARGE & names(repository, lock)


def test_what_an_extra_brings_is_locked_too(repository):
    # kombu's Redis transport imports packaging, psycopg its binary: no metadata of RUN says so.
    assert {"packaging", "psycopg-binary"} <= names(repository, "requirements.lock")


def test_installed_versions_are_read_from_the_names_of_metadata(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (
        first / "numpy-2.4.6.dist-info",
        first / "Pydantic_Core-2.5.dist-info",
        first / "six-1.16.0.egg-info",
        first / "numpy",
        second / "numpy-1.26.0.dist-info",
    ):
        folder.mkdir(parents=True)
    found = installed_versions([str(first), str(second), str(tmp_path / "absent")])
    assert {"numpy": "2.4.6", "pydantic_core": "2.5", "six": "1.16.0"} == found


@pytest.mark.parametrize(
    ("installed", "expected"),
    [
        ({"numpy": "2.0"}, ()),
        ({"numpy": "2.0.0rc1"}, ()),
        ({"numpy": "10.1"}, ()),
        ({"numpy": "1.26.4"}, ("numpy 1.26.4 is too old, 2.0 or later is needed",)),
        ({}, ("numpy is not installed",)),
    ],
)
def test_shortcomings_name_what_is_missing_or_too_old(installed, expected):
    assert expected == shortcomings({"numpy": (2, 0)}, installed)


@pytest.mark.parametrize("module", ["__init__", "__main__"])
def test_the_first_files_read_are_syntax_of_python_3_6(repository, module):
    text = (repository / "grader" / f"{module}.py").read_text()
    tree = ast.parse(text, feature_version=(3, 6))
    imported = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert "__future__" not in imported  # annotations are of 3.7


def test_an_old_python_is_told_so_in_one_line(monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    assert 3 == __main__.main()
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("grader: Python 3.11 or later is needed and this is 3.9;")
