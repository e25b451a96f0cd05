"""Reads an assignment folder; every error names the file, the line and the key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from grader.errors import SpecError
from grader.spec.consistency import find_contradictions
from grader.spec.defaults import fill_checks, find_default_problems
from grader.spec.digest import digest_assignment
from grader.spec.folder import SPEC_FILE, AssignmentFolder, decode_utf8
from grader.spec.models import Assignment, AssignmentSpec
from grader.spec.problems import Locator, Problem, list_problems
from grader.spec.stubs import fill_counts, find_undefined_stubs

_TOML_PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")


def load_assignment(folder: Path, *, time_zone: str | None = None) -> Assignment:
    """Return the assignment of a folder.

    Parameters
    ----------
    folder
        A folder with at least assignment.toml and solution.py.
    time_zone
        Of the course, whose offsets the dates must have; without one, those of some zone.

    Raises
    ------
    SpecError
        The first thing that is wrong, in the order of the file; `find_spec_errors` lists all.
    """
    try:
        return _read_assignment(folder, time_zone)
    except ExceptionGroup as group:
        raise group.exceptions[0] from None


def find_spec_errors(folder: Path, *, time_zone: str | None = None) -> tuple[SpecError, ...]:
    """Return all that is wrong with an assignment folder, in the order of the file."""
    try:
        _read_assignment(folder, time_zone)
    except ExceptionGroup as group:
        return tuple(error for error in group.exceptions if isinstance(error, SpecError))
    return ()


def parse_spec(text: str, file: Path | str = SPEC_FILE) -> AssignmentSpec:
    """Return the assignment that a text describes, without the files that it names.

    Raises
    ------
    SpecError
        The first thing that is wrong, in the order of the text.
    """
    file = Path(file)
    try:
        return read_spec(*parse_toml(text, file))
    except ExceptionGroup as group:
        raise group.exceptions[0] from None


def locate_checks(folder: Path) -> dict[str, int]:
    """Return the line of each check of a folder that has been loaded, by the check's id.

    Empty where the file is no longer what was loaded.
    """
    try:
        table, locator = parse_toml(AssignmentFolder(folder).read_spec(), folder / SPEC_FILE)
        ids = [check["id"] for check in table["checks"]]
        return {name: locator.lines["checks", index] for index, name in enumerate(ids)}
    except (SpecError, LookupError, TypeError):
        return {}


def _read_assignment(folder: Path, time_zone: str | None) -> Assignment:
    """Return the assignment of a folder, or raise all that is wrong with it as one group."""
    file = folder / SPEC_FILE
    files = AssignmentFolder(folder)
    try:
        text = files.read_spec()
        table, locator = parse_toml(text, file)
        spec = read_spec(table, locator, time_zone)
        contents, problems = files.read_named_files(spec)
        sources = [*contents["solution"].values(), *contents["support"].values()]
        texts = [decode_utf8(source) for source in sources]
        spec = fill_counts(spec, texts)
        problems += find_undefined_stubs(spec, texts)
    except SpecError as error:
        raise ExceptionGroup("the assignment is wrong", [error]) from None
    _raise_problems(problems, locator)
    return Assignment(
        slug=folder.resolve().name,
        folder=folder,
        spec=spec,
        digest=digest_assignment(table, contents),
        solution={name: decode_utf8(source) for name, source in contents["solution"].items()},
        support={name: decode_utf8(source) for name, source in contents["support"].items()},
        data=contents["data"],
        readme=files.read_readme(),
        requirements=next(iter(contents["requirements"].values()), None),
    )


def read_spec(
    table: Mapping[str, Any], locator: Locator, time_zone: str | None = None
) -> AssignmentSpec:
    """Return the assignment that a parsed text describes.

    Raises
    ------
    ExceptionGroup
        Of SpecError: all that is wrong, in the order of the text.
    """
    filled = fill_checks(table, locator)
    problems = list(find_default_problems(table, set(locator.origins.values())))
    try:
        spec = AssignmentSpec.model_validate(filled)
    except ValidationError as error:
        problems += list_problems(error)
        _raise_problems(problems, locator)
        raise
    problems += find_contradictions(spec, time_zone)
    _raise_problems(problems, locator)
    return spec


def _raise_problems(problems: list[Problem], locator: Locator) -> None:
    if problems:
        raise ExceptionGroup("the assignment is wrong", locator.locate(problems)) from None


def parse_toml(text: str, file: Path) -> tuple[dict[str, Any], Locator]:
    """Return the table of a TOML text, and what finds the lines of its keys.

    Raises
    ------
    SpecError
        If it is not TOML, with the line.
    """
    try:
        return tomllib.loads(text), Locator.for_text(file, text)
    except ValueError as error:
        # TOMLDecodeError is one, and so is what int() makes of thousands of digits.
        place = _TOML_PLACE.search(str(error))
        line = int(place[1]) if place and place[1] else text.count("\n") + 1
        raise SpecError(
            f"is not TOML: {_TOML_PLACE.sub('', str(error))}",
            file=file,
            line=line,
            remedy="mend the syntax of this line, or of the one before it",
        ) from error
    except RecursionError as error:
        raise SpecError("is nested too deeply", file=file, remedy="flatten it") from error
