"""A lock file: which packages, in which versions, with which hashes, and nothing else.

Options, addresses and folders are refused. An option could have a package built from source, which
runs its code, or fetched from elsewhere; and what is installed must follow from the file alone.
"""

from __future__ import annotations

import hashlib
import json
import re
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from grader.errors import SpecError
from grader.spec import Assignment
from grader.spec.folder import decode_utf8

_FORMAT = 1
"""Raised when the way in which environments are built changes."""
_PINNED = re.compile(r"([A-Za-z0-9][\w.-]*)(\[[\w., -]*\])?\s*==\s*([\w.!+-]+)", re.ASCII)
_MARKER = re.compile(r"[\w.'\"<>=!~(),*+ -]+", re.ASCII)
_HASH = re.compile(r"\s--hash[=\s]\s*((?:sha256|sha384|sha512):[0-9a-f]{64,128})(?=\s|$)")
_LONGEST_SHOWN = 60
_REMEDY = "write it with `uv pip compile --generate-hashes` or `pip-compile --generate-hashes`"


@dataclass(frozen=True, slots=True)
class Lock:
    """What a lock file asks for, one canonical line a package, in order."""

    lines: tuple[str, ...]

    @property
    def digest(self) -> str:
        """The name of what is built from it, by this interpreter on this kind of machine.

        Comments and layout of the file are no part of it.
        """
        content = {
            "format": _FORMAT,
            "lines": self.lines,
            "python": sysconfig.get_config_var("SOABI"),
        }
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    @property
    def text(self) -> str:
        """The lock file that installers get: what was read, without whatever else was there."""
        return "".join(f"{line}\n" for line in self.lines)


def lock_of(assignment: Assignment) -> Lock | None:
    """Return what the assignment's `[environment]` asks for; None where it has none.

    Raises
    ------
    SpecError
        If the file is not a lock file.
    """
    if assignment.requirements is None:
        return None
    name = assignment.spec.environment.requirements
    return read_lock(assignment.requirements, assignment.folder / str(name))


@lru_cache(maxsize=64)
def read_lock(content: bytes, file: Path) -> Lock:
    """Return what a lock file asks for.

    Raises
    ------
    SpecError
        If a line is not one package in one version with its hashes, with the line's number.
    """
    lines: dict[str, None] = {}
    for number, text in _join_lines(decode_utf8(content, file)):
        lines[_read_requirement(text, file, number)] = None
    if not lines:
        raise SpecError("names no package", file=file, remedy="add one, or remove [environment]")
    return Lock(tuple(sorted(lines)))


def _join_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield each logical line with the number of its first; comments and empty ones are left out.

    As pip joins them: a backslash at the end continues, a line that is a comment ends that.
    """
    parts: list[str] = []
    first = 0
    for number, line in enumerate(text.splitlines(), start=1):
        is_comment = line.lstrip().startswith("#")
        if not parts:
            first = number
        if line.endswith("\\") and not is_comment:
            parts.append(line[:-1])
            continue
        parts.append("" if is_comment else line)
        joined = re.sub(r"(^|\s)#.*", "", " ".join(parts)).strip()
        if joined:
            yield first, joined
        parts = []
    joined = " ".join(parts).strip()
    if joined:
        yield first, joined


def _read_requirement(text: str, file: Path, number: int) -> str:
    """Return a requirement in its canonical form."""

    def refuse(problem: str, remedy: str = _REMEDY) -> SpecError:
        return SpecError(problem, file=file, line=number, remedy=remedy)

    shown = repr(text[:_LONGEST_SHOWN])
    if text.startswith("-"):
        raise refuse(
            f"{shown} is an option", "remove it: a lock file names packages, versions and hashes"
        )
    pinned = _PINNED.match(text)
    if pinned is None:
        raise refuse(f"{shown} is not a package in one version, as `name==1.0`")
    rest = text[pinned.end() :]
    hashes = sorted(set(_HASH.findall(rest)))
    marker = _HASH.sub("", rest).strip()
    if marker and not (
        marker.startswith(";")
        and _MARKER.fullmatch(marker[1:])
        and not re.search(r"(^|\s)-", marker[1:])
    ):
        raise refuse(f"{marker[:_LONGEST_SHOWN]!r} is neither a hash nor a marker")
    name, extras, version = pinned.groups()
    if not hashes:
        raise refuse(f"{name} has no hash")
    head = re.sub(r"[-_.]+", "-", name).lower() + (extras or "").replace(" ", "")
    condition = f" ; {marker[1:].strip()}" if marker else ""
    return " ".join([f"{head}=={version}{condition}", *(f"--hash={one}" for one in hashes)])
