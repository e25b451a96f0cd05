"""The names an author chooses: of values in a snippet, of files, of checks, of modules."""

import keyword
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, PlainValidator

from grader.spec.schema import Sequence, fault

LONGEST_NAME = 100
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_FILE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9 ._+-]*")


def is_identifier(name: str) -> bool:
    """Return whether Python takes `name` as the name of a variable."""
    return name.isidentifier() and not keyword.iskeyword(name)


def _check_identifier(name: str) -> str:
    if not is_identifier(name):
        raise fault(f"{name!r} is not a name that Python takes for a variable", "rename it")
    if name == "np":
        raise fault("`np` is numpy in every snippet", "give it another name")
    return name


def _check_dotted(name: str) -> str:
    if not all(is_identifier(part) for part in name.split(".")):
        raise fault(f"{name!r} is not the name of a module", 'write for example "numpy.linalg"')
    return name


def _check_id(name: str) -> str:
    if len(name) > LONGEST_NAME or not _ID.fullmatch(name):
        raise fault(
            f"{name!r} is not an id", "use at most 100 letters, digits, dots, hyphens, underscores"
        )
    return name


def _check_file(name: str) -> str:
    if len(name) > LONGEST_NAME or not _FILE.fullmatch(name) or name.endswith((".", " ")):
        raise fault(
            f"{name!r} is not a plain file name",
            "name a file of the assignment folder itself, without folders",
        )
    return name


def _check_module_file(name: str) -> str:
    stem, dot, suffix = _check_file(name).rpartition(".")
    if not dot or suffix != "py" or not is_identifier(stem):
        raise fault(
            f"{name!r} is not a Python module", 'write a name such as "solution.py": it is imported'
        )
    return name


def _check_text(text: str) -> str:
    if not text.strip():
        raise fault("is empty", "write a text or leave the key out")
    if "\0" in text:
        raise fault("has a NUL character", "remove it")
    return text


def _check_distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name.casefold() in seen:
            raise fault(f"{name!r} stands here twice", "name it once", at=(index,))
        seen.add(name.casefold())
    return names


def _check_some(names: tuple[str, ...]) -> tuple[str, ...]:
    if not names:
        raise fault("is empty", "name at least one")
    return names


def _read_points(written: Any) -> Decimal:
    if isinstance(written, Decimal):
        return written
    if isinstance(written, bool) or not isinstance(written, int | float):
        raise fault("points are a number", "write for example 2 or 0.5")
    # Through repr, so that 0.1 is a tenth and sums of points are exact.
    points = Decimal(repr(written))
    if not points.is_finite() or points <= 0:
        raise fault("points must be a positive number", "write for example 2 or 0.5")
    return points


def find_repeated(names: Iterable[str]) -> set[int]:
    """Return the positions of names that have stood before, in any case of letters."""
    seen: set[str] = set()
    repeated: set[int] = set()
    for index, name in enumerate(names):
        if name.casefold() in seen:
            repeated.add(index)
        seen.add(name.casefold())
    return repeated


Identifier: TypeAlias = Annotated[str, AfterValidator(_check_identifier)]
ModuleName: TypeAlias = Annotated[str, AfterValidator(_check_dotted)]
Id: TypeAlias = Annotated[str, AfterValidator(_check_id)]
FileName: TypeAlias = Annotated[str, AfterValidator(_check_file)]
ModuleFile: TypeAlias = Annotated[str, AfterValidator(_check_module_file)]
Text: TypeAlias = Annotated[str, AfterValidator(_check_text)]
Points: TypeAlias = Annotated[Decimal, PlainValidator(_read_points)]

Distinct = AfterValidator(_check_distinct)
Some = AfterValidator(_check_some)
Identifiers: TypeAlias = Annotated[Sequence[Identifier], Distinct]
