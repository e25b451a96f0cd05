"""The files of an assignment folder, read once; none may lead out of it."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import TypeAlias

from grader.errors import SpecError
from grader.spec.models import AssignmentSpec
from grader.spec.problems import Problem

SPEC_FILE = "assignment.toml"
SOLUTION_FILE = "solution.py"
SOLUTION_FOLDER = "solution"
STARTER_FILE = "starter.py"
README_FILE = "README.md"

Contents: TypeAlias = dict[str, dict[str, bytes]]
"""Bytes by file name, by role: solution, support, data, requirements."""


class AssignmentFolder:
    """An assignment folder on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read_spec(self) -> str:
        """Return the text of assignment.toml, without its byte-order mark."""
        if not self.folder.is_dir():
            raise SpecError(
                "there is no such folder", file=self.folder, remedy="name an assignment folder"
            )
        content = self._read(SPEC_FILE)
        if content is None:
            raise SpecError(
                "is missing", file=self.folder / SPEC_FILE, remedy="write it: see docs/formats.md"
            )
        # Newlines as tomllib counts them.
        return decode_utf8(content, self.folder / SPEC_FILE).replace("\r\n", "\n")

    def read_named_files(self, spec: AssignmentSpec) -> tuple[Contents, list[Problem]]:
        """Return the files that an assignment consists of, and those that are missing.

        Raises
        ------
        SpecError
            If the solution is missing, or a source is empty or no text.
        """
        problems: list[Problem] = []
        contents: Contents = {"solution": {}, "support": {}, "data": {}, "requirements": {}}
        for role in ("support", "data"):
            for index, name in enumerate(getattr(spec, role)):
                self._take(contents[role], name, (role, index), problems)
        if spec.environment.requirements is not None:
            place = ("environment", "requirements")
            self._take(contents["requirements"], spec.environment.requirements, place, problems)
        self._take_solution(contents["solution"], spec, problems)
        return contents, problems

    def _take(
        self, taken: dict[str, bytes], name: str, place: tuple[str | int, ...],
        problems: list[Problem],
    ) -> None:  # fmt: skip
        content = self._read_source(name) if name.endswith(".py") else self._read(name)
        if content is None:
            problems.append(
                Problem(place, f"the folder has no file {name!r}", "add it, or remove the name")
            )
        else:
            taken[name] = content

    def _take_solution(
        self, taken: dict[str, bytes], spec: AssignmentSpec, problems: list[Problem]
    ) -> None:
        if (self.folder / SOLUTION_FOLDER).is_dir():
            for path in sorted((self.folder / SOLUTION_FOLDER).glob("*.py")):
                content = self._read_source(f"{SOLUTION_FOLDER}/{path.name}")
                if content is not None:
                    taken[path.name] = content
            names = {name: f"{SOLUTION_FOLDER}/{name}" for name in spec.files}
        else:
            # The first file is the module under test, whatever name the student gives it.
            names = {name: name for name in spec.files} | {spec.files[0]: SOLUTION_FILE}
        for index, (name, stored) in enumerate(names.items()):
            if name in taken:
                continue
            if stored == SOLUTION_FILE and index:
                problems.append(
                    Problem(
                        ("files", index),
                        f"{SOLUTION_FILE} is already the solution of {spec.files[0]!r}",
                        f"keep the solution's files in the folder {SOLUTION_FOLDER}/",
                    )
                )
                continue
            content = self._read_source(stored)
            if content is None and stored == SOLUTION_FILE:
                raise SpecError(
                    "is missing", file=self.folder / stored, remedy="write the author's solution"
                )
            if content is None:
                problems.append(
                    Problem(
                        ("files", index),
                        f"the folder has no solution {stored!r}",
                        "write the author's solution of it",
                    )
                )
            else:
                taken[name] = content

    def read_readme(self) -> str:
        """Return the handout, which may be missing."""
        content = self._read(README_FILE)
        return "" if content is None else content.decode(errors="replace")

    def _read_source(self, name: str) -> bytes | None:
        """Return the bytes of a module, which must be a text with something in it."""
        content = self._read(name)
        if content is not None and not decode_utf8(content, self.folder / name).strip():
            raise SpecError("is empty", file=self.folder / name, remedy="write it")
        return content

    def _read(self, name: str) -> bytes | None:
        """Return the bytes of a regular file that lies inside the folder, else None."""
        path = (self.folder / name).resolve()
        if not path.is_file() or not path.is_relative_to(self.folder.resolve()):
            return None
        try:
            return path.read_bytes()
        except OSError as error:
            raise SpecError(
                f"cannot be read: {error.strerror}",
                file=self.folder / name,
                remedy="mend its permissions",
            ) from error


def decode_utf8(content: bytes, file: Path | str = "") -> str:
    """Return the text of a file; a byte-order mark is taken off.

    Raises
    ------
    SpecError
        With the position of the first byte that is not UTF-8, or with the line of a NUL.
    """
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise SpecError(
            f"is not UTF-8: byte 0x{content[error.start]:02x} at position {error.start}",
            file=file,
            line=content.count(b"\n", 0, error.start) + 1,
            remedy="save it as UTF-8",
        ) from error
    if "\0" in text:
        raise SpecError(
            "has a NUL byte", file=file, line=text.count("\n", 0, text.index("\0")) + 1,
            remedy="remove it",
        )  # fmt: skip
    return text
