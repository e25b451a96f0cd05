"""The digest changes with all that may change a verdict, and with nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.spec import load_assignment

TEXT = """\
title = "Sum"
support = ["cases.py"]
data = ["iris.csv"]
[policy]
due_at = 2026-10-14T23:59:00-04:00
[environment]
requirements = "requirements.lock"
[[checks]]
id = "total"
kind = "output"
run = "total = add(2, 3)"
compare = ["total"]
points = 2
"""
FILES = {
    "solution__py": "def add(a, b): return a + b\n",
    "cases__py": "cases = 1\n",
    "iris__csv": "1,2\n",
    "requirements__lock": "numpy\n",
    "README__md": "# Sum\n",
    "submissions/wrong__py": "# fails: total\n",
}

Write = Callable[..., Path]


@pytest.fixture
def digest(write_folder: Write) -> Callable[..., str]:
    """Return the digest of an assignment with a changed text or changed files."""

    def compute(text: str = TEXT, **files: str) -> str:
        return load_assignment(write_folder(text, **{**FILES, **files})).digest

    return compute


def test_it_is_a_sha256_and_repeats(digest: Callable[..., str]) -> None:
    assert digest() == digest()
    assert 64 == len(digest())
    assert int(digest(), 16)


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("2026-10-14", "2026-10-15"),
        TEXT.replace("[policy]\ndue_at = 2026-10-14T23:59:00-04:00\n", ""),
        "# a comment\n" + TEXT,
        "\ufeff" + TEXT,
        TEXT.replace("\n", "\r\n"),
        TEXT.replace("points = 2", "points   =   2  # two"),
        TEXT.replace('compare = ["total"]\npoints = 2', 'points = 2\ncompare = [\n"total",\n]'),
        TEXT.replace('"Sum"', "'Sum'"),
        TEXT.replace("[environment]\nrequirements", '[environment]\n"requirements"'),
    ],
)
def test_a_moved_date_or_another_layout_makes_no_new_version(
    digest: Callable[..., str], text: str
) -> None:
    assert digest() == digest(text)


@pytest.mark.parametrize("name", ["README__md", "submissions/wrong__py"])
def test_what_changes_no_verdict_makes_no_new_version(
    digest: Callable[..., str], name: str
) -> None:
    assert digest() == digest(**{name: FILES[name] + "# fails: total\n"})


@pytest.mark.parametrize("name", ["solution__py", "cases__py", "iris__csv", "requirements__lock"])
def test_a_changed_file_makes_a_new_version(digest: Callable[..., str], name: str) -> None:
    assert digest() != digest(**{name: FILES[name] + "\n"})


@pytest.mark.parametrize(
    ("old", "new"),
    [("points = 2", "points = 3"), ("add(2, 3)", "add(2, 4)"), ('"total"\n', '"sum"\n')],
)
def test_a_changed_check_makes_a_new_version(
    digest: Callable[..., str], old: str, new: str
) -> None:
    assert old in TEXT
    assert digest() != digest(TEXT.replace(old, new))
