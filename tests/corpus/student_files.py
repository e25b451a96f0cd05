"""Reads the corpus: the files of each topic, and what a bug file says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.checks.diagnosis_codes import DIAGNOSIS_CODES
from grader.report import Verdict

FOLDER = Path(__file__).parent
NO_CODE = "none"
_HEADING = re.compile(r"#\s*(fails|code|line|verdict):(.*)")


class BadHeading(Exception):
    """A bug file does not say of itself what it must."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake of a bug file: the codes that name it, and its line if it has a place."""

    codes: frozenset[str]
    line: int | None = None

    @property
    def has_name(self) -> bool:
        """Whether a code fits it."""
        return NO_CODE not in self.codes


@dataclass(frozen=True, slots=True)
class StudentFile:
    """A whole file of one student, and what the grader must make of it."""

    path: Path
    fails: tuple[str, ...] = ()
    verdict: Verdict = Verdict.WRONG_ANSWER
    mistakes: tuple[Mistake, ...] = ()

    @property
    def topic(self) -> Path:
        """The folder of the assignment that it is handed in for."""
        return self.path.parents[1]

    @property
    def name(self) -> str:
        """Where it is in the corpus: `topic/bugs/name`."""
        return str(self.path.relative_to(FOLDER).with_suffix(""))


def list_files() -> list[StudentFile]:
    """Return every file of every topic, the right ones of a topic first."""
    topics = sorted(path.parent for path in FOLDER.glob("*/assignment.toml"))
    return [file for topic in topics for file in _files_of(topic)]


def _files_of(topic: Path) -> Iterator[StudentFile]:
    yield from (StudentFile(path) for path in sorted((topic / "right").glob("*.py")))
    for path in sorted((topic / "bugs").glob("*.py")):
        yield read_bug(path, path.read_text(encoding="utf-8"))


def read_bug(path: Path, text: str) -> StudentFile:
    """Return what a bug file's first comment lines say; raise BadHeading where they cannot."""
    fails: tuple[str, ...] = ()
    verdict = Verdict.WRONG_ANSWER
    codes: list[frozenset[str]] = []
    lines: list[int | None] = []
    for row in text.splitlines():
        heading = _HEADING.match(row)
        if heading is None:
            break
        key, said = heading[1], heading[2].strip()
        if key == "fails":
            fails = tuple(name.strip() for name in said.split(","))
        elif key == "verdict":
            verdict = Verdict(said)
        elif key == "code":
            codes.append(frozenset(code.strip() for code in said.split("|")))
        else:
            lines.append(None if said == NO_CODE else int(said))
    if not fails or not codes:
        raise BadHeading(f"{path}: it begins with `# fails:` and one `# code:` a mistake")
    unknown = frozenset().union(*codes) - DIAGNOSIS_CODES.keys() - {NO_CODE}
    if unknown:
        raise BadHeading(f"{path}: no code is called {', '.join(sorted(unknown))}")
    n_rows = text.count("\n") + 1
    if len(lines) > len(codes) or not all(line is None or 0 < line <= n_rows for line in lines):
        raise BadHeading(f"{path}: `# line:` names a line of the file, at most one a mistake")
    places = [*lines, *[None] * (len(codes) - len(lines))]
    mistakes = tuple(Mistake(*pair) for pair in zip(codes, places, strict=True))
    return StudentFile(path, fails, verdict, mistakes)
