"""The pictures that a handout shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from grader.errors import SpecError

_PICTURE = re.compile(
    r"""!\[[^\]]*\]\(\s*<?([^)\s>]+)|<img\b[^>]*\bsrc\s*=\s*["']([^"']+)["']""", re.IGNORECASE
)
PICTURE_TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}
"""Media types by the ending of a name."""
_LARGEST_PICTURE_BYTES = 5 << 20


def list_pictures(folder: Path, readme: str) -> dict[str, bytes]:
    """Return the pictures that a text shows, by the names under which it does.

    What is not below the folder, or does not end like a picture, is not looked at.
    """
    found: dict[str, bytes] = {}
    root = folder.resolve()
    for name in list_names(readme):
        path = (folder / name).resolve()
        if path.is_file() and path.is_relative_to(root):
            if path.stat().st_size > _LARGEST_PICTURE_BYTES:
                raise SpecError(
                    f"has more than {_LARGEST_PICTURE_BYTES >> 20} MiB",
                    file=path,
                    remedy="make the picture smaller",
                )
            found[name] = path.read_bytes()
    return found


def list_names(readme: str) -> Iterator[str]:
    """Yield the names of the pictures of its folder that a text shows."""
    for match in _PICTURE.finditer(readme):
        name = own_name(match[1] or match[2])
        if name is not None:
            yield name


def own_name(written: str) -> str | None:
    """Return what a text calls a picture of its folder; None for anything else."""
    place = PurePosixPath(written.partition("#")[0].partition("?")[0])
    is_inside = not place.is_absolute() and ".." not in place.parts and ":" not in written
    return place.as_posix() if place.suffix.lower() in PICTURE_TYPES and is_inside else None
