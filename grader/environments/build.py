"""Builds an environment: installs a lock into a folder of its own, tries it, puts it in place.

Nothing of a package runs here. Wheels are unpacked, never built from source; what Python compiles
them to is made by a process of its own; they are imported in jails alone.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from grader.bootstrap.failures import explain_installer, is_disk_full
from grader.bootstrap.installers import shell_environment
from grader.bootstrap.requirements import installed_versions
from grader.environments import shelf
from grader.environments.lock import Lock
from grader.environments.shelf import Built
from grader.errors import OperationError, SpecError
from grader.sandbox.packages import list_modules
from grader.sandbox.runtime import OLDEST_NUMPY

_OURS = ("grader", "guest", "reference")
"""Names by which jails and commands find what is ours."""
_LONGEST_NAMED = 100
_LOCKED = ("--require-hashes", "--only-binary", ":all:")
_DIFFERS = "a package is not the one whose hash the file names"
_LACKS = "it lacks a package that another one needs"
_NO_WHEEL = "there is no wheel for this Python and machine"
_TO_MEND = (
    (r"DO NOT MATCH THE HASHES.*?\n\s+(\S+)", _DIFFERS),
    (r"Hash mismatch for `([^`]+)`", _DIFFERS),
    (r"must have their versions pinned with ==.*?\n\s+(\S+)", _LACKS),
    (r"no trusted hash was provided for: `([^`]+)`", _LACKS),
    (r"No matching distribution found for (\S+)", _NO_WHEEL),
    (r"Because (\S+) has no (?:usable )?wheels", _NO_WHEEL),
    (r"Cannot install ([^\n]+) because these package versions", "its versions do not fit"),
    (r"No solution found[^\n]*\n\s*([^\n]+)", "its versions do not fit"),
)
"""What pip and uv print where the lock file is to blame, with the package's name."""


def build(
    lock: Lock,
    folder: Path,
    *,
    file: Path,
    try_out: Callable[[Path], None] = lambda _: None,
) -> Built:
    """Install what a lock file asks for, unless that was done before; return it as it is kept.

    Parameters
    ----------
    lock
        What to install.
    folder
        Where this machine keeps all that was built.
    file
        The lock file, which errors name.
    try_out
        Called with the folder of the modules before anybody else can find it; what it raises ends
        the building.

    Raises
    ------
    SpecError
        If the lock file is to blame: a hash that differs, a package that is missing.
    OperationError
        If the machine is: no network, no room, no installer.
    """
    built = shelf.find_built(folder, lock.digest)
    if built is not None and shelf.is_whole(built):
        return built
    if built is not None:
        shelf.remove_built(built)
    log = folder / f"{lock.digest}.log"
    try:
        unfinished = shelf.make_unfinished(folder)
        log.unlink(missing_ok=True)
        try:
            site = shelf.site_of(unfinished)
            _install(lock, site, file, log)
            packages = _list_packages(site, file)
            _compile(site)
            try_out(site)
            built = shelf.keep(folder, unfinished, lock.digest, packages)
        finally:
            shelf.discard(unfinished)
    except OSError as error:
        raise OperationError(
            f"{error.filename or folder}: {error.strerror}",
            remedy="make room, or set GRADER_DATA_DIR to a folder of this user's",
        ) from error
    return built


def _install(lock: Lock, site: Path, file: Path, log: Path) -> None:
    """Let uv or pip unpack the wheels; pip after a failure of uv, for its index may be another."""
    commands = _installers()
    if not commands:
        raise OperationError(
            "neither uv nor pip is on this machine",
            remedy="install uv, or python3-venv, and run the command again",
        )
    # Not in /tmp, which may be small, and from which everything would have to be copied.
    scratch = site.with_name("scratch")
    scratch.mkdir()
    requirements = scratch / "requirements.lock"
    requirements.write_text(lock.text, "utf-8")
    output = ""
    for command in commands:
        shutil.rmtree(site, ignore_errors=True)
        output = _run([*command, "--target", str(site), "-r", str(requirements)], log, scratch)
        if not output or is_disk_full(output):
            break
    shutil.rmtree(scratch)
    if output:
        raise _failure(output, file, log)
    log.unlink(missing_ok=True)


