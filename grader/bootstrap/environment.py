"""The folder `.venv` of a clone: where its parts are, and whether it is complete."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from grader.bootstrap.requirements import RUN, TEST, installed_versions, shortcomings

LOCKS: Mapping[str, str] = {"run": "requirements.lock", "test": "requirements-test.lock"}
"""The lock file of each group of packages; `bench` has none, it adds to `run`."""

UV_LOCK = "requirements-uv.lock"


class Environment:
    """`.venv` beside pyproject.toml.

    It is ours once it holds our lock file, and complete while it holds a stamp. The stamp names
    the folder (scripts hold absolute paths), a digest of everything the installation followed
    from, and the groups of packages installed.
    """

    def __init__(self, clone: str) -> None:
        self.clone = clone
        self.folder = os.path.join(clone, ".venv")
        self.scripts = os.path.join(self.folder, "Scripts" if os.name == "nt" else "bin")
        self.python = os.path.join(self.scripts, "python.exe" if os.name == "nt" else "python")
        self.stamp = os.path.join(self.folder, "grader-stamp")
        self.lock = os.path.join(self.folder, "grader-setup.lock")
        self.log = os.path.join(self.folder, "grader-setup.log")

    def exists(self) -> bool:
        """True where there is a folder at all, whoever made it."""
        return os.path.isdir(self.folder)

    def is_ours(self) -> bool:
        """True where this program made the folder, or began to."""
        return os.path.exists(self.lock)

    def is_entered(self) -> bool:
        """True where this interpreter is the environment's own."""
        return os.path.realpath(sys.prefix) == os.path.realpath(self.folder)

    def is_executable(self) -> bool:
        """True where this user may run the interpreter, which may lie in a closed folder."""
        return os.access(self.python, os.X_OK)

    def is_writable(self) -> bool:
        """True where this user may mend the environment."""
        return os.access(self.folder, os.W_OK)

    def fingerprint(self) -> str:
        """Digest of everything the installation follows from."""
        import hashlib

        digest = hashlib.sha256()
        sources = [os.path.join(self.clone, name) for name in ("pyproject.toml", *LOCKS.values())]
        for path in (*sources, os.path.join(self.folder, "pyvenv.cfg")):
            try:
                with open(path, "rb") as file:
                    content = file.read()
            except OSError:
                content = b""
            digest.update(b"%d\n" % len(content))
            digest.update(content)
        return digest.hexdigest()

    def stamped(self) -> tuple[str, str, tuple[str, ...]]:
        """Folder, fingerprint and groups that the stamp names; empty without a stamp."""
        try:
            with open(self.stamp, encoding="utf-8", errors="surrogateescape") as file:
                folder, digest, groups = file.read().split("\n")[:3]
        except (OSError, ValueError):
            return "", "", ()
        return folder, digest, tuple(groups.split())

    def is_current(self, group: str) -> bool:
        """True where the packages of `group` are installed as the lock files say now."""
        folder, digest, groups = self.stamped()
        return group in groups and folder == self.folder and digest == self.fingerprint()

    def write_stamp(self, groups: tuple[str, ...]) -> None:
        """Declare `groups` installed; in one step, so that no reader sees half a stamp."""
        unfinished = self.stamp + ".new"
        with open(unfinished, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(f"{self.folder}\n{self.fingerprint()}\n{' '.join(groups)}\n")
        os.replace(unfinished, self.stamp)

    def shortcomings(self, group: str) -> tuple[str, ...]:
        """What `group` lacks, seen from outside by the metadata in site-packages."""
        return shortcomings(TEST if group == "test" else RUN, installed_versions(self._packages()))

    def _packages(self) -> list[str]:
        if os.name == "nt":
            return [os.path.join(self.folder, "Lib", "site-packages")]
        library = os.path.join(self.folder, "lib")
        try:
            versions = os.listdir(library)
        except OSError:
            return []
        return [os.path.join(library, version, "site-packages") for version in versions]


def find_clone() -> str | None:
    """The folder that holds this package and its pyproject.toml; None for an installed wheel."""
    folder = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
    is_clone = all(
        os.path.exists(os.path.join(folder, name)) for name in ("pyproject.toml", LOCKS["run"])
    )
    return folder if is_clone else None
