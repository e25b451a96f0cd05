"""Names that strangers chose: how to show them, which of them are dangerous or mere clutter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

SHOWN_CHARACTERS = 60
SHOWN_NAMES = 5
NAME_CHARACTERS = 512
"""Unicode normalisation is quadratic in a run of combining characters, so names are short."""

_DRIVE = re.compile(r"[A-Za-z]:")
_ARCHIVE = re.compile(
    r"\.(?:zip|tar|tgz|gz|bz2|tbz2?|xz|txz|lzma|zst|7z|rar|jar|whl|egg|iso)$", re.IGNORECASE
)


def show_name(name: str) -> str:
    """Return the name fit for one line of a terminal: printable, and only its end if it is long."""
    cut = name if len(name) <= SHOWN_CHARACTERS else "…" + name[1 - SHOWN_CHARACTERS :]
    return _replace_unprintable(cut)


def show_line(line: str) -> str:
    """Return a line of a student's text fit for a terminal: printable, and only its beginning."""
    cut = line if len(line) <= SHOWN_CHARACTERS else line[: SHOWN_CHARACTERS - 1] + "…"
    return _replace_unprintable(cut)


def _replace_unprintable(text: str) -> str:
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def show_names(names: Sequence[str]) -> str:
    """Return the first few names as a list in a sentence."""
    text = ", ".join(show_name(name) for name in names[:SHOWN_NAMES])
    return text if len(names) <= SHOWN_NAMES else f"{text} and {len(names) - SHOWN_NAMES} more"


def find_danger(name: str) -> str:
    """Return what makes a member's name unfit for a path inside the archive, or an empty string."""
    if len(name) > NAME_CHARACTERS:
        return f"has a name of more than {NAME_CHARACTERS} characters"
    if "\0" in name:
        return "has a NUL byte in its name"
    if "\\" in name:
        return "has a backslash in its name"
    if name.startswith("/") or _DRIVE.match(name):
        return "has an absolute name"
    if ".." in name.split("/"):
        return "has a name that leaves the archive"
    if not clean_path(name) and not name.endswith("/"):
        return "has no name"
    return ""


def clean_path(name: str) -> str:
    """Return a member's name without the `./` and doubled slashes that some packers write."""
    return "/".join(part for part in name.split("/") if part not in ("", "."))


def fold_name(name: str) -> str:
    """Return what two names have in common if a file system may take one for the other."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def is_clutter(path: str) -> bool:
    """Tell whether an operating system or an editor left this, not the student."""
    return any(part.startswith(".") or part == "__MACOSX" for part in path.split("/"))


def is_archive_name(name: str) -> bool:
    """Tell whether a name promises a packed file of any kind, taken by us or not."""
    return _ARCHIVE.search(name) is not None
