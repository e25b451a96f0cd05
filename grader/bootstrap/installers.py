"""Runs uv or pip against `.venv`, quietly, and says in one line why they failed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence

from grader.bootstrap.environment import UV_LOCK, Environment
from grader.bootstrap.failures import SetupFailed, explain_installer, is_disk_full

_MISLEADING = (
    "PIP_PREFIX",
    "PIP_REQUIRE_HASHES",
    "PIP_TARGET",
    "PIP_USER",
    "PYTHONHOME",
    "PYTHONPATH",
    "UV_NO_BUILD_ISOLATION",
    "UV_PYTHON",
    "UV_REQUIRE_HASHES",
    "UV_SYSTEM_PYTHON",
)
"""Variables of a user's shell that would send packages elsewhere or refuse the clone itself."""

_APT_LINE = (
    "neither uv nor pip is on this machine; on Debian or Ubuntu `sudo apt install python3-venv` "
    "brings it, then run the command again"
)


class Installer:
    """Installs into one environment; every line the tools print goes to the environment's log."""

    def __init__(self, environment: Environment, lock_descriptor: int) -> None:
        self._environment = environment
        self._lock_descriptor = lock_descriptor
        self._pip: tuple[str, ...] = ()

    def install_locked(self, lock: str) -> None:
        """Install what the lock file names, with hashes, and the clone itself, editable.

        uv from PATH if it can, else uv from the package index, else pip. pip is tried after a
        failure of uv too: it may know an index of which uv has not been told.
        """
        python = self._environment.python
        uv = shutil.which("uv") or self._install_uv()
        if uv is not None:
            output = self._install((uv, "pip", "install", "--python", python), lock)
            if output is None:
                return
            if is_disk_full(output):
                raise self._failure(output)
            announce("uv failed, trying pip")
        output = self._install((*self._find_pip(), "install"), lock)
        if output is not None:
            raise self._failure(output)

    def install_unlocked(self, requirements: Sequence[str], constraints: str) -> None:
        """Install requirements with pip alone, so that its configured index decides the builds."""
        output = self._run((*self._find_pip(), "install", "-c", constraints, *requirements))
        if output is not None:
            raise self._failure(output)

    def _install(self, tool: Sequence[str], lock: str) -> str | None:
        clone = self._environment.clone
        output = self._run((*tool, "--require-hashes", "-r", os.path.join(clone, lock)))
        if output is None:
            # The build backend is among the locked packages: nothing is fetched to build this.
            output = self._run((*tool, "--no-deps", "--no-build-isolation", "-e", clone))
        if output is None:
            # A jail sees these files read-only: what is not compiled now is compiled there each
            # time it starts. A clone that cannot be written just starts more slowly.
            packages = [os.path.join(clone, package) for package in ("grader", "reference")]
            self._run((self._environment.python, "-m", "compileall", "-q", *packages))
        return output

    def _install_uv(self) -> str | None:
        """Install uv inside the environment; None where that is not possible."""
        uv = os.path.join(self._environment.scripts, "uv")
        if os.access(uv, os.X_OK):
            return uv
        lock = os.path.join(self._environment.clone, UV_LOCK)
        output = self._run((*self._find_pip(), "install", "--require-hashes", "-r", lock))
        if output is not None and is_disk_full(output):
            raise self._failure(output)
        return uv if output is None and os.access(uv, os.X_OK) else None

    def _find_pip(self) -> tuple[str, ...]:
        """The command of a pip that installs into the environment."""
        if self._pip:
            return self._pip
        python = self._environment.python
        options = ("--no-input", "--disable-pip-version-check", "--retries", "2")
        inside = (python, "-m", "pip")
        # Debian without python3-venv has no ensurepip, but perhaps a pip.
        outside = (sys.executable, "-m", "pip", "--python", python)
        attempts = (
            ((*inside, "--version"), inside),
            ((python, "-m", "ensurepip", "--default-pip"), inside),
            ((*outside, "--version"), outside),
        )
        for attempt, pip in attempts:
            output = self._run(attempt)
            if output is None:
                self._pip = (*pip, *options)
                return self._pip
            if is_disk_full(output):
                raise self._failure(output)
        raise SetupFailed(_APT_LINE)

    def _run(self, command: Sequence[str]) -> str | None:
        """Run a command; None where it went well, else what it printed."""
        log = self._environment.log
        with open(log, "ab+") as file:
            file.write(f"$ {' '.join(command)}\n".encode(errors="surrogateescape"))
            file.flush()
            begin = file.tell()
            try:
                finished = subprocess.run(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=file,
                    stderr=subprocess.STDOUT,
                    env=shell_environment(),
                    # Another user may run what root installed.
                    umask=0o022,
                    # A killed run leaves its installer behind; the lock stays with that one.
                    pass_fds=() if os.name == "nt" else (self._lock_descriptor,),
                    check=False,
                )
            except OSError as error:
                return f"error: {command[0]}: {error.strerror}"
            if finished.returncode == 0:
                return None
            file.seek(begin)
            return file.read().decode(errors="replace") or f"error: exit {finished.returncode}"

    def _failure(self, output: str) -> SetupFailed:
        environment = self._environment
        return SetupFailed(explain_installer(output, environment.folder, environment.log))


def announce(text: str) -> None:
    """Tell the person at the terminal; stdout belongs to the command's own output."""
    sys.stderr.write(f"grader: {text}\n")
    sys.stderr.flush()


def shell_environment() -> Mapping[str, str]:
    """The variables that installers get: the user's, less what would mislead them."""
    environment = {key: value for key, value in os.environ.items() if key not in _MISLEADING}
    environment["UV_COMPILE_BYTECODE"] = "1"  # as pip does anyway
    home = os.path.expanduser("~")
    if not os.access(home, os.W_OK):
        # Caches go under the home folder; without one there are none.
        environment.setdefault("UV_NO_CACHE", "1")
        environment.setdefault("PIP_NO_CACHE_DIR", "1")
        environment["HOME"] = tempfile.gettempdir() if home == "~" else home
    return environment
