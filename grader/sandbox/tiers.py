"""The two ways in which a zygote is put into a box, and what each needs of the machine."""

from __future__ import annotations

import json
import os
import platform
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from grader.errors import SandboxUnavailable
from grader.sandbox import runtime
from grader.sandbox.guest import landlock
from grader.sandbox.packages import Packages, list_modules
from grader.sandbox.runtime import GUEST, Runtime
from grader.sandbox.sides import Side as Side


class Tier(StrEnum):
    """How strongly a program is confined, the better one first."""

    NAMESPACES = "namespaces"
    LANDLOCK = "landlock"
    NONE = "none"
    """Limits of time and memory alone, for what an author runs of his own; never for others."""


CONFINING = (Tier.NAMESPACES, Tier.LANDLOCK)
"""The tiers that may run what somebody else has written."""


@dataclass(frozen=True, slots=True)
class Folders:
    """Two folders of a jail's own, to mount on before it starts and for an author's data, and
    what is installed for the assignment."""

    stage: Path
    data: Path
    packages: Packages | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """How to start a zygote: the program, its environment, and what it is told first."""

    argv: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)
    options: dict[str, object] = field(default_factory=dict)


_ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "LANG": "C.UTF-8",
    "PATH": "/usr/bin",
}
_MODULES = ("numpy", "numpy.linalg", "numpy.random")
_SPARE_TIME_MODULES = (
    "numpy.fft",
    "numpy.lib.stride_tricks",
    "numpy.ma",
    "numpy.polynomial",
    "numpy.testing",
    "collections.abc",
    "dataclasses",
    "functools",
    "inspect",
    "itertools",
    "linecache",
    "math",
    "tokenize",
    "traceback",
    "typing",
)
"""What students' files import often: a zygote that has nothing to do imports it for all of them."""
_START = "import sys; sys.path.insert(0, {folder!r}); from guest import zygote; sys.path.pop(0); "
_RUN = "zygote.main({control})"
# Without the user's and the site's packages and without the current folder on the path: nothing of
# the machine's Python is picked up. Not -I, under which PYTHONHASHSEED would not count; the
# environment is ours to the last variable.
_FLAGS = ("-P", "-s", "-S", "-B", "-X", "utf8")


def require_linux() -> None:
    """Refuse systems on which no program can be run, with the way out."""
    if platform.system() != "Linux":
        raise SandboxUnavailable(
            f"programs cannot be confined on {platform.system()}",
            remedy="run grader in a Linux container or virtual machine (on Windows: WSL2)",
        )


def require_filter() -> None:
    """Refuse a processor for which no seccomp filter is there."""
    if not (GUEST / f"{os.uname().machine}.bpf").exists():
        raise SandboxUnavailable(
            f"there is no seccomp filter for {os.uname().machine}",
            remedy="run grader on x86-64 or arm64",
        )


def find_bubblewrap() -> str:
    """Return the path of bubblewrap, or refuse the tier that needs it."""
    found = shutil.which("bwrap")
    if found is None:
        raise SandboxUnavailable(
            "bubblewrap (bwrap) is not on PATH",
            remedy="install it: sudo apt install bubblewrap",
        )
    return found


def require_landlock() -> None:
    """Refuse a kernel without Landlock."""
    if landlock.abi_version() < 1:
        raise SandboxUnavailable(
            "this kernel has no Landlock, or it is switched off",
            remedy="use Linux 5.13 or newer, with landlock in the list of lsm= modules",
        )


def command_for(
    tier: Tier,
    side: Side,
    control: int,
    uid: int | None,
    folders: Folders,
    *,
    blas_kernel: str = "",
) -> Command:
    """Return how to start a zygote of this tier and side, talking on descriptor `control`.

    `blas_kernel` is the one that OpenBLAS takes in place of the processor's best.
    """
    require_linux()
    if tier in CONFINING:
        require_filter()
        require_landlock()
    found = runtime.find_runtime()
    user = runtime.service_user(uid)
    environment = _ENVIRONMENT | ({"OPENBLAS_CORETYPE": blas_kernel} if blas_kernel else {})
    if tier is Tier.NAMESPACES:
        return _namespaces_command(found, side, control, user, folders, environment)
    return _host_command(tier, found, side, control, user, folders, environment)


def _host_command(
    tier: Tier,
    found: Runtime,
    side: Side,
    control: int,
    user: tuple[int, int] | None,
    folders: Folders,
    environment: dict[str, str],
) -> Command:
    """Return how to start a zygote that sees the machine's own file system."""
    reference = (found.reference,) if side is Side.REFERENCE else ()
    own = folders.packages
    packages = (*(() if own is not None and own.has_numpy else found.numpy), *reference)
    own_code = _START.format(folder=str(GUEST.parent)) + _RUN.format(control=control)
    uid, gid = user if user is not None else (None, None)
    roots = (found.standard_library, *packages, *([] if own is None else [own.site]))
    return Command(
        argv=(str(found.executable), *_FLAGS, "-c", own_code),
        environment=environment,
        options={
            "walls": tier,
            "import_paths": _parents(packages),
            "modules": [*_MODULES, *(["reference"] if reference else [])],
            "spare_time_modules": _SPARE_TIME_MODULES,
            "readable": [
                *runtime.readable_on_host(found, packages),
                (str(folders.data), "read"),
                *([] if own is None else [(str(own.site), "read")]),
            ],
            **_package_options(own, None if own is None else own.site),
            "uid": uid,
            "gid": gid,
            "is_preloading": user is not None
            and not all(map(runtime.is_reachable_by_others, roots)),
        },
    )


