"""Where this machine keeps what was built: one folder a digest, complete or not there at all."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import secrets
import shutil
import stat
import time
from dataclasses import dataclass
from pathlib import Path

from grader.errors import NotFound, OperationError

_FACTS = "environment.json"
_SITE = "site"
UNFINISHED = ".unfinished-"
"""How the names of folders begin that are being built or removed."""
_FORGOTTEN_AFTER_S = 24 * 3600.0
_DIGEST_CHARACTERS = 64


@dataclass(frozen=True, slots=True)
class Built:
    """Packages as they were installed from one lock."""

    digest: str
    folder: Path
    packages: dict[str, str]
    """Version by name."""
    size_bytes: int
    built_at: datetime.datetime

    @property
    def site(self) -> Path:
        """The folder with the modules."""
        return self.folder / _SITE


def find_built(folder: Path, digest: str) -> Built | None:
    """Return what was built from the lock of this digest; None where nothing was.

    What another ordinary user could have put there is not believed.
    """
    place = folder / digest
    try:
        facts = json.loads((place / _FACTS).read_text("utf-8"))
        if place.stat().st_uid not in (0, os.geteuid()):
            return None
        return Built(
            digest=digest,
            folder=place,
            packages={str(name): str(version) for name, version in facts["packages"].items()},
            size_bytes=int(facts["size_bytes"]),
            built_at=datetime.datetime.fromisoformat(facts["built_at"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def is_whole(built: Built) -> bool:
    """Whether all is there that was built: a machine that lost its power may have kept less."""
    return _size_of(built.site) == built.size_bytes


def list_built(folder: Path) -> list[Built]:
    """Return all that was built, the newest first."""
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    found = [find_built(folder, name) for name in names if len(name) == _DIGEST_CHARACTERS]
    return sorted(filter(None, found), key=lambda one: (one.built_at, one.digest), reverse=True)


def keep(folder: Path, unfinished: Path, digest: str, packages: dict[str, str]) -> Built:
    """Make what lies in an unfinished folder the one of its digest, in one step.

    Whoever comes second gives way: both have built the same.
    """
    facts = {
        "packages": packages,
        "size_bytes": _size_of(site_of(unfinished)),
        "built_at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
    }
    (unfinished / _FACTS).write_text(json.dumps(facts, indent=2) + "\n", "utf-8")
    _close(unfinished)
    with contextlib.suppress(OSError):
        unfinished.rename(folder / digest)
    found = find_built(folder, digest)
    if found is None:
        raise OperationError(
            f"{folder / digest} cannot be put in place", remedy="remove what lies there"
        )
    return found


def site_of(unfinished: Path) -> Path:
    """Return where the modules of what is being built belong."""
    return unfinished / _SITE


def make_unfinished(folder: Path) -> Path:
    """Return a new folder to build in, and forget those that killed builds have left behind."""
    forget_leftovers(folder)
    place = folder / f"{UNFINISHED}{secrets.token_hex(8)}"
    place.mkdir(mode=0o755, parents=True)
    return place


def forget_leftovers(folder: Path) -> None:
    """Delete what killed processes were building or removing a day ago or earlier."""
    for path in folder.glob(f"{UNFINISHED}*"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _FORGOTTEN_AFTER_S:
                discard(path)


def find_by_prefix(folder: Path, prefix: str) -> Built:
    """Return the one whose digest begins so.

    Raises
    ------
    NotFound
        Where none does, or more than one.
    """
    found = [one for one in list_built(folder) if one.digest.startswith(prefix)]
    if len(found) != 1 or not prefix:
        what = "several environments begin" if len(found) > 1 else "no environment begins"
        raise NotFound(f"{what} with {prefix!r}", remedy="`grader environment list` shows them")
    return found[0]


def remove_built(built: Built) -> None:
    """Delete what was built; whoever looks for it meanwhile finds nothing, never a part."""
    gone = built.folder.with_name(f"{UNFINISHED}{secrets.token_hex(8)}")
    built.folder.rename(gone)
    discard(gone)


def discard(folder: Path) -> None:
    """Delete a folder, read-only or not; what cannot be deleted stays unfinished."""
    with contextlib.suppress(OSError):
        for parent, _, _ in os.walk(folder):
            os.chmod(parent, 0o755)  # noqa: PTH101 - a walk gives names
    shutil.rmtree(folder, ignore_errors=True)


def _close(folder: Path) -> None:
    """Let everybody read and nobody write; refuse what is neither file nor folder."""
    for parent, folders, files in os.walk(folder, topdown=False):
        for name in files:
            path = Path(parent, name)
            if not stat.S_ISREG(path.lstat().st_mode):
                raise OperationError(f"{name} is no plain file", remedy="do not use its package")
            path.chmod(0o444)
        for name in folders:
            path = Path(parent, name)
            if path.is_symlink():
                raise OperationError(f"{name} is a link", remedy="do not use its package")
            path.chmod(0o555)
    folder.chmod(0o555)


def _size_of(folder: Path) -> int:
    return sum(
        Path(parent, name).lstat().st_size for parent, _, files in os.walk(folder) for name in files
    )
