"""Walks the headers of a tar that lies in memory.

The standard library's `tarfile` is not used on purpose: it aims at every tar ever written, and
with strangers' files its generality has meant endless loops on negative sizes (CVE-2025-8194),
quadratic header parsing (CVE-2024-6232) and sparse maps. Here: regular files and folders, long
names by pax (POSIX.1-2001) or GNU; anything else is an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grader.intake.names import show_name

BLOCK_BYTES = 512
EXTENSION_BYTES = 64 * 1024
"""The largest extended header: a real one holds a long name and a few times."""

_FILE, _FOLDER = b"0\0", b"5"
_PAX, _PAX_GLOBAL, _GNU_LONG_NAME = b"x", b"g", b"L"
_REFUSED = {
    b"1": "a hard link",
    b"2": "a symbolic link",
    b"3": "a device",
    b"4": "a device",
    b"6": "a pipe",
    b"S": "a sparse file",
    b"K": "a link with a long name",
}


class CorruptTar(ValueError):
    """The bytes are no tar, or one of a kind that no homework needs."""


@dataclass(frozen=True, slots=True)
class TarEntry:
    """A regular file, or a folder, and where its content lies."""

    name: str
    is_file: bool
    start: int
    size: int


def walk_entries(content: bytes) -> Iterator[TarEntry]:
    """Yield the files and folders in order; raise `CorruptTar` at the first thing that is wrong."""
    position = 0
    long_name = ""
    while True:
        header = content[position : position + BLOCK_BYTES]
        if len(header) < BLOCK_BYTES:
            raise CorruptTar("the tar ends in the middle")
        if not header.strip(b"\0"):
            return
        _check_sum(header)
        size = _read_octal(header[124:136])
        start = position + BLOCK_BYTES
        if start + size > len(content):
            raise CorruptTar("a member of the tar is larger than the whole")
        position = start + -(-size // BLOCK_BYTES) * BLOCK_BYTES
        kind = header[156:157]
        if kind in (_PAX, _PAX_GLOBAL, _GNU_LONG_NAME):
            if size > EXTENSION_BYTES:
                raise CorruptTar("an extended header of the tar is too large")
            extension = content[start : start + size]
            if kind == _GNU_LONG_NAME:
                long_name = _decode(extension.rstrip(b"\0"))
            else:
                renamed = _read_pax(extension, size)
                if renamed and kind == _PAX_GLOBAL:
                    raise CorruptTar("a global header of the tar gives one name to all members")
                long_name = renamed or long_name
            continue
        name = long_name or _short_name(header)
        long_name = ""
        if kind in _REFUSED:
            raise CorruptTar(f"its member {show_name(name)!r} is {_REFUSED[kind]}")
        # The oldest tars mark a folder by nothing but the slash at its end.
        if kind == _FOLDER or (kind in _FILE and name.endswith("/")):
            yield TarEntry(name, is_file=False, start=start, size=0)
        elif kind in _FILE:
            yield TarEntry(name, is_file=True, start=start, size=size)
        else:
            raise CorruptTar(f"its member {show_name(name)!r} is of an unknown type")


def _short_name(header: bytes) -> str:
    name = _decode(header[:100].split(b"\0", 1)[0])
    # The prefix field is POSIX's; GNU's own format keeps times there.
    is_posix = header[257:263] == b"ustar\0"
    prefix = _decode(header[345:500].split(b"\0", 1)[0]) if is_posix else ""
    return f"{prefix}/{name}" if prefix else name


def _check_sum(header: bytes) -> None:
    expected = sum(header) - sum(header[148:156]) + 8 * ord(" ")
    if _read_octal(header[148:156]) != expected:
        raise CorruptTar("a header of the tar has a wrong checksum")


def _read_octal(field: bytes) -> int:
    # Binary sizes start with a byte >= 0x80; they exist for 8 GiB and more, and for attacks.
    digits = field.strip(b" \0")
    if not digits or digits.strip(b"01234567"):
        raise CorruptTar("a header of the tar has a number that is not octal")
    return int(digits, 8)


def _read_pax(extension: bytes, size: int) -> str:
    """Return the `path` of an extended header, records of `"LENGTH KEY=VALUE\\n"`."""
    path = ""
    position = 0
    while position < size:
        space = extension.find(b" ", position, position + 8)
        digits = extension[position:space] if space > 0 else b""
        length = int(digits) if digits.isdigit() else 0
        record = extension[space + 1 : position + length]
        if position + length > size or not record.endswith(b"\n") or b"=" not in record:
            raise CorruptTar("an extended header of the tar is malformed")
        key, value = record[:-1].split(b"=", 1)
        if key in (b"size", b"linkpath") or key.startswith(b"GNU.sparse"):
            raise CorruptTar(f"an extended header of the tar sets {show_name(_decode(key))!r}")
        if key == b"path":
            path = _decode(value)
        position += length
    return path


def _decode(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")
