"""Makes or mends `.venv`, one run at a time."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from grader.bootstrap.environment import LOCKS, Environment
from grader.bootstrap.failures import SetupFailed, explain_os_error
from grader.bootstrap.installers import Installer, announce

if sys.platform != "win32":  # two first runs at once are not guarded there
    import fcntl


def make(environment: Environment, group: str) -> None:
    """Install the packages of `group`, and stamp the environment as current.

    Raises
    ------
    SetupFailed
        With one line that says why not, and what to do.
    """
    try:
        os.makedirs(environment.folder, exist_ok=True)
        was_begun = environment.is_ours()
        with _locked(environment) as descriptor:
            if not (environment.is_current(group) and environment.is_executable()):
                _install(environment, group, Installer(environment, descriptor), was_begun)
    except OSError as error:
        raise SetupFailed(explain_os_error(error, environment.folder)) from error


def _install(environment: Environment, group: str, installer: Installer, was_begun: bool) -> None:
    started = time.monotonic()
    folder, digest, groups = environment.stamped()
    # Begun but without a stamp: it was interrupted, and a package half copied looks installed.
    is_interrupted = was_begun and not folder
    is_moved = bool(folder) and folder != environment.folder
    if is_interrupted or is_moved or not environment.is_executable():
        announce(f"setting up {environment.folder} (once; about half a minute)")
        _create(environment)
        groups = ()
    else:
        announce(f"bringing {environment.folder} up to date")
        if digest != environment.fingerprint():
            groups = ()
        with suppress(FileNotFoundError):
            os.unlink(environment.stamp)
    if group == "bench":
        if "run" not in groups:
            installer.install_locked(LOCKS["run"])
        announce("installing what the benchmarks compare with (gigabytes, or CPU builds if pip")
        announce("is configured for an index that has them)")
        installer.install_unlocked(bench_requirements(environment.clone), _pins(environment))
    else:
        installer.install_locked(LOCKS[group])
    environment.write_stamp(tuple(dict.fromkeys(("run", *groups, group))))
    announce(f"set up in {time.monotonic() - started:.0f} s")


def _create(environment: Environment) -> None:
    """Empty the folder but for the lock that we hold, and put an interpreter into it."""
    with os.scandir(environment.folder) as entries:
        for entry in entries:
            if entry.path == environment.lock:
                continue
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path)
            else:
                os.unlink(entry.path)
    try:
        from venv import EnvBuilder
    except ImportError as error:
        raise SetupFailed(
            "this Python has no venv module; on Debian or Ubuntu `sudo apt install python3-venv` "
            "brings it, then run the command again"
        ) from error
    try:
        EnvBuilder(symlinks=os.name != "nt", with_pip=False).create(environment.folder)
    except subprocess.CalledProcessError as error:
        raise SetupFailed(f"{environment.folder} could not be made: {error}") from error


def bench_requirements(clone: str) -> list[str]:
    """The requirements of the extra `bench`, the extras it names written out."""
    import tomllib

    with open(os.path.join(clone, "pyproject.toml"), "rb") as file:
        project = tomllib.load(file)["project"]
    extras = project["optional-dependencies"]
    found: list[str] = []
    waiting = list(extras["bench"])
    while waiting:
        requirement = waiting.pop(0)
        if requirement.startswith(f"{project['name']}["):
            waiting += extras[requirement.partition("[")[2].rstrip("]")]
        else:
            found.append(requirement)
    return found


def _pins(environment: Environment) -> str:
    """File with the versions of requirements.lock, less the hashes that pip would ask of all."""
    path = os.path.join(environment.folder, "grader-pins.txt")
    with (
        open(os.path.join(environment.clone, LOCKS["run"]), encoding="utf-8") as lock,
        open(path, "w", encoding="utf-8") as pins,
    ):
        pins.writelines(
            line.rstrip(" \\\n") + "\n" for line in lock if line[:1].isalnum() and "==" in line
        )
    return path


@contextmanager
def _locked(environment: Environment) -> Iterator[int]:
    """Hold the environment's lock; yields its descriptor, which installers inherit."""
    descriptor = os.open(environment.lock, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if sys.platform != "win32":
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                announce("another run is setting up the environment; waiting for it")
                fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)