def _package_options(own: Packages | None, shown: Path | None) -> dict[str, object]:
    """Return what a zygote is told of an assignment's packages and where it finds them."""
    if own is None:
        return {}
    return {
        "site": str(shown),
        "site_modules": own.preloaded,
        # What another user cannot reach later is imported now, all of it.
        "unreachable_modules": ()
        if runtime.is_reachable_by_others(own.site)
        else list_modules(own.site),
    }


def _parents(packages: Iterable[Path]) -> list[str]:
    return list(dict.fromkeys(str(package.parent) for package in packages))


_INSIDE = Path("/rt")
DATA_INSIDE = _INSIDE / "data"


def _namespaces_command(
    found: Runtime,
    side: Side,
    control: int,
    user: tuple[int, int] | None,
    folders: Folders,
    environment: dict[str, str],
) -> Command:
    bubblewrap = find_bubblewrap()
    shown = _shown_inside(found, side, folders.packages)
    entries: list[list[str]] = []
    if user is not None and not all(map(runtime.is_reachable_by_others, shown.values())):
        for number, (inside, source) in enumerate(shown.items()):
            way = "copy" if inside in _OUR_OWN else "bind"
            entries.append([way, str(source), str(number)])
            shown[inside] = folders.stage / str(number)
    shown[DATA_INSIDE] = folders.data
    python = _INSIDE / "bin" / "python3"
    own_code = _START.format(folder=str(_INSIDE)) + _RUN.format(control=control)
    argv = (
        bubblewrap,
        *_bubblewrap_arguments(found, shown, environment),
        *("--", str(python), *_FLAGS, "-c", own_code),
    )
    if user is not None:
        plan = {
            "stage": str(folders.stage),
            "entries": entries,
            "uid": user[0],
            "gid": user[1],
            "argv": argv,
        }
        launcher = str(Path(__file__).parent / "launch.py")
        argv = (str(found.executable), "-I", "-S", launcher, json.dumps(plan))
    return Command(
        argv=argv,
        options={
            "walls": Tier.NAMESPACES,
            "import_paths": [str(_SITE)],
            "modules": [*_MODULES, *(["reference"] if side is Side.REFERENCE else [])],
            "spare_time_modules": _SPARE_TIME_MODULES,
            "readable": [
                *((str(folder), "read") for folder in (*runtime.LIBRARY_FOLDERS, _INSIDE)),
                ("/dev/null", "device"),
                ("/dev/urandom", "read"),
            ],
            **_package_options(folders.packages, _OWN_SITE),
        },
    )


_SITE = _INSIDE / "site"
_OWN_SITE = _INSIDE / "packages"
_OUR_OWN = (_INSIDE / "guest", _SITE / "reference")


def _shown_inside(found: Runtime, side: Side, own: Packages | None) -> dict[Path, Path]:
    """Return what is bound from the machine: path in the jail -> path outside."""
    shown = {_INSIDE / "guest": GUEST, _INSIDE / "bin" / "python3": found.executable}
    if not found.is_of_the_system:
        shown[_INSIDE / "lib"] = found.libraries
    if own is not None:
        shown[_OWN_SITE] = own.site
    if own is None or not own.has_numpy:
        shown |= {_SITE / package.name: package for package in found.numpy}
    if side is Side.REFERENCE:
        shown[_SITE / "reference"] = found.reference
    return shown


def _bubblewrap_arguments(
    found: Runtime, shown: dict[Path, Path], environment: dict[str, str]
) -> list[str]:
    # --unshare-all alone quietly leaves out the user namespace where it cannot be made.
    arguments = ["--unshare-all", "--unshare-user", "--uid", "1000", "--gid", "1000"]
    arguments += ["--die-with-parent", "--hostname", "box"]
    # The capability holds inside the jail's own user namespace; every worker drops it.
    arguments += ["--cap-add", "CAP_SYS_ADMIN"]
    for folder in runtime.LIBRARY_FOLDERS:
        if folder.is_symlink():
            arguments += ["--symlink", str(folder.readlink()), str(folder)]
        elif folder.is_dir():
            arguments += ["--ro-bind", str(folder), str(folder)]
    for inside, source in shown.items():
        arguments += ["--ro-bind", str(source), str(inside)]
    for folder in runtime.hidden_folders(found):
        inside = folder
        if not found.is_of_the_system and folder.is_relative_to(found.libraries):
            inside = _INSIDE / "lib" / folder.relative_to(found.libraries)
        arguments += ["--tmpfs", str(inside), "--remount-ro", str(inside)]
    python_home = "/usr" if found.is_of_the_system else str(_INSIDE)
    arguments += ["--tmpfs", "/tmp", "--dir", "/dev"]
    for device in ("/dev/null", "/dev/urandom"):
        arguments += ["--dev-bind", device, device]
    environment = {
        **environment,
        "PYTHONHOME": python_home,
        "LD_LIBRARY_PATH": str(_INSIDE / "lib"),
    }
    for name, value in environment.items():
        arguments += ["--setenv", name, value]
    return [*arguments, "--remount-ro", "/", "--chdir", "/"]
