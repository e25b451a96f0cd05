"""Stands for `grader.environments` in a handout: programs have the packages of who runs them."""

from __future__ import annotations

from pathlib import Path

from grader.spec import Assignment


def find_packages(assignment: Assignment, folder: Path | None) -> None:
    """Return nothing: no packages are shown to a program beside those that are installed."""
    del assignment, folder


def describe_packages(assignment: Assignment, folder: Path | None) -> dict[str, object]:
    """Return nothing: nobody has pinned what is installed."""
    del assignment, folder
    return {}
