"""Where this process may make cgroups for its jails: found out, not configured.

cgroup v1: below our own cgroup, in a hierarchy that we may write, as root does. cgroup v2: in what
systemd or a container has delegated to us. No others are touched, however much we could write.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CONTROLLERS = ("memory", "pids", "cpu")
_SUPERVISORS = "grader-supervisors"
_ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class Home:
    """A folder in which we may make cgroups, and the controllers that they can have there."""

    folder: Path
    version: int
    controllers: tuple[str, ...]


def find_homes(proc: Path = Path("/proc/self")) -> list[Home]:
    """Return where this process may make cgroups: several folders under v1, at most one of v2."""
    try:
        lines = (proc / "cgroup").read_text().splitlines()
        mounts = list(_read_mounts(proc / "mountinfo"))
    except OSError:
        return []
    homes = []
    for line in lines:
        _, names, path = line.split(":", 2)
        version = 1 if names else 2
        for mount in mounts:
            own = mount.folder_of(path)
            if mount.version != version or own is None or not mount.carries(names):
                continue
            home = _home_below(own, names) if version == 1 else _delegated_home(own, mount.point)
            if home is not None:
                homes.append(home)
                break
    return homes


@dataclass(frozen=True, slots=True)
class _Mount:
    point: Path
    root: str
    version: int
    options: frozenset[str]

    def folder_of(self, path: str) -> Path | None:
        """Return where a cgroup is seen here; None where only other branches are."""
        inside = os.path.relpath(path, self.root)
        return None if inside.startswith("..") else Path(os.path.normpath(self.point / inside))

    def carries(self, names: str) -> bool:
        return all(name in self.options for name in filter(None, names.split(",")))


def _read_mounts(mountinfo: Path) -> Iterator[_Mount]:
    for line in mountinfo.read_text().splitlines():
        before, _, after = line.partition(" - ")
        kind, _, options = after.split(" ", 2)
        if kind in ("cgroup", "cgroup2"):
            root, point = map(_unescape, before.split(" ")[3:5])
            version = 2 if kind == "cgroup2" else 1
            yield _Mount(Path(point), root, version, frozenset(options.split(",")))


def _unescape(text: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), text)


def _is_writable(*paths: Path) -> bool:
    return all(os.access(path, os.W_OK, effective_ids=True) for path in paths)


def _home_below(own: Path, names: str) -> Home | None:
    carried = tuple(name for name in CONTROLLERS if name in names.split(","))
    return Home(own, 1, carried) if carried and _is_writable(own) else None


def _delegated_home(own: Path, top: Path) -> Home | None:
    """Return the delegated cgroup that we are in, or, once we have moved down, are below."""
    for folder in (own, own.parent):
        if not folder.is_relative_to(top) or not _is_delegated(folder, folder == top):
            continue
        with contextlib.suppress(OSError):
            offered = (folder / "cgroup.controllers").read_text().split()
            carried = tuple(name for name in CONTROLLERS if name in offered)
            return Home(folder, 2, carried) if carried else None
    return None


def _is_delegated(folder: Path, is_top: bool) -> bool:
    """Tell whether what is below this folder is ours.

    That we may write it is not enough: in a desktop session the cgroup of a terminal belongs to the
    user too, but its processes are not ours to move. systemd marks what it has delegated; the top
    of all that we can see is a container's own, or, as root without systemd, the machine's.
    """
    if not _is_writable(folder, folder / "cgroup.procs", folder / "cgroup.subtree_control"):
        return False
    return is_top or any(_is_marked(folder, name) for name in ("user", "trusted"))


def _is_marked(folder: Path, kind: str) -> bool:
    try:
        return os.getxattr(folder, f"{kind}.delegate") == b"1"
    except OSError:
        return False


def enable_controllers(home: Home) -> None:
    """Let the cgroups below a delegated folder have its controllers; raise OSError if they cannot.

    No cgroup but the root may have processes and pass on controllers: whoever is in the folder,
    this process and those that it came with, moves into one of their own.
    """
    switch = home.folder / "cgroup.subtree_control"
    is_root = not (home.folder / "cgroup.type").exists()
    for attempt in range(_ATTEMPTS):
        if not is_root:
            _move_down(home.folder)
        try:
            write(switch, " ".join(f"+{name}" for name in home.controllers))
        except OSError as error:
            # Somebody in the folder has forked meanwhile.
            if error.errno != errno.EBUSY or attempt == _ATTEMPTS - 1:
                raise
        else:
            return


def _move_down(folder: Path) -> None:
    inside = (folder / "cgroup.procs").read_text().split()
    if not inside:
        return
    below = folder / _SUPERVISORS
    below.mkdir(exist_ok=True)
    for pid in inside:
        with contextlib.suppress(ProcessLookupError):
            write(below / "cgroup.procs", pid)


def write(path: Path, value: str) -> None:
    """Write a file of a cgroup; one that is not there is an error, as nothing can be made there."""
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, value.encode())
    finally:
        os.close(descriptor)
