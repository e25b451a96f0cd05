"""Starts a jail for root: stages what it needs where a service user can see it, then becomes it.

Run as `python -I -S launch.py JSON` with {"stage", "entries", "uid", "gid", "argv"}. The mounts
are made in a mount namespace of this process alone, so nothing is left when it ends. Python and
the clone may lie in folders that only root may enter.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import sys
from pathlib import Path

_CLONE_NEWNS = 0x0002_0000
_MS_BIND, _MS_REC, _MS_PRIVATE = 4096, 16384, 1 << 18
_LIBC = ctypes.CDLL(None, use_errno=True)


def main(plan: str) -> None:
    """Stage, change user, and become the program that the plan names."""
    wanted = json.loads(plan)
    if wanted["entries"]:
        _stage(wanted["stage"], wanted["entries"])
    os.setgroups([])
    os.setresgid(wanted["gid"], wanted["gid"], wanted["gid"])
    os.setresuid(wanted["uid"], wanted["uid"], wanted["uid"])
    os.chdir("/")
    os.execv(wanted["argv"][0], wanted["argv"])


def _stage(stage: str, entries: list[list[str]]) -> None:
    """Show each source under its new name in a private, empty folder."""
    _call(_LIBC.unshare(_CLONE_NEWNS), "unshare")
    _mount(None, "/", None, _MS_REC | _MS_PRIVATE)
    _mount("tmpfs", stage, "tmpfs", 0, "mode=755,size=16m")
    for way, source, name in entries:
        target = Path(stage, name)
        if way == "copy":
            # Files of ours, which a clone made under umask 077 hides even in an open folder.
            shutil.copytree(source, target)
            _open_to_all(target)
        elif Path(source).is_dir():
            target.mkdir()
            _mount(source, str(target), None, _MS_BIND | _MS_REC)
        else:
            target.touch()
            _mount(source, str(target), None, _MS_BIND)


def _open_to_all(folder: Path) -> None:
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _mount(
    source: str | None, target: str, kind: str | None, flags: int, options: str = ""
) -> None:
    status = _LIBC.mount(
        source.encode() if source else None,
        target.encode(),
        kind.encode() if kind else None,
        flags,
        options.encode() or None,
    )
    _call(status, f"mount {target}")


def _call(status: int, what: str) -> None:
    if status < 0:
        code = ctypes.get_errno()
        sys.exit(f"{what}: {os.strerror(code)}")


if __name__ == "__main__":
    main(sys.argv[1])
