"""Problems of an assignment, and the lines to blame for them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from grader.errors import SpecError
from grader.spec.positions import find_lines
from grader.spec.schema import FAULT, Path, suggest, suggest_one

_ADD_IT = "add it"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at a path of the parsed TOML."""

    path: Path
    problem: str
    remedy: str = ""


def list_problems(error: ValidationError, parent: Path = ()) -> Iterator[Problem]:
    """Yield what pydantic found, in words for the author, below the path `parent`."""
    for line in error.errors(include_url=False):
        context = line.get("ctx", {})
        path = (*parent, *(step for step in line["loc"] if step != "[key]"))
        if line["type"] == FAULT:
            yield Problem((*path, *context["at"]), context["problem"], context["remedy"])
        elif line["type"] == "missing":
            yield Problem(path, f"the key `{path[-1]}` is missing", _ADD_IT)
        else:
            yield Problem(path, *_explain(line["type"], context, line["input"]))


_EXPECTED = {
    "string_type": ("a string", 'put it in quotes: "..."'),
    "int_type": ("a whole number", "write for example 3"),
    "float_type": ("a number", "write for example 0.5, without quotes"),
    "bool_type": ("a boolean", "write true or false"),
    "tuple_type": ("a list", "put it in brackets: [...]"),
    "list_type": ("a list", "put it in brackets: [...]"),
    "dict_type": ("a table", "write {key = value, ...}"),
    "model_type": ("a table", "write {key = value, ...}"),
    "datetime_type": ("a date with a time", "write 2026-10-14T23:59:00-04:00, without quotes"),
}


def _explain(kind: str, context: Mapping[str, Any], value: Any) -> tuple[str, str]:
    if kind in _EXPECTED:
        expected, remedy = _EXPECTED[kind]
        return f"must be {expected}, not {_describe(value)}", remedy
    if kind in ("enum", "literal_error"):
        known = [word.strip("' ") for word in context["expected"].replace(" or ", ",").split(",")]
        return f"{_describe(value)} is not valid here", suggest(str(value), known)
    if kind == "timezone_aware":
        return "has no offset from UTC", "add one: 2026-10-14T23:59:00-04:00"
    if kind == "finite_number":
        return f"must be a finite number, not {value}", "write a number"
    bounds = {
        "greater_than": ("must be more than", "gt"),
        "greater_than_equal": ("must be at least", "ge"),
        "less_than": ("must be less than", "lt"),
        "less_than_equal": ("must be at most", "le"),
    }
    if kind in bounds:
        words, bound = bounds[kind]
        return f"{words} {context[bound]:g}, not {value}", "write another number"
    if kind in ("string_too_long", "too_long") and isinstance(value, str):
        return f"is longer than {context['max_length']} characters", "shorten it"
    if kind in ("too_short", "too_long"):
        wanted = context.get("min_length", context.get("max_length"))
        return f"must have {wanted} items, not {len(value)}", "write that many"
    return f"is not valid: {_describe(value)}", "see docs/formats.md"


def _describe(value: Any) -> str:
    """Name a value as TOML does: `the string "abc"`, `the boolean true`."""
    if isinstance(value, bool):
        return f"the boolean {str(value).lower()}"
    if isinstance(value, str):
        return f'the string "{value[:60]}"'
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, datetime.date | datetime.time):
        return f"the date {value}"
    return "a table" if isinstance(value, Mapping) else "a list"


def _without_echoes(problems: list[Problem]) -> Iterator[Problem]:
    """Leave out that a key is missing where it is there, misspelt: its spelling is what helps."""
    meant = {(each.path[:-1], each.remedy) for each in problems}
    for each in problems:
        is_missing = each.remedy == _ADD_IT
        if not (is_missing and (each.path[:-1], suggest_one(str(each.path[-1]))) in meant):
            yield each


@dataclass(frozen=True, slots=True)
class Locator:
    """Turns problems into errors that name the file, the line and the key."""

    file: FilePath
    lines: Mapping[Path, int]
    origins: dict[Path, Path] = field(default_factory=dict)
    """Where a value was written that the loader has filled in elsewhere."""
    check_ids: dict[int, str] = field(default_factory=dict)

    @classmethod
    def for_text(cls, file: FilePath, text: str) -> Locator:
        """Return the locator of a TOML text that has been parsed."""
        return cls(file, find_lines(text))

    def locate(self, problems: Iterable[Problem]) -> tuple[SpecError, ...]:
        """Return the errors in the order of the file, each once."""
        errors: dict[str, SpecError] = {}
        for each in _without_echoes(list(problems)):
            path, line = self._find(self._origin(each.path))
            error = SpecError(
                each.problem,
                file=self.file,
                line=line,
                key=self.spell(path),
                remedy=each.remedy,
            )
            errors.setdefault(str(error), error)
        return tuple(sorted(errors.values(), key=lambda error: error.line or 0))

    def _origin(self, path: Path) -> Path:
        for length in range(len(path), 0, -1):
            if path[:length] in self.origins:
                return self.origins[path[:length]] + path[length:]
        return path

    def _find(self, path: Path) -> tuple[Path, int]:
        """Return the path as it is in the text, and the line of as much of it as is there."""
        spelt: Path = ()
        line = 1
        is_present = True
        for step in path:
            is_present = is_present and (*spelt, step) in self.lines
            if is_present:
                line = self.lines[(*spelt, step)]
            # A single value that the models see as a list of one has no index in the text.
            if is_present or isinstance(step, str):
                spelt += (step,)
            else:
                is_present = True
        return spelt, line

    def spell(self, path: Path) -> str:
        """Return a path as an author reads it: `checks.affine-forward.points`."""
        words = ""
        for depth, step in enumerate(path):
            if isinstance(step, str):
                words += f".{step}" if words else step
            elif depth == 1 and path[0] == "checks" and step in self.check_ids:
                words += f".{self.check_ids[step]}"
            else:
                words += f"[{step}]"
        return words
