"""What leaves the site as a file: what somebody handed in, and what students start from."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import PurePosixPath

from flask import Response, send_file

from grader.intake import Upload
from grader.spec.folder import STARTER_FILE
from grader.spec.pictures import PICTURE_TYPES

_UNSAFE = re.compile(r"[^\w.() +-]|^\.+", re.ASCII)
_LONGEST_NAME = 100


def send_download(content: bytes, name: str) -> Response:
    """Return bytes as a file to keep: never shown, never run by the browser."""
    return send_file(
        io.BytesIO(content),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=safe_name(name),
    )


def send_picture(content: bytes, name: str) -> Response:
    """Return a picture of a handout; opened by itself it runs nothing and loads nothing."""
    response = send_file(
        io.BytesIO(content), mimetype=PICTURE_TYPES[PurePosixPath(name).suffix.lower()]
    )
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    )
    return response


def safe_name(name: str) -> str:
    """Return the last part of a name that somebody chose, with nothing that a system misreads."""
    last = PurePosixPath(name.replace("\\", "/")).name
    safe = _UNSAFE.sub("_", last).strip(" .") or "file"
    stem, dot, ending = safe.rpartition(".")
    if len(safe) > _LONGEST_NAME and dot and len(ending) < _LONGEST_NAME // 2:
        return f"{stem[: _LONGEST_NAME - len(ending) - 1]}.{ending}"
    return safe[:_LONGEST_NAME]


def pack_uploads(uploads: Sequence[Upload]) -> bytes:
    """Return a zip of the files as they were handed in, under names that do not collide."""
    stream = io.BytesIO()
    taken: set[str] = set()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, upload in enumerate(uploads, 1):
            name = safe_name(upload.name)
            if name.casefold() in taken:
                name = f"{number}-{name}"
            taken.add(name.casefold())
            archive.writestr(name, upload.content)
    return stream.getvalue()


def read_picture(handout: bytes, name: str) -> bytes | None:
    """Return a picture out of the zip for students, in which a folder is around everything."""
    with zipfile.ZipFile(io.BytesIO(handout)) as packed:
        for member in packed.namelist():
            if member.partition("/")[2] == name:
                return packed.read(member)
    return None


def read_starter(archive: bytes) -> bytes | None:
    """Return what students start from, out of a packed assignment folder."""
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        return packed.read(STARTER_FILE) if STARTER_FILE in packed.namelist() else None
