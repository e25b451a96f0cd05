"""Known submissions of an assignment: wrong ones that say what they fail, and right ones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from grader.errors import SpecError
from grader.spec.folder import decode_utf8

SUBMISSIONS_FOLDER = "submissions"
PASSED_FOLDER = "passed"

_STATEMENT = re.compile(r"#\s*(fails|diagnosis)\s*:(.*)")


@dataclass(frozen=True, slots=True)
class Expectations:
    """What a known submission says of itself: ids of failed checks, codes of diagnoses."""

    fails: tuple[str, ...] = ()
    diagnosis: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownSubmission:
    """A submission that lies in the assignment folder; a right one fails nothing."""

    name: str
    path: Path
    text: str
    is_right: bool
    expectations: Expectations


def read_expectations(text: str) -> Expectations:
    """Return what the leading comments say: `# fails: a, b` and `# diagnosis: transposed`.

    Parameters
    ----------
    text : str
        Source of a submission. It is only read up to its first line that is no comment.
    """
    stated: dict[str, list[str]] = {"fails": [], "diagnosis": []}
    for line in text.removeprefix("\ufeff").splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            break
        statement = _STATEMENT.fullmatch(line.strip())
        if statement:
            words = (word.strip() for word in statement[2].split(","))
            stated[statement[1]] += (word for word in words if word)
    return Expectations(*(tuple(dict.fromkeys(words)) for words in stated.values()))


def list_submissions(folder: Path) -> tuple[KnownSubmission, ...]:
    """Return the known submissions of an assignment folder: the wrong ones, then the right ones.

    Raises
    ------
    SpecError
        If a wrong one does not say which checks it fails, or a right one says that it fails some.
    """
    wrong = sorted((folder / SUBMISSIONS_FOLDER).glob("*.py"))
    right = sorted((folder / SUBMISSIONS_FOLDER / PASSED_FOLDER).glob("*.py"))
    return (*(_read(path, False) for path in wrong), *(_read(path, True) for path in right))


def _read(path: Path, is_right: bool) -> KnownSubmission:
    text = decode_utf8(path.read_bytes(), path)
    expectations = read_expectations(text)
    if not is_right and not expectations.fails:
        raise SpecError(
            "does not say which checks it fails",
            file=path,
            line=1,
            remedy="begin it with the line `# fails: ID, ID`",
        )
    if is_right and expectations.fails:
        raise SpecError(
            "says that it fails checks, but lies among the right ones",
            file=path,
            line=1,
            remedy=f"move it out of {PASSED_FOLDER}/",
        )
    return KnownSubmission(path.stem, path, text, is_right, expectations)