def _installers() -> Sequence[tuple[str, ...]]:
    """Return the beginnings of the commands that install, the better one first."""
    commands: list[tuple[str, ...]] = []
    beside = Path(sys.executable).with_name("uv")
    uv = shutil.which("uv") or (str(beside) if os.access(beside, os.X_OK) else None)
    if uv is not None:
        # Copies: a link into uv's cache would be the same file, and change with it.
        options = ("--python", sys.executable, "--link-mode", "copy", *_LOCKED)
        commands.append((uv, "pip", "install", *options))
    pip = _find_pip()
    if pip:
        options = ("--no-input", "--disable-pip-version-check", "--retries", "2", *_LOCKED)
        commands.append((*pip, "install", "--no-compile", *options))
    return commands


def _find_pip() -> tuple[str, ...]:
    if importlib.util.find_spec("pip") is not None:
        return sys.executable, "-m", "pip"
    # An environment that uv has made has no pip of its own; Python brings one as a wheel.
    bundled = importlib.util.find_spec("ensurepip")
    if bundled is None or bundled.origin is None:
        return ()
    places = (Path(bundled.origin).parent / "_bundled", Path("/usr/share/python-wheels"))
    wheels = [wheel for place in places for wheel in sorted(place.glob("pip-*.whl"))]
    return (sys.executable, str(wheels[0] / "pip")) if wheels else ()


def _run(command: Sequence[str], log: Path, scratch: Path) -> str:
    """Run an installer; return what it printed where it failed, else nothing."""
    variables = {
        **shell_environment(),
        "PIP_USER": "0",
        "TMPDIR": str(scratch),
        "UV_COMPILE_BYTECODE": "0",
    }
    finished = subprocess.run(
        command,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        umask=0o022,
        check=False,
    )
    output = finished.stdout.decode(errors="replace")
    with log.open("a", encoding="utf-8") as file:
        file.write(f"$ {' '.join(command)}\n{output}")
    return "" if finished.returncode == 0 else output or f"error: exit {finished.returncode}"


def _failure(output: str, file: Path, log: Path) -> SpecError | OperationError:
    told = explain_installer(output, str(log.parent), str(log))
    is_elsewhere = is_disk_full(output) or "cannot be reached" in told
    for mark, problem in () if is_elsewhere else _TO_MEND:
        if found := re.search(mark, output):
            return SpecError(
                f"{problem}: {found[1][:_LONGEST_NAMED]}",
                file=file,
                remedy=f"write the lock file again; details: {log}",
            )
    return OperationError(told)


def _list_packages(site: Path, file: Path) -> dict[str, str]:
    """Return what was installed; refuse what could not run beside what is ours."""
    packages = installed_versions([str(site)])
    if not packages:
        problem = "names no package for this machine"
        raise SpecError(problem, file=file, remedy="look at its markers")
    taken = [name for name in list_modules(site) if name in _OURS]
    if taken:
        raise SpecError(
            f"a package brings the module {taken[0]!r}, whose name is the grader's own",
            file=file,
            remedy="leave that package out",
        )
    numbers = packages.get("numpy", "").split(".")[:2]
    oldest = ".".join(map(str, OLDEST_NUMPY))
    if all(part.isdigit() for part in numbers) and tuple(map(int, numbers)) < OLDEST_NUMPY:
        raise SpecError(
            f"numpy {packages['numpy']} is too old; {oldest} or newer is needed",
            file=file,
            remedy="lock a newer one",
        )
    return packages


def _compile(site: Path) -> None:
    """Compile what was installed, in a process of its own: a jail could not keep what it compiles.

    A file that does not compile is left to whoever imports it.
    """
    command = [sys.executable, "-I", "-S", "-m", "compileall", "-q", "-j", "1"]
    subprocess.run(
        [*command, "--invalidation-mode", "unchecked-hash", str(site)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        umask=0o022,
        check=False,
    )
