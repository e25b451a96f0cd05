"""Which folders of this machine a jail needs: the interpreter, numpy, our guest, `reference`."""

from __future__ import annotations

import importlib.util
import os
import platform
import stat
import sys
import sysconfig
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from grader.errors import ConfigurationError

GUEST = Path(__file__).parent / "guest"
OLDEST_NUMPY = (2, 0)
LIBRARY_FOLDERS = tuple(map(Path, ("/lib", "/lib64", "/usr/lib", "/usr/lib64")))
_PACKAGE_FOLDERS = ("site-packages", "dist-packages")


@dataclass(frozen=True, slots=True)
class Runtime:
    """The interpreter that runs guests, and the packages that they may import."""

    executable: Path
    prefix: Path
    libraries: Path
    """The folder that holds the standard library's folder, and libpython where it is shared."""
    standard_library: Path
    numpy: tuple[Path, ...]
    reference: Path

    @property
    def version(self) -> str:
        """The name of the standard library's folder, such as python3.11."""
        return self.standard_library.name

    @property
    def is_of_the_system(self) -> bool:
        """Whether the interpreter is the one whose libraries lie in /usr/lib anyway."""
        return self.prefix == Path("/usr")


@cache
def find_runtime() -> Runtime:
    """Look at the interpreter that runs us, below any virtual environment."""
    prefix = Path(sys.base_prefix).resolve()
    standard_library = Path(
        sysconfig.get_path("stdlib", vars={"installed_base": str(prefix), "base": str(prefix)})
    ).resolve()
    executable = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    return Runtime(
        executable=executable,
        prefix=prefix,
        libraries=standard_library.parent,
        standard_library=standard_library,
        numpy=_find_numpy(),
        reference=_find_package("reference"),
    )


def _find_package(name: str) -> Path:
    found = importlib.util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        raise ConfigurationError(
            f"the package {name} is not installed beside grader",
            remedy="run `python3 -m grader doctor` in the clone, or install grader again",
        )
    return Path(next(iter(found.submodule_search_locations))).resolve()


def _find_numpy() -> tuple[Path, ...]:
    package = _find_package("numpy")
    version = (package / "version.py").read_text() if (package / "version.py").exists() else ""
    found = next((line for line in version.splitlines() if line.startswith("version =")), "")
    numbers = found.partition("=")[2].strip().strip("\"'").split(".")
    if numbers[0].isdigit() and tuple(map(int, numbers[:2])) < OLDEST_NUMPY:
        wanted = ".".join(map(str, OLDEST_NUMPY))
        raise ConfigurationError(
            f"numpy {'.'.join(numbers)} is too old; {wanted} or newer is needed",
            remedy="delete .venv and run the command again, or upgrade numpy",
        )
    libraries = package.parent / "numpy.libs"
    return (package, libraries) if libraries.is_dir() else (package,)


def hidden_folders(runtime: Runtime) -> tuple[Path, ...]:
    """Return folders of installed packages that lie inside what a jail must show."""
    candidates = [runtime.standard_library / name for name in _PACKAGE_FOLDERS]
    candidates += [
        library / python / name
        for library in (Path("/usr/lib"), Path("/usr/lib64"))
        for python in ("python3", runtime.version)
        for name in _PACKAGE_FOLDERS
    ]
    return tuple(dict.fromkeys(path for path in candidates if path.is_dir()))


def readable_on_host(runtime: Runtime, packages: tuple[Path, ...]) -> list[tuple[str, str]]:
    """Return Landlock rules for a worker that sees the machine's own file system.

    Of the standard library, what is in its folder may be read, but for the folders of packages:
    among them could be our own assignments with their solutions. The folder itself may not be
    listed, because who may list it may list all that is below. Imports need no list: the zygote
    has made it before, and Python makes another only where the folder has changed.
    """
    rules = [
        (str(child), "read")
        for child in sorted(runtime.standard_library.iterdir())
        if child.name not in _PACKAGE_FOLDERS
    ]
    multiarch = sysconfig.get_config_var("MULTIARCH") or ""
    for folder in (runtime.libraries, *LIBRARY_FOLDERS):
        if multiarch and (folder / multiarch).is_dir():
            rules.append((str(folder / multiarch), "read"))
        elif folder.is_dir():
            rules += [(str(file), "read") for file in sorted(folder.glob("*.so*"))]
    rules += [(str(package), "read") for package in packages]
    rules += [("/etc/ld.so.cache", "read"), ("/dev/null", "device"), ("/dev/urandom", "read")]
    return rules


def is_reachable_by_others(path: Path) -> bool:
    """Tell whether a user without rights of his own could read this file or folder."""
    wanted = stat.S_IROTH | (stat.S_IXOTH if path.is_dir() else 0)
    folders_are_open = all(parent.stat().st_mode & stat.S_IXOTH for parent in path.parents)
    return folders_are_open and path.stat().st_mode & wanted == wanted


def service_user(uid: int | None) -> tuple[int, int] | None:
    """Return the user and group that a jail runs as when we are root, else None."""
    if os.geteuid() != 0:
        return None
    chosen = DEFAULT_SERVICE_UID if uid is None else uid
    return chosen, chosen


DEFAULT_SERVICE_UID = 64_123
"""A user that no distribution gives to anybody: nobody's processes are not ours to share."""


def describe_environment() -> dict[str, object]:
    """Return what else the numbers of a run depend on."""
    import numpy as np  # not before it is needed: jails are started from here

    return {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "blas_threads": 1,
        "processor_flags": _processor_flags(),
    }


_TELLING_FLAGS = ("avx", "avx2", "avx512f", "fma", "sse4_2", "asimd", "sve")


def _processor_flags() -> list[str]:
    try:
        lines = Path("/proc/cpuinfo").read_text("ascii", "replace").splitlines()
    except OSError:
        return []
    flags = next((line for line in lines if line.startswith(("flags", "Features"))), "")
    return [flag for flag in _TELLING_FLAGS if flag in flags.split()]
