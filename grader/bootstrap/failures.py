"""Why an environment could not be made, in one line that says what to do."""

from __future__ import annotations

import errno
import os


class SetupFailed(Exception):
    """The environment cannot be made or used; the text is one line for a person."""


_CAUSES = (
    (
        ("No space left on device", "os error 28", "Disk quota exceeded", "os error 122"),
        "the disk is full; free about 1 GB where {folder} is and run the command again",
    ),
    (
        ("do not match the hashes", "Hash mismatch"),
        "a downloaded package is not the one the lock file names (its hash differs); "
        "look at the configured package index, and at {log}",
    ),
    (
        (
            "dns error",
            "error sending request",
            "Could not connect",
            "Failed to establish a new connection",
            "Temporary failure in name resolution",
            "Name or service not known",
            "Network is unreachable",
            "Connection refused",
            "Connection reset",
            "ConnectTimeout",
            "timed out",
            "ProxyError",
            "network was disabled",
            "networking disabled",
        ),
        "the package index cannot be reached; connect to the network (or set the proxy or the "
        "index of pip or uv) and run the command again; details: {log}",
    ),
)
"""What an installer prints, and what that means. The first that fits is the cause."""

_LINE_LENGTH = 200


def explain_installer(output: str, folder: str, log: str) -> str:
    """One line for the failure of an installer that printed `output`."""
    for marks, meaning in _CAUSES:
        if any(mark in output for mark in marks):
            return meaning.format(folder=folder, log=log)
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.lower().startswith("error")]
    said = (errors or lines or ["it said nothing"])[-1][:_LINE_LENGTH]
    return f"the packages could not be installed ({said}); details: {log}"


def is_disk_full(output: str) -> bool:
    """True where no other installer would fare better."""
    return any(mark in output for mark in _CAUSES[0][0])


def explain_os_error(error: OSError, folder: str) -> str:
    """One line for a folder that cannot be written."""
    place = os.fspath(error.filename) if isinstance(error.filename, str) else folder
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _CAUSES[0][1].format(folder=folder)
    if error.errno == errno.EROFS:
        return f"{place} is on a read-only file system; clone into a folder you can write"
    if error.errno in (errno.EACCES, errno.EPERM):
        return (
            f"{place} cannot be written by this user; run the command once as the owner of the "
            "clone, or clone into a folder of your own"
        )
    return f"{place}: {error.strerror or error}"
