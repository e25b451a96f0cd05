"""Lists a zip or tar.gz in memory and reads single members; headers are claims, caps are real."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from grader.errors import SubmissionRejected
from grader.intake import tar
from grader.intake.names import clean_path, find_danger, fold_name, is_clutter, show_name
from grader.intake.submission import IntakeLimits, Upload

CLUTTER_FACTOR = 10
"""Clutter is not counted, but it is read past: so much of it is refused without reading."""
REPACK = "pack the asked files again, as a plain .zip or .tar.gz"

_CENTRAL_ENTRY = b"PK\x01\x02"
_DOS = 0
"""The system that a Windows program names as its own."""
_ENCRYPTED_FLAGS = 0x1 | 0x40 | 0x2000
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_CORRUPT_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Member:
    """A regular file in an archive, under a name that is safe."""

    path: str
    size: int
    """In bytes, as the archive claims."""
    read: Callable[[int], bytes]
    """Returns at most so many bytes of it, whatever the archive claims."""


def is_archive(name: str) -> bool:
    """Tell whether the name is of a kind of archive that we open."""
    return name.lower().endswith((".zip", ".tar.gz", ".tgz"))


def list_members(upload: Upload, limits: IntakeLimits) -> list[Member]:
    """Return the members that count, or reject the whole archive."""
    is_zip = upload.name.lower().endswith(".zip")
    members: list[Member] = []
    seen: set[str] = set()
    for member in _list_zip(upload, limits) if is_zip else _list_tar(upload, limits):
        if is_clutter(member.path):
            continue
        members.append(member)
        if len(members) > limits.members:
            raise _too_many(upload, limits)
        if (folded := fold_name(member.path)) in seen:
            raise refuse_member(upload, member.path, "is there twice; keep one of the two")
        seen.add(folded)
    if sum(member.size for member in members) > limits.unpacked_bytes:
        raise _too_large(upload, limits)
    return members


def take_bytes(content: bytes, cap: int) -> bytes:
    """Return at most so many bytes."""
    return content[:cap]


def refuse_member(upload: Upload, name: str, problem: str) -> SubmissionRejected:
    """Return the error for one member of an archive."""
    return SubmissionRejected(
        f"its member {show_name(name)!r} {problem}", name=show_name(upload.name)
    )


def _list_zip(upload: Upload, limits: IntakeLimits) -> Iterator[Member]:
    # An entry costs `zipfile` a kilobyte, so a directory of a hundred thousand is not even parsed.
    if upload.content.count(_CENTRAL_ENTRY) > limits.members * CLUTTER_FACTOR:
        raise _too_many(upload, limits)
    try:
        archive = zipfile.ZipFile(io.BytesIO(upload.content))
    except _CORRUPT_ZIP as error:
        raise _corrupt(upload, "zip") from error
    for info in archive.infolist():
        # `filename` stops at a NUL and, on Windows, hides a backslash: the original is judged.
        name = info.orig_filename
        if info.create_system == _DOS:
            name = name.replace("\\", "/")  # Compress-Archive of Windows writes these
        kind = stat.S_IFMT(info.external_attr >> 16)
        if problem := find_danger(name):
            raise refuse_member(upload, name, f"{problem}; {REPACK}")
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise refuse_member(upload, name, f"is a link or a special file; {REPACK}")
        if info.flag_bits & _ENCRYPTED_FLAGS:
            raise refuse_member(upload, name, "is encrypted; pack it again without a password")
        if name.endswith("/") or kind == stat.S_IFDIR:
            continue
        if info.compress_type not in _METHODS:
            raise refuse_member(upload, name, f"is compressed in an unusual way; {REPACK}")
        yield Member(clean_path(name), info.file_size, _zip_reader(upload, archive, info))


def _zip_reader(
    upload: Upload, archive: zipfile.ZipFile, info: zipfile.ZipInfo
) -> Callable[[int], bytes]:
    def read(cap: int) -> bytes:
        try:
            with archive.open(info) as stream:
                content = stream.read(cap)
        except _CORRUPT_ZIP as error:
            raise refuse_member(upload, info.orig_filename, f"is damaged; {REPACK}") from error
        if len(content) < min(cap, info.file_size):
            raise refuse_member(upload, info.orig_filename, f"is shorter than declared; {REPACK}")
        return content

    return read


def _list_tar(upload: Upload, limits: IntakeLimits) -> Iterator[Member]:
    inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        content = inflater.decompress(upload.content, limits.unpacked_bytes + 1)
    except zlib.error as error:
        raise _corrupt(upload, "tar.gz") from error
    if len(content) > limits.unpacked_bytes:
        raise _too_large(upload, limits)
    if not inflater.eof:
        raise _corrupt(upload, "tar.gz")
    if inflater.unused_data.strip(b"\0"):
        raise SubmissionRejected(
            "something follows the end of its gzip stream",
            name=show_name(upload.name),
            remedy=REPACK,
        )
    try:
        for count, entry in enumerate(tar.walk_entries(content), start=1):
            if count > limits.members * CLUTTER_FACTOR:
                raise _too_many(upload, limits)
            if problem := find_danger(entry.name):
                raise refuse_member(upload, entry.name, f"{problem}; {REPACK}")
            if entry.is_file:
                stored = content[entry.start : entry.start + entry.size]
                yield Member(clean_path(entry.name), entry.size, partial(take_bytes, stored))
    except tar.CorruptTar as error:
        raise SubmissionRejected(str(error), name=show_name(upload.name), remedy=REPACK) from error


def _corrupt(upload: Upload, kind: str) -> SubmissionRejected:
    return SubmissionRejected(
        f"it is damaged, or not a {kind} archive at all", name=show_name(upload.name), remedy=REPACK
    )


def _too_many(upload: Upload, limits: IntakeLimits) -> SubmissionRejected:
    return SubmissionRejected(
        f"it holds more than {limits.members} files",
        name=show_name(upload.name),
        remedy="pack only the files that the assignment asks for",
    )


def _too_large(upload: Upload, limits: IntakeLimits) -> SubmissionRejected:
    return SubmissionRejected(
        f"unpacked it is larger than {limits.unpacked_bytes:,} bytes",
        name=show_name(upload.name),
        remedy="pack only the files that the assignment asks for",
    )
