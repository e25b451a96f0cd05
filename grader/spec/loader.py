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
from grader.spec.problems import Locator, list_problems

_TOML_PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")


def load_assignment(folder: Path) -> Assignment:
    """Return the assignment of a folder.

    Parameters
    ----------
    folder
        A folder with at least assignment.toml and solution.py.

    Raises
    ------
    SpecError
        The first thing that is wrong, in the order of the file; `find_spec_errors` lists all.
    """
    assignment, errors = inspect_assignment(folder)
    if assignment is None:
        raise errors[0]
    return assignment


def find_spec_errors(folder: Path) -> tuple[SpecError, ...]:
    """Return all that is wrong with an assignment folder, in the order of the file."""
    return inspect_assignment(folder)[1]


def inspect_assignment(folder: Path) -> tuple[Assignment | None, tuple[SpecError, ...]]:
    """Return the assignment of a folder, or None and all that is wrong with it."""
    files = AssignmentFolder(folder)
    try:
        text = files.read_spec()
        table = _parse_toml(text, folder / SPEC_FILE)
    except SpecError as error:
        return None, (error,)
    spec, errors = inspect_spec(text, table, folder / SPEC_FILE)
    if spec is None:
        return None, errors
    contents, problems = files.read_named_files(spec)
    if problems:
        return None, Locator.for_text(folder / SPEC_FILE, text).locate(iter(problems))
    try:
        solution, support, readme = (
            {name: decode_utf8(content, folder / name) for name, content in contents[role].items()}
            for role in ("solution", "support", "readme")
        )
    except SpecError as error:
        return None, (error,)
    judged = {role: named for role, named in contents.items() if role != "readme"}
    assignment = Assignment(
        slug=folder.resolve().name,
        folder=folder,
        spec=spec,
        digest=digest_assignment(table, judged),
        solution=solution,
        support=support,
        data=contents["data"],
        readme="".join(readme.values()),
    )
    return assignment, ()


def parse_spec(text: str, file: Path | str = SPEC_FILE) -> AssignmentSpec:
    """Return the assignment that a text describes, without the files that it names.

    Raises
    ------
    SpecError
        The first thing that is wrong, in the order of the text.
    """
    spec, errors = inspect_spec(text, _parse_toml(text, Path(file)), Path(file))
    if spec is None:
        raise errors[0]
    return spec


def _parse_toml(text: str, file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
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


def inspect_spec(
    text: str, table: Mapping[str, Any], file: Path
) -> tuple[AssignmentSpec | None, tuple[SpecError, ...]]:
    """Return the assignment of a parsed text, or None and all that is wrong with it."""
    locator = Locator.for_text(file, text)
    filled = fill_checks(table, locator)
    problems = list(find_default_problems(table, set(locator.origins.values())))
    spec = None
    try:
        spec = AssignmentSpec.model_validate(filled)
    except ValidationError as error:
        problems += list_problems(error)
    if spec is not None:
        problems += find_contradictions(spec)
    errors = locator.locate(iter(problems))
    return (None if errors else spec), errors
